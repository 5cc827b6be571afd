"""The fixtures of this folder catch what they promise to catch."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage, PageErrors
from tests.browser.earmark import until_on, wait_until

GOOD = "<!doctype html><html lang=en><title>Good</title><main><h1>Good</h1><p>Text</p></main></html>"
NO_LABEL = GOOD.replace("<p>Text</p>", "<input type=text>")


def test_a_page_without_grave_faults_passes_axe(page: Page, axe: Callable[[Page], None]) -> None:
    page.set_content(GOOD)
    axe(page)


def test_axe_names_a_field_without_a_label(page: Page, axe: Callable[[Page], None]) -> None:
    page.set_content(NO_LABEL)
    with pytest.raises(AssertionError, match=r"critical: .*label[\s\S]*<input"):
        axe(page)


def test_an_error_in_a_page_is_noticed(new_page: NewPage, page_errors: PageErrors) -> None:
    page = new_page()
    page.evaluate("setTimeout(() => { throw new Error('string broke') })")
    page.evaluate("console.error('out of tune')")
    until_on(page, lambda: len(page_errors.unexpected()) >= 2)
    found = "\n".join(page_errors.unexpected())
    assert "string broke" in found
    assert "out of tune" in found
    page_errors.allow("string broke")
    page_errors.allow("out of tune")
    assert page_errors.unexpected() == []


def test_pages_differ_in_size_and_in_colour(new_page: NewPage) -> None:
    dark_phone, desktop = new_page(390, 844, dark=True, has_touch=True), new_page()
    look = "[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, navigator.maxTouchPoints > 0]"
    assert dark_phone.evaluate(look) == [390, True, True]
    assert desktop.evaluate(look) == [1440, False, False]


def test_an_offline_page_knows_it(page: Page, set_offline: Callable[[Page, bool], None]) -> None:
    set_offline(page, True)
    wait_until(page, "navigator.onLine === false")
    set_offline(page, False)
    wait_until(page, "navigator.onLine === true")
