"""Where the band wants it, a listener hears the song once before they see what others said, and knows what is left."""

import math
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import NewPage, PageErrors
from tests.browser.earmark import SECONDS, Earmark, live, until_on, upload, wait_until


@pytest.fixture(autouse=True)
def fresh_version(earmark: Earmark, tmp_path: Any) -> None:
    """Of its own for each test, with something that Ada said."""
    earmark.versions.append(upload(earmark.api, earmark.song, tmp_path, len(earmark.versions) + 1))
    earmark.comment(f"Boomy in {len(earmark.versions)}", at=3.0)


def said(page: Page, earmark: Earmark) -> Locator:
    """What was said of this test's version; what came along from others is another matter."""
    return page.locator("article.comment").filter(has_text=f"in {len(earmark.versions)}")


def protect(earmark: Earmark, on: bool = True) -> None:
    address = f"/api/versions/{earmark.versions[-1]['id']}"
    earmark.api.patch(address, json={"first_listen_protected": on}).raise_for_status()


NEEDED = 0.9 * SECONDS
"""So much of the song is a whole listen."""


def play(page: Page, seconds: float, *, start: float) -> None:
    """So much of the song, from this second on, in real time; and it plays on."""
    wait_until(page, "document.querySelector('audio').readyState >= 1")
    page.evaluate(f"document.querySelector('song-player').seek({start})")
    page.get_by_role("button", name="Play", exact=True).click()
    reached = f"document.querySelector('song-player').time >= {start + seconds}"
    until_on(page, lambda: page.evaluate(reached), seconds=20 + 4 * seconds)


def stop(page: Page) -> float:
    """The second where it stands then."""
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    return float(page.evaluate("document.querySelector('song-player').time"))


def expect_to_go(page: Page, heard: float) -> None:
    """What the page says is left, whoever has heard so many seconds; it may have missed the first moment of them."""
    left = math.ceil(NEEDED - heard)
    expect(page.locator(".first-listen")).to_contain_text(re.compile(f"0:({left:02}|{left + 1:02}) to go"))


def test_a_listener_hears_it_once_across_a_reload_and_then_sees_what_others_said(
    earmark: Earmark, page: Page
) -> None:
    protect(earmark)
    earmark.listener(page, "Aunt May")
    expect(page.locator(".first-listen")).to_contain_text("shows after you have heard it once; 0:22 to go")
    expect(page.locator("article.comment")).to_have_count(0)
    assert "Boomy" not in page.content()

    play(page, 10.5, start=0.0)
    heard = stop(page)
    expect_to_go(page, heard)
    page.reload()
    live(page)
    expect_to_go(page, heard)
    page.evaluate("document.querySelector('song-player').seek(23)")
    wait_until(page, "document.querySelector('song-player').time === 23")
    expect_to_go(page, heard)  # a jump is not heard
    play(
        page, 14.5, start=8.0
    )  # some of it again: a page that stands still has not heard the seconds of that time

    expect(page.locator(".toast")).to_have_count(1)
    expect(page.locator(".toast")).to_contain_text("Here is what others said")
    expect(said(page, earmark)).to_have_count(1)
    expect(page.locator(".first-listen")).to_be_hidden()


def test_the_band_turns_it_on_and_off_with_a_tick_and_guests_follow(
    earmark: Earmark, page: Page, new_page: NewPage
) -> None:
    guest = earmark.listener(new_page(), "Bea")
    expect(said(guest, earmark)).to_have_count(1)
    earmark.artist(page)
    tick = page.get_by_role("checkbox", name=re.compile("Protect the first listen"))

    tick.check()
    expect(guest.locator(".first-listen")).to_be_visible()
    expect(guest.locator("article.comment")).to_have_count(0)
    expect(said(page, earmark)).to_have_count(1)
    earmark.comment(f"Another one in {len(earmark.versions)}", at=5.0)
    expect(said(page, earmark)).to_have_count(2)
    expect(guest.locator("article.comment")).to_have_count(0)

    tick.uncheck()
    expect(said(guest, earmark)).to_have_count(2)
    expect(guest.locator(".first-listen")).to_be_hidden()


def test_what_happens_meanwhile_does_not_take_the_tick_away(
    earmark: Earmark, page: Page, page_errors: PageErrors
) -> None:
    page_errors.allow("ERR_FAILED")
    earmark.artist(page)
    tick = page.get_by_role("checkbox", name=re.compile("Protect the first listen"))
    held: list[Route] = []
    page.route(
        "**/api/versions/*", lambda route: held.append(route) if is_change(route) else route.fallback()
    )
    tick.check()
    until_on(page, lambda: held)

    earmark.comment(f"Meanwhile in {len(earmark.versions)}", at=6.0)
    expect(said(page, earmark)).to_have_count(2)

    expect(tick).to_be_checked()
    held[0].abort()
    expect(page.locator(".toast")).to_contain_text("no connection")
    expect(tick).not_to_be_checked()


def is_change(route: Route) -> bool:
    return route.request.method == "PATCH"


def test_who_has_heard_it_in_one_window_sees_it_in_the_other(earmark: Earmark, page: Page) -> None:
    protect(earmark)
    earmark.listener(page, "Cy")
    other = page.context.new_page()
    other.goto(page.url)
    live(other)
    expect(other.locator(".first-listen")).to_be_visible()
    heard = page.evaluate(
        f"""fetch("/api/versions/{earmark.versions[-1]["id"]}/heard", {{ method: "POST",
            headers: {{ "content-type": "application/json" }}, body: JSON.stringify({{ parts: [[0, 24]] }}) }})
            .then((answer) => answer.json())"""
    )

    assert heard["waits"] is False
    for each in (page, other):
        expect(said(each, earmark)).to_have_count(1)
        expect(each.locator(".first-listen")).to_be_hidden()
