"""At 200 % every page reads as it should: nothing scrolls sideways, nothing is cut off, nothing lies over a button.

WCAG 2.2: 1.4.4 (text at 200 %) and 1.4.10 (320 CSS pixels wide). And where motion is unwanted, nothing moves.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage, PageErrors
from tests.browser.earmark import Earmark
from tests.browser.every_page import PAGES, Places, places_on

# A window of 1440 by 900 at 200 %, and the narrowest that has to do.
SIZES = {"1440 at 200 %": (720, 450), "320": (320, 640)}
PHONE, LARGE = (390, 844), {"standard": 32, "fixed": 26}
ASK = Path(__file__).with_name("reading.js").read_text().strip()


@pytest.fixture(scope="module")
def places(earmark: Earmark, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    with places_on(earmark, tmp_path_factory.mktemp("places")) as found:
        yield found


def asked(page: Page, what: str) -> list[str]:
    found: list[str] = page.evaluate(f"() => {ASK}.{what}()")
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_when_it_is_large_and_keeps_still(
    name: str, places: Places, new_page: NewPage, page_errors: PageErrors
) -> None:
    page_errors.allow("status of 404")
    page = opened(name, places, new_page(reduced_motion="reduce"))
    assert asked(page, "moves") == []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        check(page, size)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_on_a_phone_reads_with_text_twice_as_large(
    name: str, places: Places, new_page: NewPage, page_errors: PageErrors
) -> None:
    page_errors.allow("status of 404")
    page = new_page(*PHONE)
    # As who asks their browser for larger text gets it.
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": LARGE})
    check(opened(name, places, page), "large text")


def opened(name: str, places: Places, page: Page) -> Page:
    PAGES[name](places, page)
    page.wait_for_load_state("networkidle")
    return page


def check(page: Page, size: str) -> None:
    """What is drawn anew for another size may take a busy machine a moment."""
    found = wrong(page)
    deadline = time.monotonic() + 20
    while found and time.monotonic() < deadline:
        page.wait_for_timeout(200)
        found = wrong(page)
    assert not found, "\n".join(f"{size}: {each}" for each in found)


def wrong(page: Page) -> list[str]:
    return [each for what in ("tooWide", "cut", "covered") for each in asked(page, what)]
