"""Comments follow the music: a second version is uploaded to a running server while people look, and what was said of
the first is found in it again. The truth is how the second was made from the first."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.earmark import Earmark, live, wait_until
from tests.browser.hearing import Recording, Sound, clock_of, place_in, recorded, wiretap
from tests.difference.studio import RATE, Audio, equalised, mixed, play, spliced, steady
from tests.services.waiting import PREPARED_WITHIN, until

LEAD, CUT_FROM, CUT_TO = 1.5, 18.0, 24.0
WHOLE = "Boomy under the verse"
IN_THE_CUT = "Lose this part?"
AFTER_THE_CUT = "Love this turn"
Axe = Callable[[Page], None]


def first_mix() -> Audio:
    return mixed(play(steady(112), beats=64))


def second_mix() -> Audio:
    """A second and a half of silence, six seconds cut out, and the low end 5 dB down."""
    softer = equalised(first_mix(), 60.0, -5.0, octaves=2)
    kept = spliced(softer, (0.0, CUT_FROM), (CUT_TO, len(softer) / RATE))
    return np.concatenate((np.zeros((round(LEAD * RATE), 2), dtype=np.float32), kept))


@dataclass(frozen=True)
class Song:
    """A song of its own, with one version and three comments of Ada's; the second version is still to come."""

    earmark: Earmark
    folder: Path
    comments: dict[str, dict[str, Any]]

    def upload(self, sound: Audio, label: str) -> dict[str, Any]:
        file = self.folder / f"{label}.flac"
        soundfile.write(file, sound, RATE)
        form = {"stage": "mixing", "label": label}
        with file.open("rb") as content:
            address = f"/api/songs/{self.earmark.song}/versions"
            answer = self.earmark.api.post(address, data=form, files={"file": content}).raise_for_status()
        version: dict[str, Any] = answer.json()
        return version

    def add_second(self) -> dict[str, Any]:
        return self.upload(second_mix(), "less boom")

    def carried(self, version: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.earmark.api.get(f"/api/versions/{version['id']}/carried").raise_for_status()
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


def begin_song(earmark: Earmark, folder: Path) -> Song:
    folder.mkdir()
    api = earmark.api
    song = api.post("/api/songs", json={"title": "Night Bus"}).raise_for_status().json()["id"]
    begun = Song(replace(earmark, song=song, versions=[]), folder, {})
    first = begun.upload(first_mix(), "mix 1")
    until(
        lambda: api.get(f"/api/versions/{first['id']}").json()["status"] == "ready", seconds=PREPARED_WITHIN
    )
    begun.earmark.versions.append(first)
    for body, at, end in ((WHOLE, 8.0, None), (IN_THE_CUT, 20.0, 23.0), (AFTER_THE_CUT, 28.0, None)):
        stretch: dict[str, Any] = {"until": end} if end else {}
        begun.comments[body] = begun.earmark.comment(body, at=at, **stretch)
    return begun


@pytest.fixture(scope="module")
def finished(earmark: Earmark, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Song]:
    """The song with both versions, compared."""
    song = begin_song(earmark, tmp_path_factory.mktemp("songs") / "finished")
    second = song.add_second()
    song.earmark.versions.append(second)
    until(lambda: all(item["place"] != "waiting" for item in song.carried(second)), seconds=90)
    yield song


def row(page: Page, body: str) -> Locator:
    return page.locator("comment-panel article", has_text=body)


def test_a_new_version_arrives_and_the_comments_come_along_live(
    earmark: Earmark, page: Page, tmp_path: Path
) -> None:
    song = begin_song(earmark, tmp_path / "song")
    song.earmark.artist(page)
    page.evaluate("window.notReloaded = true")

    second = song.add_second()
    page.get_by_role("button", name="Show it").click(timeout=60_000)

    boomy = row(page, WHOLE)
    expect(boomy).to_contain_text("from v1, same place in the music", timeout=60_000)
    expect(boomy.locator(".comment-time")).to_have_text("0:09")
    expect(boomy).to_contain_text(re.compile("low end \N{MINUS SIGN}[0-9][.][0-9] dB here"))
    expect(row(page, AFTER_THE_CUT).locator(".comment-time")).to_have_text("0:23")
    gone = page.get_by_role("region", name="That part was cut")
    expect(gone.get_by_text(IN_THE_CUT)).to_be_visible()
    expect(page.get_by_role("link", name="Open 3")).to_be_visible()
    expect(page.get_by_role("button", name="Ada at 0:09, from v1")).to_be_visible()
    assert page.evaluate("window.notReloaded") is True

    placed = {item["comment"]["body"]: item for item in song.carried(second)}
    assert placed[WHOLE]["at"] == pytest.approx(8.0 + LEAD, abs=0.1)
    assert placed[AFTER_THE_CUT]["at"] == pytest.approx(28.0 + LEAD - (CUT_TO - CUT_FROM), abs=0.1)
    assert [placed[body]["place"] for body in (WHOLE, AFTER_THE_CUT, IN_THE_CUT)] == ["found", "found", "cut"]
    turned_down = placed[WHOLE]["hear"]["before"][
        "gain_db"
    ]  # what equal loudness takes off the fuller first mix
    assert placed[WHOLE]["changed"]["amount"] == pytest.approx(-5.0 - turned_down, abs=0.5)


def test_a_comment_on_the_old_version_shows_on_the_new_one_at_once(
    finished: Song, page: Page, phone: Page
) -> None:
    finished.earmark.artist(page)
    finished.earmark.listener(phone, "Bea", "?v=1&t=12")

    phone.locator("#composer-body").fill("Where is the tambourine?")
    phone.get_by_role("button", name="Post").click()

    asked = row(page, "Where is the tambourine?")
    expect(asked).to_contain_text("from v1")
    expect(asked.locator(".comment-time")).to_have_text("0:13")
    expect(asked.get_by_role("group", name="Does v2 answer it?")).to_have_count(0)
    mine = row(phone, "Where is the tambourine?")
    mine.get_by_role("button", name="Delete").first.click()
    expect(asked).to_have_count(0)


def test_its_author_answers_and_everybody_sees_it(finished: Song, page: Page, phone: Page) -> None:
    finished.earmark.artist(page)
    finished.earmark.listener(phone, "Cy")
    ask = row(page, WHOLE).get_by_role("group", name="Does v2 answer it?")
    expect(row(phone, WHOLE).get_by_role("group", name="Does v2 answer it?")).to_have_count(0)

    ask.get_by_role("button", name="Not yet").click()

    expect(ask.get_by_role("button", name="Not yet")).to_have_attribute("aria-pressed", "true")
    expect(row(phone, WHOLE)).to_contain_text("Ada says: not yet")
    ask.get_by_role("button", name="Fixed").press("Enter")
    expect(row(phone, WHOLE)).to_contain_text("Ada says: fixed")
    expect(ask.get_by_role("button", name="Not yet")).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(row(page, WHOLE)).to_contain_text("Ada says: fixed")
    live(page)
    ask.get_by_role("button", name="Fixed").click()
    expect(row(phone, WHOLE).get_by_text("Ada says")).to_be_hidden()


def test_the_answer_is_given_without_scripts_too(finished: Song, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{finished.earmark.url}/once/{finished.earmark.database.write(finished.earmark._one_time)}")
    page.goto(f"{finished.earmark.address}?v=2")
    expect(row(page, WHOLE)).to_contain_text("from v1, same place in the music")

    row(page, WHOLE).get_by_role("button", name="Better").click()

    expect(row(page, WHOLE)).to_contain_text("Ada says: better")
    row(page, WHOLE).get_by_role("button", name="Better").click()
    expect(row(page, WHOLE).get_by_text("Ada says")).to_be_hidden()


def test_before_and_after_are_looped_at_the_same_place(finished: Song, new_page: NewPage) -> None:
    page = new_page(bypass_csp=True)
    wiretap(page, RATE)
    finished.earmark.artist(page)
    boomy = row(page, WHOLE)

    boomy.get_by_role("button", name="Before / after").click()
    expect(boomy.get_by_role("button", name="Before, v1")).to_have_attribute("aria-pressed", "true")
    wait_until(page, "window.heard.blocks.some(({ block }) => block[0].some((sample) => sample !== 0))")
    wait_until(page, f"window.heard.context.currentTime > {clock_of(page) + 2.0}")
    pressed = clock_of(page)
    page.keyboard.press("x")
    expect(boomy.get_by_role("button", name="After, v2")).to_have_attribute("aria-pressed", "true")
    switched = clock_of(page)
    heard = recorded(page, RATE, until=switched + 3.0)
    boomy.get_by_role("button", name="Stop").click()
    expect(boomy.get_by_role("button", name="Before / after")).to_have_attribute("aria-pressed", "false")

    before, at = second_of(first_mix(), heard, (pressed - 1.1, pressed - 2.2))
    after, there = second_of(second_mix(), heard, (switched + 0.5, switched + 1.6))
    assert 6.0 <= at <= 12.0
    # Round the loop's six seconds, it is the place where the first version would be by now.
    late = (there - LEAD) - (at + after - before)
    assert abs((late + 3.0) % 6.0 - 3.0) < 0.01


def second_of(mix: Sound, heard: Recording, times: tuple[float, float]) -> tuple[float, float]:
    """When on the sound's clock a second of the mix was heard, and which: where the loop came round in one of these,
    in the other."""
    found = [(time, *place_in(mix, heard.between(time, time + 1.0), RATE)) for time in times]
    time, at, alike = max(found, key=lambda one: one[2])
    assert alike > 0.98
    return time, at


def test_playing_the_song_ends_the_loop(finished: Song, page: Page) -> None:
    finished.earmark.artist(page)
    boomy = row(page, WHOLE)
    boomy.get_by_role("button", name="Before / after").click()
    boomy.get_by_role("button", name="Stop").wait_for()

    page.get_by_role("button", name="Play", exact=True).click()

    expect(boomy.get_by_role("button", name="Before / after")).to_be_visible()
    page.get_by_role("button", name="Pause", exact=True).click()


def test_a_carried_comment_leads_to_its_place_and_to_where_it_was_written(finished: Song, page: Page) -> None:
    finished.earmark.artist(page)

    row(page, AFTER_THE_CUT).locator(".comment-time").click()
    expect(page.locator(".time-whole")).to_have_text("0:23")

    row(page, IN_THE_CUT).get_by_role("link", name="v1", exact=True).click()
    expect(page.locator(".song-version")).to_contain_text("v1")
    expect(page.locator(".time-whole")).to_have_text("0:20")
    expect(row(page, IN_THE_CUT)).not_to_contain_text("from v1")
    page.go_back()
    expect(row(page, WHOLE)).to_contain_text("from v1")


def test_marking_it_done_takes_it_off_the_list(finished: Song, page: Page) -> None:
    finished.earmark.artist(page)
    finished.earmark.versions, kept = finished.earmark.versions[:1], finished.earmark.versions
    finished.earmark.comment("Done soon", at=4.0)
    finished.earmark.versions = kept
    soon = row(page, "Done soon")
    expect(soon).to_contain_text("from v1")

    soon.get_by_role("button", name="Before / after").click()
    soon.get_by_role("button", name="After, v2").wait_for()
    soon.hover()
    soon.get_by_role("button", name="Done").click()

    expect(soon).to_have_count(0)
    page.get_by_role("link", name=re.compile("^Done")).click()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)


def test_the_ways_to_what_changed_are_there(finished: Song, page: Page, phone: Page) -> None:
    finished.earmark.artist(page)
    finished.earmark.listener(phone, "Di")
    for each in (page, phone):
        links = each.get_by_role("navigation", name="What changed")
        expect(links.get_by_role("link", name="Compare")).to_have_attribute(
            "href", re.compile(r"/compare\?a=1&b=2$")
        )
        expect(links.get_by_role("link", name="How it got here")).to_have_attribute(
            "href", re.compile("/story$")
        )


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, False), (1440, True), (390, True)])
def test_everybody_can_use_it(finished: Song, new_page: NewPage, axe: Axe, width: int, dark: bool) -> None:
    phone = {"has_touch": True, "is_mobile": True} if width < 500 else {}
    page = finished.earmark.artist(new_page(width=width, dark=dark, **phone))
    boomy = row(page, WHOLE)
    boomy.get_by_role("button", name="Better").click()
    boomy.get_by_role("button", name="Before / after").click()
    boomy.get_by_role("button", name="After, v2").wait_for()
    page.wait_for_load_state("networkidle")

    axe(page)

    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} pixels too wide"
    if width < 500:
        small = [
            box
            for box in map(Locator.bounding_box, boomy.locator(".carried button:visible").all())
            if box and box["height"] < 44
        ]
        assert small == []
    with page.expect_response("**/verdict"):  # taken back, for the tests behind this one
        boomy.get_by_role("button", name="Better").click()
    boomy.get_by_role("button", name="Stop").click()
