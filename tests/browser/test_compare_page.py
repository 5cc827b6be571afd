"""The compare page by hand: what it shows, and that every part of it can be reached."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NewPage
from tests.browser.earmark import Earmark, live, wait_until
from tests.browser.two_mixes import CUT, LEAD_IN, TwoMixes, add_mix, two_mixes
from tests.difference.studio import RATE, equalised
from tests.services.waiting import until

MUSIC = "Position in the music"


@pytest.fixture(scope="module")
def mixes(earmark: Earmark) -> Iterator[TwoMixes]:
    """And a third one, a mix with less low end, which the second is not compared with yet."""
    mixes = two_mixes(earmark)
    third = np.asarray(equalised(mixes.b, 80.0, -6.0, octaves=2.0), dtype=np.float32)
    add_mix(earmark, mixes.song, third, "less boom", stage="mastering")
    yield mixes


def open_pair(earmark: Earmark, page: Page, mixes: TwoMixes, query: str = "?a=1&b=2") -> Page:
    earmark.artist(page, f"/songs/{mixes.song}/compare{query}")
    expect(page.locator("body.is-compared")).to_be_attached(timeout=60_000)
    return page


def axis(page: Page) -> dict[str, float]:
    """What the slider that spans both lanes says of itself."""
    slider = page.get_by_role("slider", name=MUSIC)
    return {name: float(slider.get_attribute(f"aria-value{name}") or 0) for name in ("now", "max")}


def test_what_was_cut_and_added_stands_in_words_and_can_be_heard(
    earmark: Earmark, page: Page, mixes: TwoMixes
) -> None:
    open_pair(earmark, page, mixes)
    assert abs(axis(page)["max"] - (len(mixes.a) / RATE + LEAD_IN)) < 1.1
    expect(page.locator(".ribbon-label")).to_have_text(["cut 4.0 s", "+2.0 s new"])

    page.get_by_text("In words: where the music went").click()
    line = page.get_by_role("button", name=re.compile("4.0 s were cut at 0:12 of A"))
    line.click()
    expect(page.get_by_role("slider", name="Start of the range")).to_be_visible()
    start, end = (
        float(page.get_by_role("slider", name=f"{edge} of the range").get_attribute("aria-valuenow") or 0)
        for edge in ("Start", "End")
    )
    assert abs(start - (CUT[0] + LEAD_IN - 3)) < 0.2
    assert abs(end - (CUT[1] + LEAD_IN + 3)) < 0.2


def test_the_picture_can_be_read_without_seeing_it(earmark: Earmark, page: Page, mixes: TwoMixes) -> None:
    open_pair(earmark, page, mixes, "?a=2&b=3")
    described = page.get_by_role("img", name=re.compile("More and less"))
    expect(described).to_have_attribute("aria-label", re.compile(r"low end: less from 0:0"))
    page.get_by_text("In words: more and less").click()
    expect(page.locator("#picture-words")).to_contain_text(re.compile("low end.*less 0:0"))


def test_a_finding_loops_in_both_and_lights_up(earmark: Earmark, page: Page, mixes: TwoMixes) -> None:
    open_pair(earmark, page, mixes, "?a=1&b=2&stage=editing")
    finding = page.locator("#findings").get_by_role("button", name=re.compile("taken out")).first
    finding.click()
    expect(finding).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_text("Loading the sound…")).to_be_hidden()
    page.keyboard.press("x")
    expect(page.locator("#lanes")).to_have_attribute("data-side", "b")
    expect(page.get_by_role("button", name=re.compile("Switch to v1. You hear v2."))).to_be_visible()
    finding.click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_each_stage_has_findings_of_its_own(earmark: Earmark, page: Page, mixes: TwoMixes) -> None:
    open_pair(earmark, page, mixes)
    lenses = page.get_by_role("group", name="What changed, as which stage hears it")
    expect(lenses.get_by_role("button", name="Mixing")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("heading", name="What changed, as a mix")).to_be_visible()
    lenses.get_by_role("button", name="Distribution").click()
    expect(page.get_by_role("heading", name="What changed, as a release")).to_be_visible()
    expect(page).to_have_url(re.compile("stage=distribution"))
    expect(page.locator("#findings li").first).to_be_visible()
    page.reload()
    expect(lenses.get_by_role("button", name="Distribution")).to_have_attribute("aria-pressed", "true")


def test_sides_are_swapped_and_any_two_are_compared(earmark: Earmark, page: Page, mixes: TwoMixes) -> None:
    open_pair(earmark, page, mixes)
    page.get_by_role("button", name="Swap A and B").click()
    expect(page).to_have_url(re.compile(r"a=2&b=1"))
    expect(page.locator(".ribbon-label")).to_have_text(["+4.0 s new", "cut 2.0 s"], timeout=60_000)
    page.get_by_label("Version B").select_option("3")
    expect(page).to_have_url(re.compile(r"a=2&b=3&stage=mastering"))
    expect(page.get_by_text("B · v3 Mastering")).to_be_visible(timeout=60_000)
    page.go_back()
    expect(page).to_have_url(re.compile(r"a=2&b=1"))
    expect(page.get_by_text("B · v1 Mixing")).to_be_visible(timeout=60_000)


def test_without_numbers_the_latest_is_compared_with_the_one_before(
    earmark: Earmark, page: Page, mixes: TwoMixes
) -> None:
    open_pair(earmark, page, mixes, "")
    expect(page.get_by_label("Version A")).to_have_value("2")
    expect(page.get_by_label("Version B")).to_have_value("3")


def test_all_lanes_zoom_and_scroll_together(earmark: Earmark, page: Page, mixes: TwoMixes) -> None:
    """The time scale, the ribbon and the lanes hang on one view: a mark in each moves as far."""
    open_pair(earmark, page, mixes)
    wait_until(page, "document.querySelectorAll('.waveform-tick').length > 2")
    cut = page.locator(".ribbon-cut")
    before = _left(cut)
    for _ in range(3):
        page.get_by_role("button", name="Look closer").click()
    page.locator(".lanes-scroller").evaluate("(lanes) => lanes.scrollTo(lanes.scrollWidth * 0.47, 0)")
    expect(page.locator(".waveform-tick", has_text="0:12.0")).to_be_visible()
    wait_until(page, f"document.querySelector('.ribbon-cut').getBoundingClientRect().left != {before}")
    tick = page.locator(".waveform-tick", has_text="0:12.0")
    until(lambda: abs(_left(cut) - _left(tick, middle=True)) < 4)


def test_one_can_look_closer_before_the_waveforms_are_there(
    earmark: Earmark, page: Page, mixes: TwoMixes
) -> None:
    held = list[Route]()
    page.route("**/waveform.dat*", lambda route: held.append(route))
    open_pair(earmark, page, mixes)
    page.keyboard.press("+")
    expect(page.locator("#lanes.zoomed")).to_be_attached()
    for route in held:
        route.continue_()


def test_everything_can_be_done_by_keyboard(earmark: Earmark, page: Page, mixes: TwoMixes) -> None:
    open_pair(earmark, page, mixes)
    page.get_by_role("slider", name=MUSIC).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    until(lambda: axis(page)["now"] == 6)
    page.keyboard.press("n")
    expect(page.locator(".finding-go").first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Same loudness")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Escape")
    expect(page.get_by_role("slider", name="Start of the range")).to_be_hidden()
    page.keyboard.press("s")
    expect(page).to_have_url(re.compile(r"a=2&b=1"))
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_be_visible()


def test_only_what_changed_can_be_heard(earmark: Earmark, page: Page, mixes: TwoMixes) -> None:
    open_pair(earmark, page, mixes, "?a=2&b=3")
    only = page.get_by_role("button", name="Hear only what changed", exact=True)
    only.click()
    expect(page.locator("#hear-said")).to_have_text(
        re.compile(r"What changed here is \d+ dB quieter"), timeout=30_000
    )
    expect(only).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("x")
    expect(only).to_have_attribute("aria-pressed", "false")


def test_an_open_note_stands_beside_what_changed_there(earmark: Earmark, page: Page, mixes: TwoMixes) -> None:
    second = mixes.versions[1]["id"]
    body = {"at": CUT[0] + LEAD_IN, "body": "Does it jump here? <b>Bold</b>"}
    earmark.api.post(f"/api/versions/{second}/comments", json=body).raise_for_status()
    open_pair(earmark, page, mixes, "?a=1&b=2&stage=editing")

    note = page.get_by_role("link", name=re.compile("1 open note here"))
    expect(note.first).to_contain_text("Ada: “Does it jump here? <b>Bold</b>”")
    expect(note.first).to_have_attribute("href", re.compile(r"comment="))


def test_a_phone_shows_one_lane_at_a_time(earmark: Earmark, phone: Page, mixes: TwoMixes) -> None:
    open_pair(earmark, phone, mixes)
    expect(phone.locator(".lane-a")).to_be_visible()
    expect(phone.locator(".lane-b")).to_be_hidden()
    switch = phone.get_by_role("button", name=re.compile("^Switch to v2"))
    box = switch.bounding_box()
    assert box and box["height"] >= 44 and box["width"] > 120
    switch.tap()
    expect(phone.locator(".lane-b")).to_be_visible()
    expect(phone.locator(".lane-a")).to_be_hidden()


def test_a_listener_compares_what_their_link_shows(
    earmark: Earmark, new_page: NewPage, mixes: TwoMixes
) -> None:
    address = f"/api/songs/{mixes.song}/links"
    made: dict[str, Any] = earmark.api.post(address, json={"versions": "all"}).raise_for_status().json()
    page = new_page()
    page.goto(earmark.url + "/r/" + made["url"].rpartition("/r/")[2])
    page.get_by_label("Your name").fill("Hal")
    page.get_by_role("button", name="Listen").click()
    live(page)
    page.goto(earmark.url + mixes.address)
    expect(page.locator("body.is-compared")).to_be_attached(timeout=60_000)
    expect(page.get_by_role("button", name="Blind test")).to_have_count(0)


def test_one_version_says_what_to_do(earmark: Earmark, page: Page, mixes: TwoMixes) -> None:
    song = earmark.api.post("/api/songs", json={"title": "Alone"}).raise_for_status().json()["id"]
    earmark.artist(page, f"/songs/{song}/compare")
    expect(page.get_by_role("heading", name="No version yet")).to_be_visible()
    add_mix(earmark, song, mixes.a[: 8 * RATE], "first")
    expect(page.get_by_role("heading", name="Only one version so far")).to_be_visible()
    expect(page.get_by_role("link", name="Add a version")).to_be_visible()
    add_mix(earmark, song, mixes.a[: 9 * RATE], "second")
    expect(page.get_by_label("Version B")).to_have_value("2", timeout=30_000)


def test_a_comparison_that_is_being_made_is_seen_coming(
    earmark: Earmark, page: Page, mixes: TwoMixes
) -> None:
    """No worker is asked: the answers are held back, as a long song would."""
    preparing = {"status": "preparing", "comparison": {"progress": 0.4}}
    page.route("**/api/compare?*", lambda route: route.fulfill(status=202, json=preparing))
    earmark.artist(page, mixes.address)
    expect(page.locator("#making")).to_contain_text("Comparing v1 with v2… 40 %")
    page.unroute("**/api/compare?*")
    expect(page.locator("body.is-compared")).to_be_attached(timeout=60_000)
    expect(page.locator("#making")).to_be_hidden()


def test_the_story_tells_each_step(earmark: Earmark, page: Page, mixes: TwoMixes) -> None:
    earmark.artist(page, f"/songs/{mixes.song}/story")
    steps = page.locator(".story-step")
    expect(steps).to_have_count(3)
    expect(steps.nth(1)).to_contain_text("taken out", timeout=60_000)
    expect(steps.nth(1)).to_contain_text("From v1 to v2")
    steps.nth(1).get_by_role("link", name="Hear v1 against v2").click()
    expect(page).to_have_url(re.compile(r"compare\?a=1&b=2"))


def _left(locator: Any, *, middle: bool = False) -> float:
    box = locator.bounding_box()
    assert box
    return float(box["x"] + (box["width"] / 2 if middle else 0))
