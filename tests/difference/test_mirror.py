"""What holds for any two recordings: the map has no seconds twice, and looks the same from both sides."""

from functools import partial
from itertools import combinations, pairwise

import pytest

from server.difference.analysed import Analysed
from server.difference.measurements import measure_difference
from server.difference.time_map import map_time
from tests.difference.studio import Studio, decibels, mixed, play, spliced, steady

CHANGES = ("cut", "other order", "again", "louder bass")


def version(studio: Studio, change: str) -> Analysed:
    end = studio.base.duration
    if change == "cut":
        return studio.hear("cut", lambda: spliced(studio.song(), (0, 9.137), (14.411, end)))
    if change == "other order":
        return studio.hear("reordered", lambda: spliced(studio.song(), (0, 6), (12, 16), (6, 12), (16, end)))
    if change == "again":
        return studio.hear("short, again", lambda: mixed(play(steady(117), take=4)))
    return studio.hear(
        "louder bass", lambda: mixed({**studio.parts, "bass": studio.parts["bass"] * decibels(3)})
    )


def test_a_recording_against_itself_is_the_identity(studio: Studio) -> None:
    found = map_time(studio.base.traces, studio.base.traces)
    [line] = found.lines
    places = line.a_start, line.a_end, line.b_start, line.b_end
    assert places == pytest.approx((0, studio.base.duration, 0, studio.base.duration), abs=1e-3)
    assert found.confidence == 1
    difference = measure_difference(studio.base, studio.base)
    assert difference.identical
    assert difference.matched_gain_db == pytest.approx(0, abs=1e-6)
    assert difference.tone_db == pytest.approx(0, abs=1e-6)
    assert difference.places == []


@pytest.mark.parametrize("change", CHANGES)
def test_the_way_back_is_the_way_there_turned(studio: Studio, change: str) -> None:
    a, b = studio.base, version(studio, change)
    there, back = map_time(a.traces, b.traces), map_time(b.traces, a.traces)
    assert back == there.turned()
    assert (back.only_in_a, back.only_in_b) == (there.only_in_b, there.only_in_a)


@pytest.mark.parametrize("change", CHANGES)
def test_gain_and_tone_change_sign_on_the_way_back(studio: Studio, change: str) -> None:
    a, b = studio.base, version(studio, change)
    there, back = measure_difference(a, b), measure_difference(b, a)
    tolerance = 0.1 if there.time_map.shared else 0.5  # rows of the two begin at other moments
    assert back.matched_gain_db == pytest.approx(-there.matched_gain_db, abs=tolerance)
    loud = there.aligned.a.both.sum(axis=0) > 1e-4 * there.aligned.a.both.sum()
    assert back.tone_db[loud] == pytest.approx(-there.tone_db[loud], abs=tolerance)


@pytest.mark.parametrize("change", CHANGES)
def test_no_second_of_either_is_used_twice(studio: Studio, change: str) -> None:
    found = map_time(studio.base.traces, version(studio, change).traces)
    for start, end in ("a_start", "a_end"), ("b_start", "b_end"):
        lines = sorted(found.lines, key=lambda line: float(getattr(line, start)))
        assert all(getattr(after, start) >= getattr(before, end) - 1e-6 for before, after in pairwise(lines))
        assert all(0 <= getattr(line, start) < getattr(line, end) for line in lines)


def test_what_is_kept_of_a_recording_comes_back_whole_and_small(studio: Studio) -> None:
    traces = studio.base.traces
    content = traces.to_bytes()
    again = type(traces).from_bytes(content)
    assert again.to_bytes() == content
    assert map_time(again, traces).confidence == 1
    kept = len(content) + len(studio.base.analysis.features.to_bytes())
    assert kept / traces.duration * 60 < 130_000


def test_related_versions_are_surer_than_any_two_strangers(studio: Studio) -> None:
    related = [map_time(studio.base.traces, version(studio, change).traces).confidence for change in CHANGES]
    strangers = []
    for song in (31, 32, 33):
        parts = play(steady(88 + song), song=song, beats=40)
        strangers.append(studio.hear(f"stranger {song}", partial(mixed, parts)))
    foreign = [map_time(a.traces, b.traces).confidence for a, b in combinations(strangers, 2)]
    assert min(related) >= 0.6
    assert max(foreign) <= 0.3
