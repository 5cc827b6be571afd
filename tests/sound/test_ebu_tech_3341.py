"""EBU Tech 3341 (V4, 2023): every case that can be synthesised, within the document's tolerance.

Cases 7 and 8 are recordings that only the EBU can give.
"""

from pathlib import Path

import numpy as np
import pytest

from server.sound.analysis import analyze
from server.sound.loudness import Loudness
from tests.sound.signals import RATE, Samples, silence, sine, write

TOLERANCE_LU = 0.1


def tones(*parts: tuple[float, float]) -> Samples:
    """(seconds, dBFS) one after the other, 1000 Hz, stereo."""
    return np.concatenate([sine(1000, seconds, dbfs=dbfs) for seconds, dbfs in parts], axis=1)


def loudness_of(folder: Path, samples: Samples) -> Loudness:
    return analyze(write(folder, samples, format="wavfloat")).loudness


@pytest.mark.parametrize(
    ("case", "parts", "expected"),
    [
        (1, [(20, -23)], -23.0),
        (2, [(20, -33)], -33.0),
        (3, [(10, -36), (60, -23), (10, -36)], -23.0),
        (4, [(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)], -23.0),
        (5, [(20, -26), (20.1, -20), (20, -26)], -23.0),
    ],
)
def test_integrated_loudness_is_gated(
    tmp_path: Path, case: int, parts: list[tuple[float, float]], expected: float
) -> None:
    loudness = loudness_of(tmp_path, tones(*parts))
    assert loudness.integrated_lufs == pytest.approx(expected, abs=TOLERANCE_LU)
    if len(parts) == 1:
        assert loudness.max_momentary_lufs == pytest.approx(expected, abs=TOLERANCE_LU)
        assert loudness.max_short_term_lufs == pytest.approx(expected, abs=TOLERANCE_LU)


def test_case_6_surround_channels_weigh_more(tmp_path: Path) -> None:
    channels = [sine(1000, 20, dbfs=dbfs, channels=1) for dbfs in (-28, -28, -24, -30, -30)]
    loudness = loudness_of(tmp_path, np.concatenate(channels))
    assert loudness.integrated_lufs == pytest.approx(-23.0, abs=TOLERANCE_LU)


def test_case_9_short_term_is_constant_over_alternating_tones(tmp_path: Path) -> None:
    loudness = loudness_of(tmp_path, tones(*[(1.34, -20), (1.66, -30)] * 5))
    assert loudness.short_term_lufs
    assert all(value == pytest.approx(-23.0, abs=TOLERANCE_LU) for value in loudness.short_term_lufs)
    assert loudness.max_short_term_lufs == pytest.approx(-23.0, abs=TOLERANCE_LU)


@pytest.mark.parametrize("i", range(20))
def test_case_10_maximum_short_term_wherever_the_tone_begins(tmp_path: Path, i: int) -> None:
    samples = np.concatenate((silence(i * 0.15), sine(1000, 3, dbfs=-23), silence(1)), axis=1)
    assert loudness_of(tmp_path, samples).max_short_term_lufs == pytest.approx(-23.0, abs=TOLERANCE_LU)


def test_case_11_maximum_short_term_of_tones_that_rise(tmp_path: Path) -> None:
    samples = silence(0)
    for i in range(20):
        part = np.concatenate((silence(i * 0.15), sine(1000, 3, dbfs=-38 + i), silence(3 - i * 0.15)), axis=1)
        samples = np.concatenate((samples, part), axis=1)
        if i in (0, 7, 13, 19):
            highest = loudness_of(tmp_path, samples).max_short_term_lufs
            assert highest == pytest.approx(-38.0 + i, abs=TOLERANCE_LU)


def test_case_12_momentary_is_constant_over_alternating_tones(tmp_path: Path) -> None:
    loudness = loudness_of(tmp_path, tones(*[(0.18, -20), (0.22, -30)] * 25))
    assert loudness.max_momentary_lufs == pytest.approx(-23.0, abs=TOLERANCE_LU)
    assert loudness.integrated_lufs == pytest.approx(-23.0, abs=TOLERANCE_LU)


@pytest.mark.parametrize("i", range(20))
def test_case_13_maximum_momentary_wherever_the_tone_begins(tmp_path: Path, i: int) -> None:
    samples = np.concatenate((silence(i * 0.02), sine(1000, 0.4, dbfs=-23), silence(1)), axis=1)
    assert loudness_of(tmp_path, samples).max_momentary_lufs == pytest.approx(-23.0, abs=TOLERANCE_LU)


def test_case_14_maximum_momentary_of_tones_that_rise(tmp_path: Path) -> None:
    samples = silence(0)
    for i in range(20):
        part = np.concatenate(
            (silence(i * 0.02), sine(1000, 0.4, dbfs=-38 + i), silence(0.4 - i * 0.02)), axis=1
        )
        samples = np.concatenate((samples, part), axis=1)
        highest = loudness_of(tmp_path, samples).max_momentary_lufs
        assert highest == pytest.approx(-38.0 + i, abs=TOLERANCE_LU)


@pytest.mark.parametrize(
    ("case", "divisor", "degrees", "full_scale", "expected"),
    [
        (15, 4, 0.0, 0.50, -6.0),
        (16, 4, 45.0, 0.50, -6.0),
        (17, 6, 60.0, 0.50, -6.0),
        (18, 8, 67.5, 0.50, -6.0),
        (19, 4, 45.0, 1.41, 3.0),
    ],
)
def test_true_peak_between_the_samples(
    tmp_path: Path, case: int, divisor: int, degrees: float, full_scale: float, expected: float
) -> None:
    samples = sine(RATE / divisor, 1, dbfs=20 * np.log10(full_scale), degrees=degrees)
    within(loudness_of(tmp_path, samples * eased(RATE)).true_peak_dbtp, expected)


@pytest.mark.parametrize(("case", "offset"), [(20, 0), (21, 1), (22, 2), (23, 3)])
def test_true_peak_of_a_single_period_wherever_the_samples_fall(
    tmp_path: Path, case: int, offset: int
) -> None:
    """A tone of fs/6 at 0.50 with one period of fs/4 at 1.00 in it, made at 4 fs, without a jump of phase."""
    fine = 4 * RATE
    hertz, height = np.full(fine, RATE / 6), np.full(fine, 0.50)
    period = slice(fine // 2, fine // 2 + 16)
    hertz[period], height[period] = RATE / 4, 1.00
    samples = height * np.sin(2 * np.pi * np.cumsum(hertz) / fine) * eased(fine)
    thinned = below(samples, RATE / 2)[offset::4]
    within(loudness_of(tmp_path, np.tile(thinned, (2, 1))).true_peak_dbtp, 0.0)


def eased(length: int) -> Samples:
    """10 ms in and out: a tone that begins at its crest overshoots by itself."""
    return np.minimum(1, np.minimum(np.arange(length), np.arange(length)[::-1]) / (length / 100))


def below(samples: Samples, hertz: float) -> Samples:
    """What lies below this frequency of one second of sound."""
    spectrum = np.fft.rfft(samples)
    spectrum[np.arange(len(spectrum)) > hertz] = 0
    return np.fft.irfft(spectrum, len(samples))


def within(measured: float | None, expected: float) -> None:
    """The document's tolerance for true peak: +0.2 and -0.4 dB."""
    assert measured is not None
    assert expected - 0.4 <= measured <= expected + 0.2
