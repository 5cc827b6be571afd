"""Where the music was played anew, its notes decide."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from server.difference.features import RATE as SIGNS_PER_SECOND
from server.difference.time_map import map_time
from tests.difference.studio import BEATS, RATE, Audio, Clock, Studio, mixed, play, spliced, steady, wandering
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


SECTION = 20  # beats, unless said otherwise
ALIKE = {172: 2, 173: 18}  # how the second section begins, and the rest of the third: beats
SONG = (71, 72, 73, 72)  # a verse, a chorus, another verse, the chorus again
ORDERS = {
    "without the second verse": (71, 72, 72),
    "with a solo": (71, 72, 74, 73, 72),
    "with four bars before": (75, *SONG),
    "with another middle": (71, 72, 76, 72),
    "with a middle of the same beat and chords at first": (71, 72, 84, 72),
}


def sections(
    order: tuple[int, ...], bpm: float, take: int
) -> tuple[Audio, dict[tuple[int, int], tuple[float, float]]]:
    """Sections one after the other, each played anew; and from where to where the n-th of each is."""
    beats = [ALIKE.get(name, SECTION) for name in order]
    song = np.zeros((round((sum(beats) * 60 / bpm + 0.5) * RATE) + 1, 2), dtype=np.float32)
    places = {}
    for number, name in enumerate(order):
        start, end = (sum(beats[:edge]) * 60 / bpm for edge in (number, number + 1))
        piece = mixed(play(steady(bpm), song=name % 100, beats=beats[number], take=take + number))
        at = round(start * RATE)
        song[at : at + len(piece)] += piece[: len(song) - at]
        places[name, order[:number].count(name)] = (start, end)
    return song, places


@pytest.mark.parametrize("name", ORDERS)
def test_what_a_new_take_left_out_or_put_in_is_told_to_a_tenth_of_a_second(studio: Studio, name: str) -> None:
    song, ours = sections(SONG, 112, take=1)
    take, theirs = sections(ORDERS[name], 118, take=31)
    first = studio.hear("sections", lambda: song)
    found = map_time(first.traces, studio.hear(f"sections, {name}", lambda: take).traces)
    gone, new = (
        [span for key, span in here.items() if key not in there]
        for here, there in ((ours, theirs), (theirs, ours))
    )
    for wanted, spans in ((gone, found.only_in_a), (new, found.only_in_b)):
        long = [span for span in spans if span[1] - span[0] > 0.5]
        assert long == [pytest.approx(span, abs=0.1) for span in wanted]


@pytest.mark.parametrize(("before", "after"), [(1.6, 0.7), (0.7, 2.9)])
def test_the_quiet_before_the_first_note_is_not_the_quiet_before_another_take(
    studio: Studio, before: float, after: float
) -> None:
    first = studio.hear(f"long after {before} s", lambda: after_noise(before, steady(112), take=0))
    again = studio.hear(f"again after {after} s", lambda: after_noise(after, steady(108), take=2))
    found = map_time(first.traces, again.traces)
    assert found.only_in_a[0] == pytest.approx((0, before), abs=0.1)
    assert found.only_in_b[0] == pytest.approx((0, after), abs=0.1)


def test_takes_that_wait_as_long_before_the_first_note_are_one_from_the_start(studio: Studio) -> None:
    first = studio.hear("long after 1.6 s", lambda: after_noise(1.6, steady(112), take=0))
    again = studio.hear("again after 1.66 s", lambda: after_noise(1.6 * 112 / 108, steady(108), take=2))
    found = map_time(first.traces, again.traces)
    assert found.b_at(0.3) == pytest.approx(0.3 * 112 / 108, abs=0.1)


def after_noise(seconds: float, clock: Clock, *, take: int) -> Audio:
    """A quiet room before the first note, and under the music too."""
    song = np.pad(mixed(play(clock, beats=LONG, take=take)), ((round(seconds * RATE), 0), (0, 0)))
    noise = np.random.default_rng(round(1000 * seconds)).standard_normal(song.shape)
    return np.asarray(song + 10 ** (-60 / 20) * noise, dtype=np.float32)


@pytest.mark.parametrize("part", ["lead", "chords"])
def test_a_part_that_waits_for_its_entry_is_followed_from_there(studio: Studio, part: str) -> None:
    first = studio.hear(f"{part} after 30 s", lambda: after_an_offset(30, steady(108), part, take=0))
    again = studio.hear(f"{part} after 24 s", lambda: after_an_offset(24, steady(112), part, take=3))
    found = map_time(first.traces, again.traces)
    played = through(steady(108), steady(112))

    def truth(time: float) -> float | None:
        place = played(time - 30)
        return None if place is None else 24 + place

    assert share_within(found, truth, 0.05) > 0.97
    assert not found.shared


def after_an_offset(seconds: float, clock: Clock, part: str, *, take: int) -> Audio:
    """A channel that is open before anybody plays: its converter gives the last bit or not, no sound."""
    rng = np.random.default_rng(5)
    open_channel = np.where(rng.random((round(seconds * RATE), 1)) < 0.97, np.float32(-3e-4), 0)
    return np.concatenate((open_channel.repeat(2, axis=1), play(clock, beats=LONG, take=take)[part])).astype(
        np.float32
    )


@pytest.mark.parametrize("bars_left_out", [1.4, 1.6])
def test_of_loops_that_are_copies_those_are_left_out_that_leave_both_to_end_together(
    studio: Studio, bars_left_out: float
) -> None:
    intro = mixed(play(steady(108), song=7, beats=24))[: round(24 * 60 / 108 * RATE)]
    loop = mixed(play(steady(108), song=8, beats=16))[: round(16 * 60 / 108 * RATE)]
    bar = len(loop) / RATE
    whole = np.concatenate((intro, *[loop] * 5))
    start, end = len(intro) / RATE + 0.7 * bar, len(whole) / RATE
    cut = spliced(whole, (0, start), (start + bars_left_out * bar, end))
    loops = studio.hear("loops", lambda: whole)
    faster = np.arange(0, len(cut) - 1, 1.05)
    again = np.stack([np.interp(faster, np.arange(len(cut)), side) for side in cut.T], axis=1)
    found = map_time(loops.traces, studio.hear(f"without {bars_left_out}", lambda: again).traces)

    def truth(time: float) -> float | None:
        if time < start:
            return time / 1.05
        return (time - bars_left_out * bar) / 1.05 if time > start + bars_left_out * bar else None

    assert share_within(found, truth, 0.05) > 0.97


def test_of_a_section_played_once_more_the_first_is_the_one_that_was_there(studio: Studio) -> None:
    song, _ = sections(SONG, 112, take=1)
    take, places = sections((71, 72, 72, 73, 72), 118, take=61)
    first = studio.hear("sections", lambda: song)
    found = map_time(first.traces, studio.hear("sections, again", lambda: take).traces)
    [again] = [span for span in found.only_in_b if span[1] - span[0] > 0.5]
    assert again == pytest.approx(places[72, 1], abs=0.25)


def test_a_second_time_that_was_left_out_ends_where_it_ended_though_what_follows_begins_alike(
    studio: Studio,
) -> None:
    song, places = sections((71, 72, 72, 172, 173), 112, take=1)
    take, _ = sections((71, 72, 172, 173), 118, take=31)
    first = studio.hear("twice, and alike", lambda: song)
    found = map_time(first.traces, studio.hear("once, and alike", lambda: take).traces)
    [gone] = [span for span in found.only_in_a if span[1] - span[0] > 0.5]
    assert gone == pytest.approx(places[72, 1], abs=0.1)


@pytest.mark.parametrize("song", [1, 4])
@pytest.mark.parametrize(("start", "end"), [(8.05, 22.4), (14.6, 24.9)])
def test_some_seconds_played_once_more_begin_where_the_seam_is_though_no_bar_begins_there(
    studio: Studio, song: int, start: float, end: float
) -> None:
    """What leads to the seam fits the second time as well as the first: only the longer one goes over it."""
    first = studio.hear(f"song {song}", lambda: mixed(play(steady(112), song=song, beats=LONG)))
    again = mixed(play(steady(118), song=song, beats=LONG, take=5))
    longer = spliced(again, (0, end), (start, len(again) / RATE))
    found = map_time(first.traces, studio.hear(f"song {song}, {start} again", lambda: longer).traces)
    [new] = [span for span in found.only_in_b if span[1] - span[0] > 0.5]
    assert new == pytest.approx((end, 2 * end - start), abs=0.08)


@pytest.mark.parametrize("beside", [-0.24, 0.2, 0.33])
def test_a_cut_nearly_as_long_as_what_is_played_twice_is_told_from_a_stumble(
    studio: Studio, beside: float
) -> None:
    """On its way to the wrong one of two alike passages a take would have to leap by a part of a beat."""
    song, places = sections((71, 72, 72, 73), 112, take=1)
    again, _ = sections((71, 72, 72, 73), 118, take=31)
    start = places[72, 0][0] + 3.1
    end = start + SECTION * 60 / 112 + beside
    cut = spliced(again, (0, start * 112 / 118), (end * 112 / 118, len(again) / RATE))
    first = studio.hear("twice", lambda: song)
    found = map_time(first.traces, studio.hear(f"nearly once, {beside}", lambda: cut).traces)
    [gone] = [span for span in found.only_in_a if span[1] - span[0] > 0.5]
    assert gone == pytest.approx((start, end), abs=0.15)


def test_a_last_chord_without_onsets_keeps_the_pace(studio: Studio) -> None:
    beats = 40

    def held(bpm: float, take: int) -> Audio:
        song = mixed(play(steady(bpm), beats=beats, take=take))[: round(beats * 60 / bpm * RATE)]
        time = np.arange(round(6 * 60 / bpm * RATE)) / RATE
        chord = sum(np.sin(2 * np.pi * hertz * time + take) for hertz in (196.0, 246.9, 293.7))
        return np.concatenate((song, (0.1 * np.exp(-time) * np.asarray(chord))[:, None].repeat(2, axis=1)))

    first = studio.hear("held", lambda: held(112, 1))
    again = studio.hear("held, again", lambda: held(105, 2))
    found = map_time(first.traces, again.traces)
    assert share_within(found, lambda time: time * 112 / 105, 0.05) > 0.97


@pytest.mark.parametrize(("bpm", "take"), [(105, 2), (109, 6), (116, 7), (121, 4)])
def test_under_a_last_chord_that_swells_otherwise_in_each_take_the_pace_runs_on(
    studio: Studio, bpm: float, take: int
) -> None:
    beats = 40

    def sung(bpm: float, take: int) -> Audio:
        song = mixed(play(steady(bpm), beats=beats, take=take))[: round(beats * 60 / bpm * RATE)]
        time = np.arange(round(10 * 60 / bpm * RATE)) / RATE
        notes = np.array([98.0, 147.0, 196.0, 246.9, 293.7])
        away = np.fft.rfftfreq(len(time), 1 / RATE)[:, None] / notes - 1
        real, imaginary = np.random.default_rng(take).standard_normal((2, *away.shape))
        voices = np.fft.irfft(np.exp(-((away / 0.01) ** 2)) * (real + 1j * imaginary), len(time), axis=0)
        chord = np.exp(-time / 2) * (voices / voices.std(axis=0)).sum(axis=1)
        return np.concatenate((song, (0.1 * chord)[:, None].repeat(2, axis=1)))

    first = studio.hear("sung", lambda: sung(112, 1))
    found = map_time(first.traces, studio.hear(f"sung, {take}", lambda: sung(bpm, take)).traces)
    assert share_within(found, lambda time: time * 112 / bpm, 0.05) > 0.97


@pytest.mark.parametrize(("bpm", "slower"), [(105, 1.1), (116, 1.07), (119, 0.92)])
def test_a_last_chord_that_is_held_longer_is_let_go_in_both_at_once(
    studio: Studio, bpm: float, slower: float
) -> None:
    beats, held = 40, 6

    def let_go(bpm: float, take: int, slower: float) -> Audio:
        song = mixed(play(steady(bpm), beats=beats, take=take))[: frames(beats, bpm)]
        time = np.arange(frames(held * slower, bpm)) / RATE
        chord = sum(np.sin(2 * np.pi * hertz * time + take) for hertz in (196.0, 246.9, 293.7))
        chord = 0.1 * np.exp(-time) * np.asarray(chord) * np.minimum(1, (time[-1] - time) / 0.05)
        room = 1e-4 * np.random.default_rng(take).standard_normal(len(song) + len(chord) + 2 * RATE)
        room[: len(song) + len(chord)] += np.concatenate((song[:, 0], chord))
        return room[:, None].repeat(2, axis=1).astype(np.float32)

    first = studio.hear("let go", lambda: let_go(112, 1, 1.0))
    again = studio.hear(f"let go, {bpm}", lambda: let_go(bpm, 2, slower))
    found = map_time(first.traces, again.traces)
    there = found.b_at((beats + held) * 60 / 112 - 0.05)
    assert there == pytest.approx((beats + held * slower) * 60 / bpm - 0.05, abs=0.06)


def test_a_new_take_that_keeps_some_bars_of_the_one_before_is_followed_throughout(studio: Studio) -> None:
    def frame(beat: int, bpm: float) -> int:
        return round(beat * 60 / bpm * RATE)

    song, again = (mixed(play(steady(bpm), beats=LONG, take=take)) for bpm, take in ((112, 0), (109, 2)))
    low, high = 30, 42
    kept = song[frame(low, 112) : frame(high, 112)]
    take = np.concatenate((again[: frame(low, 109)], kept, again[frame(high, 109) :]))
    first = studio.hear("long", lambda: song)
    found = map_time(first.traces, studio.hear("some bars kept", lambda: take).traces)

    def truth(time: float) -> float:
        same = min(max(0.0, time - low * 60 / 112), (high - low) * 60 / 112)
        return same + (time - same) * 112 / 109

    assert share_within(found, truth, 0.05) > 0.97


def frames(beats: float, bpm: float = 112) -> int:
    return round(beats * 60 / bpm * RATE)


@pytest.mark.parametrize("clock", [steady(112), steady(109), wandering(115)])
def test_bars_played_anew_between_others_that_are_the_same_audio_have_their_place(
    studio: Studio, clock: Clock
) -> None:
    song, again = (mixed(play(at, beats=LONG, take=take)) for at, take in ((steady(112), 0), (clock, 3)))
    low, high, until = 20, 40, 20 * 60 / 112 + clock(40) - clock(20)
    anew = again[round(clock(low) * RATE) : round(clock(high) * RATE)]
    mended = np.concatenate((song[: frames(low)], anew, song[frames(high) :]))
    first = studio.hear("long", lambda: song)
    found = map_time(first.traces, studio.hear(f"mended, {clock(1)}", lambda: mended).traces)
    anew_beats = np.linspace(low, high, 400)
    places = [low * 60 / 112 + clock(beat) - clock(low) for beat in anew_beats.tolist()]

    def truth(time: float) -> float:
        if time > high * 60 / 112:
            return time - high * 60 / 112 + until
        return time if time < low * 60 / 112 else float(np.interp(time, anew_beats * 60 / 112, places))

    assert share_within(found, truth, 0.05) > 0.98
    assert found.shared


def test_bars_of_another_song_between_others_that_are_the_same_audio_are_new(studio: Studio) -> None:
    song, other = (mixed(play(steady(112), song=number, beats=LONG)) for number in (1, 51))
    replaced = (song[: frames(20)], other[frames(20) : frames(40)], song[frames(40) :])
    first = studio.hear("long", lambda: song)
    found = map_time(first.traces, studio.hear("replaced", lambda: np.concatenate(replaced)).traces)
    span = pytest.approx((20 * 60 / 112, 40 * 60 / 112), abs=0.1)
    assert [*found.only_in_a, *found.only_in_b] == [span, span]


def test_waveforms_that_agree_faintly_where_the_notes_are_elsewhere_are_not_believed(studio: Studio) -> None:
    """As held tones of one synthesiser do; here by making the signs agree, two seconds beside the place. The rest
    agrees by half."""
    song, again = (mixed(play(steady(112), beats=LONG, take=take)) for take in (0, 3))
    mended = (song[: frames(20)], again[frames(20) : frames(40)], song[frames(40) :])
    first = studio.hear("long", lambda: song).traces
    second = studio.hear("mended, 112", lambda: np.concatenate(mended)).traces
    rng = np.random.default_rng(1)
    ours, theirs = (np.unpackbits(traces.packed_signs) for traces in (first, second))
    low, high = (round(beats * 60 / 112 * SIGNS_PER_SECOND) for beats in (20, 36))
    aside = 2 * SIGNS_PER_SECOND
    theirs ^= rng.random(len(theirs)) < 0.26
    theirs[low:high] = ours[low + aside : high + aside] ^ (rng.random(high - low) < 0.42)
    found = map_time(first, replace(second, packed_signs=np.packbits(theirs)))
    assert share_within(found, lambda time: time, 0.05) > 0.99


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
