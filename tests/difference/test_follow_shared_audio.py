"""Where the two hold the same audio, the waveforms decide, whatever was done to it."""

import numpy as np
import pytest

from server.demo.processing.equaliser import Band
from server.demo.processing.equaliser import equalised as demo_equalised
from server.difference.measurements import measure_difference
from server.difference.time_map import TimeMap, map_time
from tests.difference.studio import (
    RATE,
    Audio,
    Studio,
    by_phone,
    decibels,
    equalised,
    loops,
    mixed,
    play,
    spliced,
    steady,
)
from tests.difference.truth import pieces, share_within, worst


def mapped(studio: Studio, name: str, made: Audio) -> TimeMap:
    return map_time(studio.base.traces, studio.hear(name, lambda: made).traces)


def test_a_head_trimmed_by_an_odd_number_of_samples_is_found_to_the_tenth_of_a_millisecond(
    studio: Studio,
) -> None:
    found = mapped(studio, "trimmed", studio.song()[7351:])
    truth = pieces((7351 / RATE, studio.base.duration, 0.0))
    assert share_within(found, truth, 0.0001) == 1
    assert found.confidence > 0.9


def test_a_remix_is_followed(studio: Studio) -> None:
    parts = studio.parts
    parts["lead"] *= decibels(-6)
    parts["drums"] = equalised(parts["drums"], 2000, 6, 2) * decibels(4)
    parts["chords"] = parts["chords"][:, ::-1] * decibels(5)
    tail = np.zeros_like(parts["lead"])
    for delay, level in ((1301, 0.4), (2903, 0.3), (5471, 0.25)):
        tail[delay:] += np.float32(level) * parts["lead"][:-delay]
    found = mapped(studio, "remix", np.sum([*parts.values(), tail], axis=0))
    assert share_within(found, lambda time: time, 0.001) > 0.99
    assert found.confidence > 0.6


def test_a_squashed_and_brightened_master_is_followed(studio: Studio) -> None:
    loud = np.tanh(equalised(studio.song(), 8000, 4, 2)[12347:] * 4)
    found = mapped(studio, "squashed", loud)
    assert share_within(found, pieces((12347 / RATE, studio.base.duration, 0.0)), 0.001) > 0.99


def test_a_lossy_copy_is_followed(studio: Studio) -> None:
    copy = studio.hear_coded("lossy", studio.song, "mp3")
    found = map_time(studio.base.traces, copy.traces)
    assert share_within(found, lambda time: time, 0.001) > 0.99


def test_a_phone_in_the_room_is_followed(studio: Studio) -> None:
    rng = np.random.default_rng(3)
    room = rng.standard_normal(RATE // 3) * np.exp(-np.arange(RATE // 3) / (0.06 * RATE)) * 0.02
    room[0] = 1
    size = 1 << 22
    wave = np.fft.irfft(np.fft.rfft(studio.song().mean(axis=1), size) * np.fft.rfft(room, size), size)
    spectrum = np.fft.rfft(wave)
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    spectrum[(hertz < 220) | (hertz > 5000)] = 0
    heard = np.fft.irfft(spectrum, size)[: len(studio.song())]
    heard = np.concatenate((np.zeros(33333), heard)) + 0.03 * heard.std() * rng.standard_normal(
        33333 + len(heard)
    )
    found = mapped(studio, "phone", np.stack((heard, heard), axis=1).astype(np.float32))
    assert share_within(found, lambda time: time + 33333 / RATE, 0.001) > 0.99
    assert found.confidence > 0.6


def test_what_sounds_elsewhere_upside_down_stays_where_the_rest_is(studio: Studio) -> None:
    song, eight = studio.song(), 8 * RATE
    crackling = song.copy()
    crackling[:eight] += 0.5 * song.std() * np.random.default_rng(8).standard_normal((eight, 2))
    found = mapped(studio, "upside down at the end", np.concatenate((crackling, -song[:eight])))
    assert share_within(found, lambda time: time, 0.001) > 0.99


def test_a_cut_section_is_gone_and_the_rest_stays(studio: Studio) -> None:
    end = studio.base.duration
    found = mapped(studio, "cut", spliced(studio.song(), (0, 9.137), (14.411, end)))
    assert share_within(found, pieces((0, 9.137, 0), (14.411, end, 9.137)), 0.001) > 0.99
    [(start, stop)] = found.only_in_a
    assert (start, stop) == pytest.approx((9.137, 14.411), abs=0.1)
    assert found.only_in_b == ()


def test_an_inserted_section_is_new(studio: Studio) -> None:
    other = play(steady(97), song=9, beats=10)["lead"] * 2
    song = studio.song()
    at = round(11.3 * RATE)
    found = mapped(studio, "inserted", np.concatenate((song[:at], other, song[at:])))
    [(start, stop)] = found.only_in_b
    assert (start, stop) == pytest.approx((11.3, 11.3 + len(other) / RATE), abs=0.1)
    assert found.only_in_a == ()


def test_sections_in_another_order_are_found_and_called_moved(studio: Studio) -> None:
    end = studio.base.duration
    found = mapped(studio, "reordered", spliced(studio.song(), (0, 6), (12, 16), (6, 12), (16, end)))
    truth = pieces((0, 6, 0), (6, 12, 10), (12, 16, 6), (16, end, 16))
    assert share_within(found, truth, 0.001) > 0.99
    [moved] = found.moved
    assert (moved.a_start, moved.b_start) == pytest.approx((12, 6), abs=0.1)


@pytest.mark.parametrize("head", [0.5, 0.9, 1.3])
def test_a_trimmed_head_is_gone_though_a_bar_that_is_new_begins_alike(studio: Studio, head: float) -> None:
    """Its drums are copies; where a section comes once more, they are free to be taken for those of the head."""
    bar = round(4 * 60 / 126 * RATE)
    parts = play(steady(126), song=31, beats=40)
    drums = play(steady(126), song=32, beats=4)["drums"][:bar]
    parts["drums"] = np.tile(drums, (len(parts["bass"]) // bar + 1, 1))[: len(parts["bass"])]
    song = mixed(parts)
    a = studio.hear("bars of drums", lambda: song)
    b = studio.hear(f"again, from {head}", lambda: spliced(song, (head, 12.9), (8.2, a.duration)))
    [gone] = map_time(a.traces, b.traces).only_in_a
    assert gone == pytest.approx((0, head), abs=0.05)


def test_a_section_repeated_once_more_is_new_once(studio: Studio) -> None:
    end = studio.base.duration
    found = mapped(studio, "repeated", spliced(studio.song(), (0, 14), (8, end)))
    assert found.only_in_a == ()
    assert sum(stop - start for start, stop in found.only_in_b) == pytest.approx(6, abs=0.1)


@pytest.mark.parametrize(("start", "end"), [(8, 14), (5.3, 16.1), (9.7, 13.05), (8.90492, 17.22492)])
def test_a_section_repeated_once_more_begins_at_its_seam(studio: Studio, start: float, end: float) -> None:
    """What leads to the seam is the same audio both times (after 104 frames of 80 ms to the last bit): only the
    longer one goes over it."""
    song = studio.song()
    longer = np.concatenate((song[: round(end * RATE)], song[round(start * RATE) :]))
    [new] = mapped(studio, f"again from {start}", longer).only_in_b
    assert new == pytest.approx((end, 2 * end - start), abs=0.05)


@pytest.mark.parametrize(("bpm", "head"), [(97.0, 1105), (103.0, 2011), (119.0, 2011), (119.0, 12345)])
def test_a_song_of_loops_is_not_led_through_their_copies(studio: Studio, bpm: float, head: int) -> None:
    """The true delay may lie between two samples of what is compared, and a copy's on one."""
    song = loops(bpm)
    heard = studio.hear(f"loops at {bpm}", lambda: song)
    later = studio.hear(f"loops at {bpm}, {head} later", lambda: np.pad(song, ((head, 0), (0, 0))))
    sooner = studio.hear(f"loops at {bpm}, {head} sooner", lambda: song[head:])
    found, found_sooner = (map_time(heard.traces, other.traces) for other in (later, sooner))
    assert share_within(found, pieces((0.0, heard.duration, head / RATE)), 0.001) > 0.99
    assert share_within(found_sooner, pieces((head / RATE, heard.duration, 0.0)), 0.001) > 0.99


@pytest.mark.parametrize(("bpm", "head"), [(91.3, 20001), (112.0, 33333)])
def test_a_song_of_loops_heard_by_phone_stays_at_one_delay(studio: Studio, bpm: float, head: int) -> None:
    """The phases are turned, and what flattened the spectrum of the one lies between the frames of the other."""
    song = loops(bpm)
    heard = studio.hear(f"loops at {bpm}", lambda: song)
    phone = studio.hear(f"loops at {bpm} by phone, {head} later", lambda: by_phone(song, head))
    found = map_time(heard.traces, phone.traces)
    assert share_within(found, pieces((0.0, heard.duration, head / RATE)), 0.001) > 0.99


def test_a_joint_moved_by_thirty_milliseconds_is_not_smoothed_over(studio: Studio) -> None:
    end = studio.base.duration
    found = mapped(studio, "moved joint", spliced(studio.song(), (0, 12), (12.03, end)))
    truth = pieces((0, 12, 0), (12.03, end, 12))
    assert share_within(found, truth, 0.001) > 0.99


def test_bars_that_are_copies_of_one_another_do_not_confuse_it(studio: Studio) -> None:
    bar = np.sum(list(play(steady(120), song=4, beats=8).values()), axis=0)[: 4 * RATE]
    voice = play(steady(120), song=5)["lead"][: 24 * RATE]
    song = np.tile(bar, (6, 1)) + voice
    a = studio.hear("bars", lambda: song)
    b = studio.hear("bars, cut", lambda: spliced(song, (0, 8), (16, 24)))
    found = map_time(a.traces, b.traces)
    assert share_within(found, pieces((0, 8, 0), (16, 24, 8)), 0.001) > 0.98
    [(start, stop)] = found.only_in_a
    assert (start, stop) == pytest.approx((8, 16), abs=0.1)


def test_bars_that_are_copies_do_not_win_by_lying_at_a_whole_sample(studio: Studio) -> None:
    """What comes after the cut lies half a sample (of the traces) beside a whole one, the bars that it is a copy of
    do not: of the signs of the same audio fewer agree than of the copies'."""
    bar = np.sum(list(play(steady(120), song=4, beats=8).values()), axis=0)[: 4 * RATE + 6]
    voice = play(steady(120), song=5)["lead"][: 6 * len(bar)]
    song = np.tile(bar, (6, 1))[: len(voice)] + np.float32(0.5) * voice
    start, end, whole = 2.1 * len(bar) / RATE, 3.1 * len(bar) / RATE, len(song) / RATE
    a = studio.hear("bars of odd length", lambda: song)
    b = studio.hear("bars of odd length, cut", lambda: spliced(song, (0, start), (end, whole)))
    found = map_time(a.traces, b.traces)
    assert share_within(found, pieces((0, start, 0), (end, whole, start)), 0.001) > 0.99
    [(gone, back)] = found.only_in_a
    assert (gone, back) == pytest.approx((start, end), abs=0.1)


def test_a_copy_turned_upside_down_is_followed(studio: Studio) -> None:
    found = mapped(studio, "upside down", -studio.song())
    assert share_within(found, lambda time: time, 0.0001) == 1
    assert found.lines[0].sign == -1


@pytest.mark.parametrize("head", [1000, 1003, 1005, 1009])
def test_upside_down_is_told_wherever_between_two_samples_it_begins(studio: Studio, head: int) -> None:
    song = studio.song()
    bright = demo_equalised(song, (Band("low cut", 40), Band("high shelf", 6000, 3)))
    for name, made, sign in (("down", -bright, -1), ("up", bright, 1)):
        found = mapped(studio, f"{name}, from {head}", made[head:])
        assert {line.sign for line in found.lines} == {sign}


@pytest.mark.parametrize("head", [5003, 12347, 33333, 60001])
def test_a_phone_turns_phases_but_nothing_upside_down(studio: Studio, head: int) -> None:
    found = mapped(studio, f"by phone, {head} later", by_phone(studio.song(), head))
    assert share_within(found, lambda time: time + head / RATE, 0.001) > 0.99
    assert {line.sign for line in found.lines} == {1}


def test_a_copy_that_cancels_in_the_middle_is_followed(studio: Studio) -> None:
    mono = studio.song().mean(axis=1, keepdims=True)
    plain = studio.hear("in the middle", lambda: np.concatenate((mono, mono), axis=1))
    flipped = studio.hear("one channel flipped, mono", lambda: np.concatenate((mono, -mono), axis=1))
    found = map_time(plain.traces, flipped.traces)
    assert share_within(found, lambda time: time, 0.0001) == 1
    difference = measure_difference(plain, flipped)
    assert difference.one_channel_flipped
    assert difference.null is not None
    assert difference.null.silent


def test_another_sample_rate_changes_nothing(studio: Studio) -> None:
    song = studio.song()
    times = np.arange(int(len(song) * 48000 / RATE)) * RATE / 48000
    made = np.stack([np.interp(times, np.arange(len(song)), song[:, c]) for c in (0, 1)], axis=1)
    other = studio.hear("48 kHz", lambda: made.astype(np.float32), rate=48000)
    found = map_time(studio.base.traces, other.traces)
    assert worst(found, lambda time: time) < 0.001


def test_a_clock_that_runs_fast_is_followed(studio: Studio) -> None:
    song = studio.song()
    speed = 1 + 60e-6
    times = np.arange(int(len(song) / speed)) * speed
    made = np.stack([np.interp(times, np.arange(len(song)), song[:, c]) for c in (0, 1)], axis=1)
    found = mapped(studio, "fast clock", made.astype(np.float32))
    assert share_within(found, lambda time: time / speed, 0.001) > 0.99
