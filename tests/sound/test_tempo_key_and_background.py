"""Tempo, key, noise floor and hum: found where they are, left out where they are not."""

from pathlib import Path

import numpy as np
import pytest

from server.sound.analysis import Analysis, analyze
from tests.sound.signals import RATE, Samples, clicks, noise, silence, sine, write

MAJOR, MINOR = (0, 4, 7), (0, 3, 7)


def analysis_of(folder: Path, samples: Samples) -> Analysis:
    return analyze(write(folder, samples, format="wav24"))


def chord(root: int, intervals: tuple[int, ...], seconds: float) -> Samples:
    """``root`` in semitones from C4, each note with four harmonics."""
    notes = [
        sine(261.63 * 2 ** ((root + interval) / 12) * harmonic, seconds, dbfs=-30 - 6 * harmonic)
        for interval in intervals
        for harmonic in range(1, 5)
    ]
    together: Samples = np.sum(notes, axis=0)
    return together


@pytest.mark.parametrize("bpm", [72.0, 90.0, 120.0, 128.5, 150.0])
def test_the_tempo_of_a_beat(tmp_path: Path, bpm: float) -> None:
    times = list(np.arange(0, 29, 60 / bpm))
    tempo = analysis_of(tmp_path, clicks(times, 30) + noise(30, dbfs=-60)).tempo
    assert tempo is not None
    assert tempo.bpm == pytest.approx(bpm, rel=0.01)
    assert tempo.confidence > 0.3


def test_no_tempo_in_noise_and_in_a_held_chord(tmp_path: Path) -> None:
    assert analysis_of(tmp_path, noise(30)).tempo is None
    assert analysis_of(tmp_path, chord(0, MAJOR, 30)).tempo is None


def test_no_tempo_in_onsets_at_random(tmp_path: Path) -> None:
    times = list(np.sort(np.random.default_rng(440).uniform(0, 29, 60)))
    assert analysis_of(tmp_path, clicks(times, 30) + noise(30, dbfs=-60)).tempo is None


@pytest.mark.parametrize(
    ("chords", "tonic", "mode"),
    [
        ([(0, MAJOR), (5, MAJOR), (7, MAJOR), (0, MAJOR)], "C", "major"),
        ([(2, MAJOR), (7, MAJOR), (9, MAJOR), (2, MAJOR)], "D", "major"),
        ([(9, MINOR), (2, MINOR), (4, MAJOR), (9, MINOR)], "A", "minor"),
        ([(4, MINOR), (9, MINOR), (11, MAJOR), (4, MINOR)], "E", "minor"),
    ],
)
def test_the_key_of_a_cadence(
    tmp_path: Path, chords: list[tuple[int, tuple[int, ...]]], tonic: str, mode: str
) -> None:
    samples = np.concatenate([chord(root, intervals, 2) for root, intervals in chords], axis=1)
    key = analysis_of(tmp_path, samples).key
    assert key is not None
    assert (key.tonic, key.mode) == (tonic, mode)


def test_no_key_in_noise_and_in_all_twelve_notes(tmp_path: Path) -> None:
    assert analysis_of(tmp_path, noise(10)).key is None
    assert analysis_of(tmp_path, chord(0, tuple(range(12)), 10)).key is None


def played_with_pauses(background: Samples) -> Samples:
    seconds = background.shape[1] // RATE
    played = np.concatenate(
        [chord(n % 12, MAJOR, 2) if n % 2 == 0 else silence(2) for n in range(seconds // 2)], axis=1
    )
    return played * 4 + background


@pytest.mark.parametrize("level", [-50.0, -70.0])
def test_the_noise_floor_of_a_recording_with_pauses(tmp_path: Path, level: float) -> None:
    background = analysis_of(tmp_path, played_with_pauses(noise(20, dbfs=level))).background
    assert background.noise_floor_db == pytest.approx(level, abs=1.5)
    assert background.hum_hertz is None


def test_no_noise_floor_without_a_pause(tmp_path: Path) -> None:
    assert analysis_of(tmp_path, noise(10)).background.noise_floor_db is None


@pytest.mark.parametrize("mains", [50.0, 60.0])
def test_mains_hum_is_heard_under_the_music(tmp_path: Path, mains: float) -> None:
    hum = np.sum([sine(mains * n, 20, dbfs=-50 - 4 * n) for n in range(1, 7)], axis=0)
    background = analysis_of(tmp_path, played_with_pauses(hum + noise(20, dbfs=-80))).background
    assert background.hum_hertz == mains
    assert background.hum_db == pytest.approx(10 * np.log10(np.mean(hum**2)), abs=1.5)


def test_a_bass_note_near_the_mains_is_no_hum(tmp_path: Path) -> None:
    bass = np.sum([sine(49.0 * n, 20, dbfs=-20 - 6 * n) for n in range(1, 6)], axis=0)
    bass *= np.repeat([1, 0, 1, 1, 0], 4 * RATE)
    assert analysis_of(tmp_path, bass + noise(20, dbfs=-70)).background.hum_hertz is None
