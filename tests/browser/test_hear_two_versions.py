"""Switching between two versions on the compare page, listened to: what reaches the loudspeaker is recorded."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import NewPage
from tests.browser.earmark import Earmark, until_on, wait_until
from tests.browser.hearing import Recording, clock_of, place_in, recorded
from tests.browser.two_mixes import CUT, GAIN_DB, LEAD_IN, TwoMixes, compared, has_pilot, two_mixes
from tests.difference.studio import RATE

WINDOW = 0.4
SLOW = 2.0
"""Seconds that a bad line takes for the clips of a range."""


@pytest.fixture(scope="module")
def mixes(earmark: Earmark) -> Iterator[TwoMixes]:
    yield two_mixes(earmark)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """Our policy would refuse the recorder's script."""
    return new_page(bypass_csp=True)


def drag(page: Page, mixes: TwoMixes, start: float, end: float) -> None:
    """Over the lanes, between two seconds of A: on their axis B's lead-in comes first."""
    box = page.get_by_role("slider", name="Position in the music").bounding_box()
    assert box
    length = len(mixes.a) / RATE + LEAD_IN
    first, last = (box["x"] + box["width"] * (LEAD_IN + second) / length for second in (start, end))
    page.mouse.move(first, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(last, box["y"] + 60, steps=8)
    page.mouse.up()


def play(page: Page) -> None:
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, "window.heard.blocks.some(({ block }) => block[0].some((sample) => sample !== 0))")


def heard_by(page: Page, seconds: float) -> float:
    """The sound's clock, that much later."""
    later = clock_of(page) + seconds
    wait_until(page, f"window.heard.context.currentTime >= {later}")
    return later


def goes_over(page: Page) -> None:
    """Until B is what is heard."""
    expect(page.locator("#lanes")).to_have_attribute("data-side", "b")
    expect(page.get_by_text("Loading the sound")).to_be_hidden(timeout=20_000)


@dataclass(frozen=True)
class Window:
    """A piece of what was heard: when, which second of A it is, how loud against A, and whether B played it."""

    clock: float
    second: float
    level_db: float
    of_b: bool


def places(
    recording: Recording,
    mixes: TwoMixes,
    start: float,
    end: float,
    within: tuple[float, float],
    alike: float = 0.985,
) -> list[Window]:
    """What sounded between two times of the sound's clock, looked for in some seconds of A; where a loop comes round,
    nothing."""
    found = []
    for at in np.arange(start, end - WINDOW, 0.1):
        piece = recording.between(at, at + WINDOW)
        second, likeness = place_in(mixes.a, piece, RATE, within)
        if likeness > alike:
            there = mixes.a[round(second * RATE) :][: len(piece)]
            level_db = 10 * np.log10(np.sum(piece**2) / np.sum(there**2))
            found.append(Window(float(at), second, float(level_db), has_pilot(piece)))
    return found


def steps(found: list[Window], loop: float) -> NDArray[np.float64]:
    """How far each window is from where the first says it should be, in seconds, within a loop."""
    lag = np.array([window.second - window.clock for window in found])
    return np.asarray(np.abs((lag - lag[0] + loop / 2) % loop - loop / 2))


def level(found: list[Window], *, of_b: bool) -> float:
    """The same music, so one decibel is one LU."""
    levels = [window.level_db for window in found if window.of_b == of_b]
    assert len(levels) > 5, f"hardly anything of {'B' if of_b else 'A'} was heard"
    return float(np.median(levels))


def loop_of(page: Page) -> float:
    """Seconds, as the handles of the range say."""
    edges = [page.get_by_role("slider", name=f"{edge} of the range") for edge in ("Start", "End")]
    start, end = (float(edge.get_attribute("aria-valuenow") or 0) for edge in edges)
    return end - start


def test_a_loop_is_switched_at_the_same_place_without_a_gap_and_equally_loud(
    earmark: Earmark, page: Page, mixes: TwoMixes
) -> None:
    compared(earmark, page, mixes)
    drag(page, mixes, 3.0, 6.0)
    play(page)
    start = heard_by(page, 0.3)
    heard_by(page, 2.0)
    for side in ("b", "a", "b"):
        page.keyboard.press("x")
        expect(page.locator("#lanes")).to_have_attribute("data-side", side)
        heard_by(page, 1.0)
    end = heard_by(page, 1.0)
    recording = recorded(page, RATE, until=end)

    found = places(recording, mixes, start, end, (2.5, 6.5))
    assert len(found) > 25
    assert steps(found, loop_of(page)).max() < 0.005
    _no_gap(recording, start, end)
    assert abs(level(found, of_b=True) - level(found, of_b=False)) < 0.2


def test_without_equal_loudness_the_louder_one_is_as_loud_as_it_is(
    earmark: Earmark, page: Page, mixes: TwoMixes
) -> None:
    compared(earmark, page, mixes)
    equal = page.get_by_role("button", name="Same loudness")
    expect(equal).to_contain_text(re.compile(r"v2 .3\.0 dB"))
    expect(equal).to_have_attribute("aria-pressed", "true")
    equal.click()
    expect(equal).to_have_attribute("aria-pressed", "false")
    drag(page, mixes, 3.0, 6.0)
    play(page)
    # Each for longer than one round: where the loop comes round, nothing is recognised.
    start = heard_by(page, 3.5)
    page.keyboard.press("x")
    expect(page.locator("#lanes")).to_have_attribute("data-side", "b")
    end = heard_by(page, 3.5)

    found = places(recorded(page, RATE, until=end), mixes, start - 3.2, end, (2.5, 6.5))
    assert abs(level(found, of_b=True) - level(found, of_b=False) - GAIN_DB) < 0.2


def test_the_whole_song_goes_on_at_the_mapped_place(earmark: Earmark, page: Page, mixes: TwoMixes) -> None:
    """Behind the cut the two clocks differ: B is two seconds early, where before it was two late."""
    compared(earmark, page, mixes)
    seek(page, mixes, CUT[1] + 1.0)
    play(page)
    start = heard_by(page, 0.5)
    heard_by(page, 1.0)
    page.keyboard.press("x")
    goes_over(page)
    end = heard_by(page, 2.0)
    recording = recorded(page, RATE, until=end)

    found = places(recording, mixes, start, end, (CUT[1] - 2, 1e6))
    assert {window.of_b for window in found} == {True, False}
    assert found[0].second > CUT[1]
    assert steps(found, 1000.0).max() < 0.05
    _no_gap(recording, start, end)


def test_on_a_phone_the_small_copies_switch_at_the_same_place(
    earmark: Earmark, new_page: NewPage, mixes: TwoMixes
) -> None:
    phone = new_page(width=390, height=844, bypass_csp=True)
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url) if "/audio?" in request.url else None)
    compared(earmark, phone, mixes)
    seek(phone, mixes, CUT[1] + 1.0)
    play(phone)
    start = heard_by(phone, 1.5)
    phone.keyboard.press("x")
    goes_over(phone)
    end = heard_by(phone, 2.0)

    recording = recorded(phone, RATE, until=end)
    found = places(recording, mixes, start - 1.0, end, (CUT[1] - 2, 1e6), alike=0.95)
    assert asked
    assert all(url.endswith("as=opus") for url in asked)
    assert {window.of_b for window in found} == {True, False}
    assert steps(found, 1000.0).max() < 0.05
    _no_gap(recording, start - 1.0, end)


def test_the_music_goes_on_until_another_range_is_there(
    earmark: Earmark, page: Page, mixes: TwoMixes
) -> None:
    compared(earmark, page, mixes)
    drag(page, mixes, 3.0, 6.0)
    play(page)
    start = heard_by(page, 0.5)
    page.route("**/clip?*", slowly)
    arrived: list[Request] = []
    page.on("requestfinished", lambda request: arrived.append(request) if "/clip?" in request.url else None)
    drag(page, mixes, 8.5, 11.0)
    until_on(page, lambda: len(arrived) == 2)
    end = heard_by(page, 3.0)
    recording = recorded(page, RATE, until=end)

    _no_gap(recording, start, end)
    assert len(places(recording, mixes, start + 0.5, start + SLOW, (2.5, 6.5))) > 3
    assert len(places(recording, mixes, end - 2.2, end, (8.0, 11.5))) > 3


def slowly(route: Route) -> None:
    time.sleep(SLOW / 2)  # for each of the two sides
    route.continue_()


def seek(page: Page, mixes: TwoMixes, second: float) -> None:
    slider = page.get_by_role("slider", name="Position in the music")
    box = slider.bounding_box()
    assert box
    length = len(mixes.a) / RATE + LEAD_IN
    slider.click(position={"x": box["width"] * (LEAD_IN + second) / length, "y": 60})


def _no_gap(recording: Recording, start: float, end: float) -> None:
    """Nowhere ten milliseconds of nothing: the song's own pauses are shorter."""
    sound = recording.between(start, end)
    blocks = np.abs(sound[: len(sound) // 441 * 441, 0]).reshape(-1, 441).max(axis=1)
    assert blocks.min() > 1e-4
