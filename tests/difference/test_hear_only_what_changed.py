"""B minus A, where the truth is what was added to A."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from server.difference.line import Line
from server.difference.measurements import measure_difference
from server.difference.residual import NothingToSubtract, Residual, residual, write_residual
from tests.difference.studio import RATE, Audio, Studio, decibels, mixed, play, steady

START, END = 4.0, 12.0


def left(studio: Studio, name: str, made: Audio, start: float = START, end: float = END) -> Residual:
    """What is heard when A is the studio's song and B was made of it."""
    a, b = studio.base, studio.hear(name, lambda: made)
    difference = measure_difference(a, b)
    assert a.path and b.path
    gain_db = difference.null.gain_db if difference.null else -difference.matched_gain_db
    return residual(a.path, b.path, difference.time_map.lines, gain_db, start, end)


def tone(frames: int, hertz: float = 1234.5, amplitude: float = 0.05) -> Audio:
    wave = amplitude * np.sin(2 * np.pi * hertz * np.arange(frames) / RATE)
    return np.tile(wave[:, None], (1, 2)).astype(np.float32)


def level(samples: NDArray[np.float32]) -> float:
    return 10 * float(np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-20))


def test_of_the_same_file_nothing_is_left(studio: Studio) -> None:
    found = left(studio, "song", studio.song())
    assert found.samples.shape == (2, round((END - START) * RATE))
    assert not found.samples.any()
    assert found.level_db == -120
    assert found.covered == 1


@pytest.mark.parametrize(
    ("late", "gain"), [(1, 1.0), (4321, decibels(-2.5)), (-777, -1.0), (-1, -decibels(-4))]
)
def test_a_delay_a_gain_and_a_turned_polarity_are_taken_out(studio: Studio, late: int, gain: float) -> None:
    song = studio.song() * gain
    moved = np.concatenate((np.zeros((late, 2), dtype=np.float32), song)) if late > 0 else song[-late:]
    found = left(studio, f"late {late} gain {gain:.3f}", moved)
    assert level(found.samples) < -90
    assert found.level_db < -70  # what 16 bits round to


def test_what_was_added_is_what_is_heard(studio: Studio) -> None:
    song = studio.song()
    added = tone(len(song))
    found = left(studio, "with a tone", song + added)
    truth = added[round(START * RATE) : round(END * RATE)].T
    assert level(found.samples) == pytest.approx(level(truth), abs=0.1)
    assert level(found.samples - truth) < level(truth) - 30
    assert found.level_db == pytest.approx(level(truth) - level((song + added)[round(START * RATE) :]), abs=1)


def test_a_part_turned_up_for_some_bars_is_heard_there_and_nothing_elsewhere(studio: Studio) -> None:
    parts = studio.parts
    bass = parts["bass"].copy()
    first, last = 8 * RATE, 14 * RATE
    parts["bass"][first:last] *= decibels(3)
    found = left(studio, "bass up 3", mixed(parts), 6.0, 16.0)
    heard = found.samples
    truth = 0.6 * (decibels(3) - 1) * bass[first:last].T
    assert level(heard[:, 2 * RATE : 8 * RATE] - truth) < level(truth) - 20
    assert level(heard[:, : 2 * RATE - 100]) < -75
    assert level(heard[:, 8 * RATE + 100 :]) < -75


def test_half_a_sample_is_taken_out_too(studio: Studio) -> None:
    song = studio.song()
    turn = np.exp(-1j * np.pi * np.fft.rfftfreq(len(song)))[:, None]
    later = np.fft.irfft(np.fft.rfft(song, axis=0) * turn, len(song), axis=0).astype(np.float32)
    assert left(studio, "half a sample", later).level_db < -40


def test_another_sample_rate_is_no_difference(studio: Studio, tmp_path: Path) -> None:
    """What lies between 44.1 and 48 kHz was never in it."""
    song = studio.song()[: 20 * RATE]
    spectrum = np.fft.rfft(song, axis=0)
    spectrum[round(0.85 * len(spectrum)) :] = 0  # within both
    seconds = len(song) / RATE
    files = {}
    for rate in (44100, 48000):
        count = round(seconds * rate)
        wide = np.zeros((count // 2 + 1, 2), dtype=complex)
        wide[: min(len(wide), len(spectrum))] = spectrum[: len(wide)] * count / len(song)
        files[rate] = tmp_path / f"{rate}.wav"
        soundfile.write(files[rate], np.fft.irfft(wide, count, axis=0), rate, subtype="PCM_24")
    line = Line(0.0, seconds, 0.0, seconds, confidence=1.0)
    for a, b in ((44100, 48000), (48000, 44100)):
        found = residual(files[a], files[b], [line], 0.0, START, END)
        assert (found.sample_rate, found.samples.shape[1]) == (b, round((END - START) * b))
        assert found.level_db < -60


def test_a_tape_that_ran_a_little_fast_is_followed(studio: Studio) -> None:
    song = studio.song()
    count = round(len(song) / 1.0001)
    faster = np.fft.irfft(np.fft.rfft(song, axis=0)[: count // 2 + 1], count, axis=0) * count / len(song)
    assert left(studio, "tape", faster.astype(np.float32)).level_db < -30


def test_a_mono_version_is_subtracted_in_mono(studio: Studio) -> None:
    mono = studio.hear("mono", lambda: studio.song().mean(axis=1, keepdims=True))
    a = studio.base
    assert a.path and mono.path
    lines = measure_difference(a, mono).time_map.lines
    found = residual(a.path, mono.path, lines, 0.0, START, END)
    assert found.samples.shape[0] == 1
    assert level(found.samples) < -90


def test_beside_a_cut_it_is_silent_where_nothing_can_be_compared(studio: Studio) -> None:
    song = studio.song()
    cut = np.concatenate((song[: 8 * RATE], song[10 * RATE :]))
    found = left(studio, "cut of two seconds", cut, 5.0, 14.0)
    assert found.samples.shape[1] == pytest.approx(9 * RATE, abs=2)
    assert found.covered == pytest.approx(7 / 9, abs=0.01)
    assert level(found.samples) < -60


def test_what_was_cut_and_what_was_played_anew_cannot_be_subtracted(studio: Studio) -> None:
    song = studio.song()
    with pytest.raises(NothingToSubtract) as cut:
        left(studio, "cut of two seconds", np.concatenate((song[: 8 * RATE], song[10 * RATE :])), 8.1, 9.9)
    assert cut.value.reason == "cut"
    with pytest.raises(NothingToSubtract) as anew:
        left(studio, "another take", mixed(play(steady(118), take=1)), START, END)
    assert anew.value.reason == "anew"


def test_it_is_written_without_a_click_at_its_ends(studio: Studio, tmp_path: Path) -> None:
    a, b = studio.base, studio.hear("with a tone", lambda: studio.song() + tone(len(studio.song())))
    lines = measure_difference(a, b).time_map.lines
    assert a.path and b.path
    level_db, covered = write_residual(a.path, b.path, tmp_path / "r.flac", lines, 0.0, (2.3, 5.1), "flac")
    samples, rate = soundfile.read(tmp_path / "r.flac")
    assert (len(samples), rate, soundfile.info(tmp_path / "r.flac").subtype) == (
        round(2.8 * RATE),
        RATE,
        "PCM_24",
    )
    assert np.abs(samples[[0, -1]]).max() < 1e-4
    assert np.abs(samples).max() == pytest.approx(0.05, abs=0.002)
    assert -60 < level_db < 0
    assert covered == 1
