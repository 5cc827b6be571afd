"""One leads and the others' play heads are where the leader's is: measured in the pages, against one clock."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from math import inf
from statistics import median

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, PageErrors
from tests.browser.earmark import Earmark, wait_until
from tests.services.cable import Cable
from tests.services.waiting import until

APART = 0.05
"""Seconds: further apart and two rooms are heard as two."""

IN_A_ROW, LONGEST = 3, 20
"""Measurements, each of a second."""

BEGIN_READING = """() => {
  const audio = document.querySelector("audio");
  const readings = [];
  const read = (done) => {
    readings.push([performance.timeOrigin + performance.now(), audio.currentTime, audio.paused]);
    if (readings.length < 40) setTimeout(read, 25, done);
    else done(readings);
  };
  window.readings = new Promise(read);
}"""


@pytest.fixture(autouse=True)
def steps_out_afterwards(page_errors: PageErrors) -> None:
    page_errors.allow("ERR_|WebSocket connection|Failed to fetch")


def lead(page: Page) -> None:
    page.get_by_role("button", name="Listen together").click()
    expect(page.locator(".together-line")).to_contain_text("You lead")


def join(page: Page) -> None:
    page.get_by_role("button", name="Join and listen").click()
    expect(page.locator(".together-line")).to_contain_text("you hear the same second")


def play(page: Page) -> None:
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, "document.querySelector('audio').currentTime > 0.2")


def spread(pages: list[Page]) -> float:
    """How far the heads are apart, in seconds, in the same second of the wall clock: the median of 40 readings each."""
    for page in pages:
        page.evaluate(BEGIN_READING)
    starts = [start_of_song(page.evaluate("window.readings")) for page in pages]
    return max(starts) - min(starts) if inf not in starts else inf


def start_of_song(readings: list[tuple[float, float, bool]]) -> float:
    """When the song would have begun, by where a page's head is now; never where the music stands still."""
    if any(paused for _, _, paused in readings):
        return inf
    return median(moment / 1000 - at for moment, at, _ in readings)


def in_step(pages: list[Page], what: str) -> None:
    """They find one another, and stay together: a machine that is busy elsewhere may hold a page up for a moment,
    so it is one second after the other that counts, and not the first."""
    measured: list[float] = []
    while len(measured) < LONGEST and not stayed(measured):
        far_from_the_end(pages[0])
        measured.append(spread(pages))
    print(f"{what}: {[round(each * 1000, 1) for each in measured]} ms apart")
    assert stayed(measured), f"{what}: {measured} s apart"


def stayed(measured: list[float]) -> bool:
    return len(measured) >= IN_A_ROW and max(measured[-IN_A_ROW:]) < APART


def stopped_apart(pages: list[Page]) -> float:
    stopped = [float(page.evaluate("document.querySelector('audio').currentTime")) for page in pages]
    return max(stopped) - min(stopped)


def far_from_the_end(leader: Page) -> None:
    """The song is short, and a busy machine takes its time."""
    if leader.evaluate("document.querySelector('audio').currentTime") > 10:
        jump(leader, 1)


def jump(page: Page, at: float) -> None:
    page.evaluate(f"document.querySelector('song-player').seek({at})")


def go_on(page: Page, at: float) -> None:
    """From there, also where the song came to its end: on a busy machine a page takes longer to open than it lasts."""
    over = page.evaluate("document.querySelector('audio').paused")
    jump(page, at)
    if over:
        play(page)


@pytest.fixture
def room(earmark: Earmark, new_page: NewPage) -> Iterator[Callable[[str], Page]]:
    """Call it with a name for a listener's page; in the end everybody steps out, so that nothing goes on."""
    opened: list[Page] = []

    def enter(name: str) -> Page:
        page = new_page()
        opened.append(earmark.artist(page) if name == "Ada" else earmark.listener(page, name))
        return page

    yield enter
    for page in reversed(opened):
        with suppress(Exception):
            page.close()


def test_play_jump_version_and_a_late_joiner_are_in_step(room: Callable[[str], Page]) -> None:
    ada, gil = room("Ada"), room("Gil")
    lead(ada)
    join(gil)
    play(ada)
    in_step([ada, gil], "after play")

    jump(ada, 5)
    in_step([ada, gil], "after a jump")

    jump(ada, 1)
    late = room("Una")
    go_on(ada, 3)
    expect(late.locator(".together-line")).to_contain_text("Ada leads")
    join(late)
    in_step([ada, gil, late], "with a late joiner")

    jump(ada, 1)
    ada.keyboard.press("1")
    for page in (gil, late):
        expect(page.locator(".version-pill[aria-current]")).to_contain_text("v1")
    in_step([ada, gil, late], "after a change of version")

    ada.get_by_role("button", name="Pause").click()
    for page in (gil, late):
        wait_until(page, "document.querySelector('audio').paused")
    until(lambda: stopped_apart([ada, gil, late]) < APART)


def test_a_cut_network_does_not_bring_them_apart(
    earmark: Earmark, room: Callable[[str], Page], new_page: NewPage, new_cable: Callable[[int], Cable]
) -> None:
    cable = new_cable(earmark.server.port)
    ada = room("Ada")
    gil = earmark.listener(new_page(), "Gil", at=cable.url)
    gil.evaluate("fetch(document.querySelector('audio').src).then((whole) => whole.arrayBuffer())")
    lead(ada)
    join(gil)
    play(ada)
    in_step([ada, gil], "before the cut")
    jump(ada, 2)
    in_step([ada, gil], "well before the end")

    cable.cut()
    expect(gil.locator("#live-state")).to_be_visible()
    until(lambda: spread([ada, gil]) < APART, seconds=8)
    cable.heal()
    expect(gil.locator("#live-state")).to_be_hidden(timeout=30_000)
    jump(ada, 2)

    in_step([ada, gil], "after the cut")


def test_whoever_uses_the_player_steps_out_and_may_come_back(room: Callable[[str], Page]) -> None:
    ada, gil = room("Ada"), room("Gil")
    lead(ada)
    join(gil)
    play(ada)
    wait_until(gil, "!document.querySelector('audio').paused")

    gil.keyboard.press("Space")

    expect(gil.locator(".together-line")).to_contain_text("Ada leads, alone so far")
    assert gil.evaluate("document.querySelector('audio').paused")
    gil.get_by_role("button", name="Back in").click()
    in_step([ada, gil], "after coming back")


def test_another_takes_over_after_a_question(room: Callable[[str], Page]) -> None:
    ada, gil = room("Ada"), room("Gil")
    lead(ada)
    join(gil)
    gil.get_by_role("button", name="Take over").click()
    gil.get_by_role("button", name="Not now").click()
    expect(gil.locator(".together-line")).to_contain_text("Ada leads")

    gil.get_by_role("button", name="Take over").click()
    gil.locator("#take-over-dialog").get_by_role("button", name="Take over").click()

    expect(gil.locator(".together-line")).to_contain_text("You lead. One other")
    expect(ada.locator(".together-line")).to_contain_text("Gil leads")
    play(gil)
    in_step([ada, gil], "with another leader")


def test_it_is_all_there_by_keyboard_on_a_phone_and_for_axe(
    earmark: Earmark, room: Callable[[str], Page], phone: Page, axe: Callable[[Page], None]
) -> None:
    ada = room("Ada")
    earmark.listener(phone, "Gil")
    ada.keyboard.press("t")
    expect(ada.locator(".together-line")).to_contain_text("You lead")
    axe(ada)
    join_button = phone.get_by_role("button", name="Join and listen")
    axe(phone)
    box = join_button.bounding_box()
    assert box is not None and box["height"] >= 44 and box["y"] + box["height"] < 844
    join_button.tap()
    expect(phone.locator(".together-line")).to_contain_text("Ada leads")
    for button in phone.locator(".together button:visible").all():
        assert (button.bounding_box() or {"height": 0})["height"] >= 44
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    axe(phone)
    ada.keyboard.press("t")
    expect(phone.locator(".together-line")).to_contain_text("You lead")
