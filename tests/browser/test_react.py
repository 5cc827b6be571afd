"""A feeling in one tap: live for everyone, taken back at once, kept without network, and told by the curve."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage, PageErrors
from tests.browser.earmark import Earmark, hold_toast, live, upload, wait_until
from tests.services.cable import Cable
from tests.services.waiting import until

Axe = Callable[[Page], None]
NewCable = Callable[[int], Cable]
CANNOT_HEAR = "Can\N{RIGHT SINGLE QUOTATION MARK}t hear it"


@pytest.fixture(autouse=True)
def fresh_version(earmark: Earmark, tmp_path: Any) -> None:
    """A version for each test, or they would see one another's taps."""
    number = len(earmark.versions) + 1
    earmark.versions.append(upload(earmark.api, earmark.song, tmp_path, number))


def tap(page: Page, label: str, at: float | None = None) -> None:
    if at is not None:
        page.evaluate(f"document.querySelector('song-player').seek({at})")
        wait_until(page, f"Math.abs(document.querySelector('song-player').time - {at}) < 0.01")
    page.get_by_role("button", name=label, exact=True).click()


def groups(page: Page) -> Locator:
    return page.get_by_role("group", name="Where people reacted").get_by_role("button")


def kept(earmark: Earmark) -> list[tuple[str, float]]:
    address = f"/api/versions/{earmark.versions[-1]['id']}/reactions"
    return [(one["kind"], one["at"]) for one in earmark.api.get(address).raise_for_status().json()["items"]]


def sent(page: Page) -> None:
    """Until nothing waits to be sent."""
    wait_until(page, "!Object.keys(localStorage).some((key) => key.startsWith('earmark.outbox'))")


def test_a_tap_rises_on_every_screen_and_is_undone_on_every_screen(
    earmark: Earmark, page: Page, phone: Page
) -> None:
    earmark.artist(page)
    earmark.listener(phone, "Aunt May", "?t=7.5")
    page.evaluate(
        """window.risen = 0; new MutationObserver((changes) =>
            changes.forEach((change) => (window.risen += change.addedNodes.length)))
            .observe(document.querySelector('.curve-rising'), { childList: true })"""
    )

    phone.get_by_role("button", name="Goosebumps").tap()
    hold_toast(phone)

    for each in (page, phone):
        expect(groups(each)).to_have_count(1)
        expect(groups(each)).to_have_attribute("aria-label", "1 goosebumps at 0:07")
    wait_until(page, "window.risen === 1")
    assert kept(earmark) == [("goosebumps", 7.5)]

    phone.get_by_role("button", name="Undo").tap()
    hold_toast(phone)

    for each in (page, phone):
        expect(groups(each)).to_have_count(0)
    phone.get_by_role("button", name="Bring it back").tap()
    for each in (page, phone):
        expect(groups(each)).to_have_count(1)
    assert kept(earmark) == [("goosebumps", 7.5)]


def test_a_nervous_thumb_is_counted_once(earmark: Earmark, page: Page) -> None:
    earmark.listener(page, "Bea")
    for _ in range(5):
        tap(page, "Love this", 5.0)
    tap(page, "Love this", 7.5)
    expect(page.locator(".toast")).to_have_count(1)
    expect(page.locator(".toast")).to_contain_text("already")
    tap(page, "Love this", 8.5)

    expect(page.locator(".toast")).to_contain_text("at 0:08")
    sent(page)
    assert kept(earmark) == [("love", 5.0), ("love", 8.5)]


def test_the_same_tap_from_two_windows_is_one_and_undoing_the_second_leaves_the_first(
    earmark: Earmark, page: Page, new_cable: NewCable, page_errors: PageErrors
) -> None:
    page_errors.allow("ERR_|WebSocket connection|Failed to fetch")
    cable = new_cable(earmark.server.port)
    earmark.listener(page, "Cy", at=cable.url)
    wait_until(page, "document.querySelector('audio').readyState >= 1")
    other = page.context.new_page()
    other.goto(page.url.replace(cable.url, earmark.url))
    live(other)
    cable.cut()

    tap(page, "Love this", 5.5)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Bring it back").wait_for()
    tap(other, "Love this", 5.0)
    sent(other)
    cable.heal()

    expect(groups(page)).to_have_attribute("aria-label", "1 love this at 0:05", timeout=30_000)
    sent(page)
    assert kept(earmark) == [("love", 5.0)]
    expect(groups(other)).to_have_count(1)


def test_taps_made_in_a_tunnel_arrive_once(
    earmark: Earmark, page: Page, new_page: NewPage, new_cable: NewCable, page_errors: PageErrors
) -> None:
    page_errors.allow("ERR_|WebSocket connection|Failed to fetch")
    cable = new_cable(earmark.server.port)
    other = earmark.artist(new_page())
    earmark.listener(page, "Eve", at=cable.url)
    wait_until(page, "document.querySelector('audio').readyState >= 1")
    cable.cut()

    tap(page, "Lost me", 4.0)
    tap(page, "Too loud", 12.0)
    tap(page, "Love this", 20.0)
    page.get_by_role("button", name="Undo").click()
    expect(groups(page)).to_have_count(2)
    assert kept(earmark) == []
    cable.heal()

    expect(groups(other)).to_have_count(2, timeout=30_000)
    sent(page)
    expect(groups(page)).to_have_count(2)
    assert kept(earmark) == [("lost-me", 4.0), ("too-loud", 12.0)]


def test_the_curve_tells_by_keyboard_what_and_who(earmark: Earmark, page: Page, phone: Page) -> None:
    earmark.listener(phone, "Fay <b>bold</b>")
    tap(phone, CANNOT_HEAR, 12.0)
    earmark.artist(page)
    tap(page, "Too loud", 12.5)
    expect(groups(page)).to_have_count(1)
    expect(page.locator(".curve-side-listeners")).to_have_text("listeners 1")
    expect(page.locator(".curve-side-band")).to_have_text("band 1")
    sent(page)

    groups(page).focus()
    page.keyboard.press("Enter")

    window = page.get_by_role("dialog", name="Reactions here")
    expect(window).to_be_focused()
    expect(window).to_contain_text(f"{CANNOT_HEAR} Fay <b>bold</b>")
    expect(window).to_contain_text("Too loud the band: Ada")
    window.get_by_role("button", name="Go to 0:10").click()
    wait_until(page, "Math.abs(document.querySelector('song-player').time - 10) < 0.01")
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()
    expect(groups(page)).to_be_focused()

    page.keyboard.press("Enter")
    window.get_by_role("button", name="Take back: Too loud").click()
    expect(groups(phone)).to_have_attribute("aria-label", f"1 {CANNOT_HEAR.lower()} at 0:12")
    expect(window).not_to_contain_text("Too loud")


def test_a_tap_on_the_curve_opens_what_is_nearest(earmark: Earmark, phone: Page) -> None:
    earmark.listener(phone, "Gus")
    tap(phone, "Love this", 6.0)
    tap(phone, "Lost me", 18.0)
    expect(groups(phone)).to_have_count(2)
    plot = phone.locator(".curve-plot")
    box = plot.bounding_box()
    assert box
    plot.tap(position={"x": box["width"] * 0.62, "y": box["height"] / 2})

    expect(phone.get_by_role("dialog", name="Reactions here")).to_contain_text("Lost me Gus")
    phone.get_by_role("heading", name="What do you hear").tap()
    expect(phone.get_by_role("dialog", name="Reactions here")).to_be_hidden()


def test_the_curve_follows_the_waveform(earmark: Earmark, page: Page) -> None:
    """A comment and a tap at the same second stay above one another, however closely one looks."""
    earmark.comment("Here", at=17.0)
    earmark.artist(page)
    tap(page, "Love this", 17.0)
    expect(groups(page)).to_have_count(1)
    view = _lies_under(page, before=[])
    for _ in range(3):
        page.get_by_role("button", name="Look closer").click()
        view = _lies_under(page, before=view)
    page.locator(".waveform-scroller").evaluate("(one) => one.scrollBy(60, 0)")
    _lies_under(page, before=view)


def _lies_under(page: Page, before: list[float]) -> list[float]:
    """Once another part of the song is on show than before: which it is."""

    def view() -> list[float] | None:
        *view, apart = page.evaluate(
            """() => {
                const box = (selector) => document.querySelector(selector).getBoundingClientRect();
                const marker = box('.waveform-marker');
                const { scrollWidth, scrollLeft } = document.querySelector('.waveform-scroller');
                return [scrollWidth, scrollLeft, marker.left + marker.width / 2 - (box('.curve-button').left + 12)];
            }"""
        )
        return view if view != before and abs(apart) < 1.5 else None

    return until(view)


def test_who_may_only_listen_sees_the_curve_and_no_buttons(earmark: Earmark, page: Page) -> None:
    address = f"/api/versions/{earmark.versions[-1]['id']}/reactions"
    earmark.api.post(address, json={"kind": "love", "at": 3}).raise_for_status()
    page.goto(earmark.url + earmark.new_link(may_comment=False))
    page.get_by_label("Your name").fill("Lou")
    page.get_by_role("button", name="Listen").click()

    expect(groups(page)).to_have_count(1)
    expect(page.get_by_role("button", name="Love this", exact=True)).to_have_count(0)


def test_where_motion_is_not_wanted_the_mark_stands_still(earmark: Earmark, new_page: NewPage) -> None:
    page = earmark.listener(new_page(reduced_motion="reduce"), "Ida")
    page.evaluate(
        """window.moving = []; new MutationObserver((changes) =>
            changes.flatMap((change) => [...change.addedNodes]).forEach((mark) =>
                requestAnimationFrame(() => window.moving.push(mark.checkVisibility() && mark.getAnimations().length))))
            .observe(document.querySelector('.curve-rising'), { childList: true })"""
    )
    tap(page, "Love this", 5.0)

    wait_until(page, "window.moving.length > 0")
    assert page.evaluate("window.moving") == [0]
    expect(page.locator(".curve-mark")).to_have_count(0)


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, False), (1440, True), (390, True)])
def test_axe_finds_nothing_in_the_open_curve(
    earmark: Earmark, new_page: NewPage, axe: Axe, width: int, dark: bool
) -> None:
    for kind, at in (("love", 3), ("too-loud", 9), ("words-unclear", 9.5)):
        address = f"/api/versions/{earmark.versions[-1]['id']}/reactions"
        earmark.api.post(address, json={"kind": kind, "at": at}).raise_for_status()
    page = earmark.listener(new_page(width=width, dark=dark), "Hal")
    tap(page, "Lost me", 9.0)
    groups(page).nth(1).click()
    expect(page.get_by_role("dialog", name="Reactions here")).to_contain_text(re.compile("Lost me Hal"))

    axe(page)

    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
