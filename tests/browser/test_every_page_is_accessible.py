"""axe-core finds nothing serious on any page, small and large, light and dark; nothing scrolls sideways; and each page
has one title to go to, before the styles are there too."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.blind import address, blind_test, sine_and_noise
from tests.browser.conftest import NewPage, PageErrors
from tests.browser.earmark import Earmark
from tests.browser.every_page import PAGES, SELDOM_SEEN, Places, places_on

SIGNED_IN = (
    "/",
    "/songs/{song}",
    "/songs/{song}?v=1&t=5&show=done",
    "/songs/{song}/versions/new",
    "/songs/{song}/links",
    "/songs/{song}/compare",
    "/songs/{song}/story",
    "/bands/{band}",
    "/account",
    "/songs/00000000-0000-4000-8000-000000000000",
)
PUBLIC = ("/", "/sign-in", "/nothing-here")
looks = pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, False), (1440, True), (390, True)])
Axe = Callable[[Page], None]


def check(page: Page, axe: Axe) -> None:
    page.wait_for_load_state("networkidle")
    axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"
    expect(page.locator("h1")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


@looks
def test_pages_of_the_band(
    earmark: Earmark, new_page: NewPage, axe: Axe, page_errors: object, width: int, dark: bool
) -> None:
    page_errors.allow("status of 404")  # type: ignore[attr-defined]
    comment = earmark.comment("Boomy under the verse", at=3.0, until=6.0)
    earmark.comment("Pulling it down", at=3.0, reply_to=comment["id"])
    page = new_page(width=width, dark=dark)
    band = earmark.api.get(f"/api/songs/{earmark.song}").json()["band"]["id"]
    for path in SIGNED_IN:
        earmark.artist(page, path.format(song=earmark.song, band=band))
        check(page, axe)


@looks
def test_pages_of_a_listener(
    earmark: Earmark, new_page: NewPage, axe: Axe, page_errors: object, width: int, dark: bool
) -> None:
    page_errors.allow("status of 404")  # type: ignore[attr-defined]
    page = new_page(width=width, dark=dark)
    for path in PUBLIC:
        page.goto(earmark.url + path)
        check(page, axe)
    page.goto(earmark.url + earmark.new_link(password="open sesame"))
    check(page, axe)
    earmark.listener(page, "Hal")
    check(page, axe)


@looks
def test_the_dialogs_of_the_review_page(
    earmark: Earmark, new_page: NewPage, axe: Axe, width: int, dark: bool
) -> None:
    page = earmark.artist(new_page(width=width, dark=dark))
    page.locator("#share").click()
    check(page, axe)
    page.get_by_role("button", name="Make the link").click()
    page.get_by_role("button", name="Copy", exact=True).wait_for()
    check(page, axe)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator("#keys-dialog").wait_for()
    check(page, axe)


@pytest.fixture(scope="module")
def places(earmark: Earmark, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    with places_on(earmark, tmp_path_factory.mktemp("places")) as found:
        yield found


@looks
def test_pages_that_are_seldom_seen(
    places: Places, new_page: NewPage, axe: Axe, page_errors: PageErrors, width: int, dark: bool
) -> None:
    page_errors.allow("status of 404")
    for name in SELDOM_SEEN:
        page = new_page(width=width, dark=dark)
        PAGES[name](places, page)
        check(page, axe)
        page.context.close()


@pytest.fixture(scope="module")
def blind(earmark: Earmark, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return blind_test(earmark, *sine_and_noise(earmark, tmp_path_factory.mktemp("blind")))


@looks
def test_a_blind_test_before_and_after_its_reveal(
    earmark: Earmark, new_page: NewPage, axe: Axe, blind: dict[str, Any], width: int, dark: bool
) -> None:
    test = blind_test(earmark, {"id": blind["a"], "number": 0}, {"id": blind["b"], "number": 0})
    page = earmark.artist(new_page(width=width, dark=dark), address(earmark, test))
    check(page, axe)
    page.locator(".blind-vote").first.click()
    page.locator("[data-side=x]").click()
    page.locator("summary", has_text="Reveal").click()
    page.locator("summary", has_text="Delete").click()
    check(page, axe)
    page.get_by_role("button", name="Reveal it to everybody").click()
    page.locator(".blind-sentence").wait_for()
    check(page, axe)
    page.get_by_role("button", name="Make a link to send").click()
    page.get_by_role("textbox", name="Send this link").wait_for()
    check(page, axe)
    page.locator("summary", has_text="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    page.get_by_role("button", name="Undo").wait_for()
    check(page, axe)
