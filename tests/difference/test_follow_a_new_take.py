"""Where the music was played anew, its notes decide."""

import itertools

import pytest

from server.difference.time_map import map_time
from tests.difference.studio import BEATS, Clock, Studio, mixed, play, steady, wandering
from tests.difference.truth import Truth, share_within

LONG = 64


def through(a: Clock, b: Clock, beats: int = LONG) -> Truth:
    """The same beat by two clocks."""
    places = [(a(n / 16), b(n / 16)) for n in range(16 * beats + 1)]

    def truth(time: float) -> float | None:
        for (start, low), (end, high) in itertools.pairwise(places):
            if start <= time < end:
                return low + (time - start) / (end - start) * (high - low)
        return None

    return truth


@pytest.mark.parametrize(("name", "clock"), [("faster", steady(119)), ("wandering", wandering(108))])
def test_another_take_at_another_tempo_is_followed(studio: Studio, name: str, clock: Clock) -> None:
    first = studio.hear("long", lambda: mixed(play(steady(112), beats=LONG)))
    again = studio.hear(f"again, {name}", lambda: mixed(play(clock, beats=LONG, take=2)))
    found = map_time(first.traces, again.traces)
    assert share_within(found, through(steady(112), clock), 0.05) > 0.97
    assert found.confidence >= 0.6
    assert not found.shared


def test_another_take_in_another_key_is_followed_and_the_key_is_told(studio: Studio) -> None:
    first = studio.hear("long", lambda: mixed(play(steady(112), beats=LONG)))
    clock = steady(109)
    again = studio.hear("again, higher", lambda: mixed(play(clock, beats=LONG, take=3, transpose=2)))
    found = map_time(first.traces, again.traces)
    assert found.semitones == 2
    assert share_within(found, through(steady(112), clock), 0.05) > 0.97


@pytest.mark.parametrize("song", [21, 22, 23])
def test_songs_that_have_nothing_to_do_with_each_other_are_told_so(studio: Studio, song: int) -> None:
    other = studio.hear(f"other {song}", lambda: mixed(play(steady(100 + song), song=song)))
    found = map_time(studio.base.traces, other.traces)
    assert found.confidence <= 0.3
    assert found.lines == ()
    [(start, end)] = found.only_in_a
    assert (start, end) == pytest.approx((0, studio.base.duration))


def test_silence_has_no_place_anywhere(studio: Studio) -> None:
    silent = studio.hear("silence", lambda: 0 * mixed(play(steady(112), beats=4)))
    found = map_time(studio.base.traces, silent.traces)
    assert found.lines == ()
    assert found.confidence <= 0.3


def test_the_base_song_is_as_long_as_the_tests_think(studio: Studio) -> None:
    assert studio.base.duration == pytest.approx(BEATS * 60 / 112 + 0.5, abs=0.01)
