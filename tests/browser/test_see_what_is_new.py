"""What is new is marked and counted, and read once it was on the screen, here and on the other device."""

from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.earmark import Earmark, hold_toast, read_all, until_on, wait_until


@pytest.fixture
def guest(earmark: Earmark, new_page: NewPage) -> Any:
    """Says something as a guest of the song, on a version."""
    page = earmark.listener(new_page(), "Hal")

    def say(body: str, at: float, version: int = -1, **more: Any) -> dict[str, Any]:
        address = f"{earmark.url}/api/versions/{earmark.versions[version]['id']}/comments"
        answer = page.request.post(address, data={"at": at, "body": body, "id": str(uuid4()), **more})
        assert answer.ok, answer.text()
        comment: dict[str, Any] = answer.json()
        return comment

    return say


def unread(earmark: Earmark) -> list[str]:
    items = earmark.api.get(f"/api/songs/{earmark.song}/seen").json()["unread"]
    return [each["comment"] for each in items]


def pill(page: Page, number: int) -> Any:
    return page.locator(f".stages a[data-version]:has-text('v{number}') .new-count")


def test_what_comes_onto_the_screen_is_read_and_what_does_not_stays_new(
    earmark: Earmark, new_page: NewPage, guest: Any
) -> None:
    read_all(earmark)
    shown = guest("On the latest", 3.0)
    elsewhere = guest("On the first", 3.0, version=0)
    # Done, so that it is not carried to the latest, and read there.
    earmark.api.patch(f"/api/comments/{elsewhere['id']}", json={"done": True}).raise_for_status()
    other = earmark.artist(new_page(width=700, height=300), f"/songs/{earmark.song}?show=done")
    expect(pill(other, 2)).to_have_text("1 new")
    page = earmark.artist(new_page(width=700, height=300))

    expect(page.locator(f"#comment-{shown['id']} .new-mark").first).to_be_visible()
    page.locator(f"#comment-{shown['id']}").scroll_into_view_if_needed()
    until_on(page, lambda: unread(earmark) == [elsewhere["id"]])
    expect(page.locator(f"#comment-{shown['id']} .new-mark").first).to_be_hidden()
    expect(pill(page, 1)).to_have_text("1 new")
    expect(pill(page, 2)).to_have_count(0)
    # The other window, where neither was on the screen, was told.
    expect(pill(other, 2)).to_have_count(0)
    expect(pill(other, 1)).to_have_text("1 new")

    page.get_by_role("button", name="1 new").click()
    expect(page.locator(f"#comment-{elsewhere['id']}")).to_be_focused()
    until_on(page, lambda: unread(earmark) == [])
    expect(page.locator(".unread-bar")).to_be_hidden()


def test_below_the_edge_nothing_is_read(earmark: Earmark, new_page: NewPage, guest: Any) -> None:
    read_all(earmark)
    page = earmark.artist(new_page(width=390, height=500))
    far = guest("Far below", 23.0)
    expect(page.locator(f"#comment-{far['id']} .new-mark").first).not_to_have_attribute("hidden", "")
    page.wait_for_timeout(2500)
    assert unread(earmark) == [far["id"]]

    page.locator(f"#comment-{far['id']}").scroll_into_view_if_needed()
    until_on(page, lambda: unread(earmark) == [])


def test_all_are_marked_as_read_and_it_is_undone(earmark: Earmark, page: Page, guest: Any) -> None:
    read_all(earmark)
    earmark.artist(page, f"/songs/{earmark.song}?show=done")
    page.locator("comment-composer:defined").wait_for()
    comments = [guest(f"Number {number}", 4.0 + number) for number in range(3)]
    expect(page.locator(".next-new")).to_have_text("3 new")

    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator(".unread-bar")).to_be_hidden()
    hold_toast(page)
    until_on(page, lambda: unread(earmark) == [])

    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".next-new")).to_have_text("3 new")
    wanted = [comment["id"] for comment in comments]
    until_on(page, lambda: unread(earmark) == wanted)


def test_nothing_is_new_to_a_guest_who_has_just_come(earmark: Earmark, phone: Page, guest: Any) -> None:
    guest("Before you came", 1.0)
    earmark.listener(phone, "Una")
    expect(phone.locator("#comments article").first).to_be_attached()
    assert phone.locator(".new-mark:not([hidden]), .new-count").count() == 0
    expect(phone.locator(".unread-bar")).to_be_hidden()


def test_a_mark_far_along_the_stages_does_not_widen_a_phones_page(
    earmark: Earmark, phone: Page, guest: Any
) -> None:
    earmark.listener(phone, "Ivy")
    comment = guest("On the first", 9.0, version=0)
    earmark.api.patch(f"/api/comments/{comment['id']}", json={"done": True}).raise_for_status()
    expect(pill(phone, 1)).to_be_attached()

    wide = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


def test_the_songs_count_what_is_new_while_the_page_is_open(earmark: Earmark, page: Page, guest: Any) -> None:
    read_all(earmark)
    earmark.artist(page, "/")
    expect(page.locator(".song-new")).to_be_hidden()
    guest("News", 2.0)
    wait_until(page, "document.querySelector('.song-unread').textContent === '1'")
    expect(page.get_by_role("link", name="1 new")).to_be_visible()
    page.get_by_role("link", name="1 new").click()
    expect(page).to_have_url(earmark.address)
