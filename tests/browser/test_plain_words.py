"""Under "muddy" the band reads a question with what is measured there; who wrote it reads nothing of the kind."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.earmark import Earmark

Axe = Callable[[Page], None]


def write(page: Page, body: str) -> None:
    page.locator("#composer-body").fill(body)
    page.get_by_role("button", name="Post").click()
    expect(page.locator("#comments").get_by_text(body, exact=True)).to_have_count(1)
    expect(page.locator("#comments .pending")).to_have_count(0)


def test_a_hint_appears_for_the_band_as_soon_as_the_word_is_written(
    earmark: Earmark, page: Page, phone: Page
) -> None:
    earmark.artist(page)
    earmark.listener(phone, "Aunt May", "?t=7.5")

    write(phone, "a bit <b>muddy</b> here")

    hint = page.locator(".comment-hint")
    expect(hint).to_have_count(1)
    expect(hint).to_contain_text("muddy")
    expect(hint).to_contain_text("Could it be the 200 to 400 Hz region?")
    expect(hint).to_contain_text("Only the band sees this.")
    expect(page.locator("#comments article", has=hint)).to_contain_text("Aunt May")
    page.reload()
    expect(hint).to_have_count(1)
    assert phone.locator(".comment-hint").count() == 0

    mine = phone.locator("#comments article", has_text="muddy").first
    mine.get_by_role("button", name="Edit").click()
    mine.get_by_role("textbox").fill("much better now")
    mine.get_by_role("button", name="Save").click()
    expect(hint).to_have_count(0)


def test_a_reply_is_asked_about_too_and_another_version_has_its_own(earmark: Earmark, page: Page) -> None:
    comment = earmark.comment("Listen to this", at=5.0)
    earmark.comment("Too boomy for me", at=5.0, reply_to=comment["id"])
    earmark.comment("Harsh on the first mix", at=9.0, version=0)
    earmark.artist(page)

    expect(page.locator("li.reply .comment-hint")).to_contain_text("63 to 160 Hz")

    page.keyboard.press("1")
    first = page.locator("#comments article", has_text="Harsh on the first mix")
    expect(first.locator(".comment-hint")).to_contain_text("2 to 5 kHz")


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_axe_finds_nothing_in_a_hint(
    earmark: Earmark, new_page: NewPage, axe: Axe, width: int, dark: bool
) -> None:
    earmark.comment("Harsh here", at=9.0)
    page = earmark.artist(new_page(width=width, dark=dark))
    expect(page.locator(".comment-hint").first).to_be_visible()

    axe(page)
