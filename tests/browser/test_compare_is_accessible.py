"""axe-core finds nothing serious on the compare page with all of it on show, nor on the story; nothing scrolls
sideways, and what is touched is large enough."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.earmark import Earmark
from tests.browser.two_mixes import TwoMixes, two_mixes

Axe = Callable[[Page], None]
looks = pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, False), (1440, True), (390, True)])
SMALL = """() => [...document.querySelectorAll("button, select, summary, .pill")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest("header"))
    .map((each) => [each.textContent.trim().slice(0, 30), each.getBoundingClientRect().height])
    .filter(([, height]) => height < 43.5)"""


@pytest.fixture(scope="module")
def mixes(earmark: Earmark) -> Iterator[TwoMixes]:
    yield two_mixes(earmark)


def check(page: Page, axe: Axe) -> None:
    axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"


@looks
def test_the_compare_page_and_the_story(
    earmark: Earmark, new_page: NewPage, axe: Axe, mixes: TwoMixes, width: int, dark: bool
) -> None:
    page = new_page(width=width, dark=dark, reduced_motion="reduce")
    earmark.artist(page, mixes.address)
    expect(page.locator("body.is-compared")).to_be_attached(timeout=60_000)
    for words in ("where the music went", "more and less", "What to listen for"):
        page.locator("summary", has_text=words).click()
    page.locator(".finding-go", has_text="taken out").click()
    expect(page.locator("#clear-range")).to_be_visible()
    check(page, axe)
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_be_visible()
    check(page, axe)
    page.keyboard.press("Escape")
    page.locator("#blind-test").click()
    expect(page.locator("#blind-dialog")).to_be_visible()
    check(page, axe)
    page.goto(f"{earmark.url}/songs/{mixes.song}/story")
    expect(page.locator(".story-change")).to_have_count(1, timeout=60_000)
    check(page, axe)


def test_fingers_find_everything(earmark: Earmark, phone: Page, mixes: TwoMixes) -> None:
    earmark.artist(phone, mixes.address)
    expect(phone.locator("body.is-compared")).to_be_attached(timeout=60_000)
    phone.locator("summary", has_text="where the music went").click()
    assert phone.evaluate(SMALL) == []
