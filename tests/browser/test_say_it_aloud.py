"""A comment is spoken in the browser: held or tapped, offline too, and played in place while the song steps back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, PageErrors
from tests.browser.earmark import Earmark, hold_toast, wait_until


@pytest.fixture
def phone(new_page: NewPage, earmark: Earmark) -> Page:
    page = new_page(width=390, height=844, has_touch=True, is_mobile=True, permissions=["microphone"])
    return earmark.listener(page, "Aunt May")


def hold(page: Page, milliseconds: int) -> None:
    button = page.locator(".talk-button")
    button.scroll_into_view_if_needed()
    button.dispatch_event("pointerdown", {"button": 0, "pointerId": 1})
    page.locator("voice-recorder.is-recording").wait_for()
    page.wait_for_timeout(milliseconds)
    button.dispatch_event("pointerup", {"button": 0, "pointerId": 1})


def test_held_and_let_go_it_stands_in_everyones_list_and_can_be_taken_back(
    phone: Page, new_page: NewPage, earmark: Earmark
) -> None:
    artist = earmark.artist(new_page())

    hold(phone, 1600)
    expect(phone.get_by_text("Your voice note is in the list.")).to_be_visible()
    hold_toast(phone)

    note = artist.locator("article", has_text="Aunt May").locator(".voice-play")
    expect(note).to_be_visible()
    phone.get_by_role("button", name="Undo").click()
    expect(artist.locator("article", has_text="Aunt May")).to_have_count(0)


def test_tapped_by_keyboard_it_records_until_the_next_tap_and_escape_throws_it_away(phone: Page) -> None:
    button = phone.locator(".talk-button")
    button.focus()
    phone.keyboard.press("Enter")
    phone.locator("voice-recorder.is-recording").wait_for()
    phone.keyboard.press("Escape")
    expect(phone.locator("voice-recorder.is-recording")).to_have_count(0)

    button.focus()
    phone.keyboard.press("Enter")
    phone.locator("voice-recorder.is-recording").wait_for()
    phone.wait_for_timeout(1300)
    phone.keyboard.press("Enter")

    expect(phone.locator("article .voice-play")).to_have_count(1)


def test_said_without_a_network_it_is_kept_and_sent_once_it_is_back(
    phone: Page, earmark: Earmark, page_errors: PageErrors
) -> None:
    page_errors.allow("ERR_INTERNET_DISCONNECTED|WebSocket")
    before = spoken(earmark)
    phone.context.set_offline(True)
    hold(phone, 1300)
    expect(phone.get_by_text("it is kept until it has arrived")).to_be_visible()

    phone.context.set_offline(False)

    expect(phone.get_by_text("Your voice note is in the list.")).to_be_visible()
    assert spoken(earmark) == before + 1


def test_while_a_voice_plays_the_song_is_quiet(phone: Page) -> None:
    hold(phone, 1800)
    phone.locator("article .voice-play").last.wait_for()
    phone.evaluate(
        """window.lowest = 1; document.querySelector('song-player audio').addEventListener('volumechange',
            ({ target }) => (window.lowest = Math.min(window.lowest, target.volume)))"""
    )
    phone.get_by_role("button", name="Play", exact=True).click()

    phone.locator("article .voice-play").last.click()

    wait_until(phone, "window.lowest < 0.5")
    wait_until(phone, "document.querySelector('song-player audio').volume === 1")


def spoken(earmark: Earmark) -> int:
    version = earmark.versions[-1]["id"]
    items = earmark.api.get(f"/api/versions/{version}/comments").raise_for_status().json()["items"]
    return sum(item["voice"] is not None for item in items)
