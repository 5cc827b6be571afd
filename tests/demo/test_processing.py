"""The desk: each device does what its numbers say."""

import numpy as np
import pytest

from server.demo.audio import SAMPLE_RATE, Audio
from server.demo.processing.convolution import convolve
from server.demo.processing.equaliser import Band, Kind, equalised
from server.demo.processing.limiter import limiting_gain
from server.demo.processing.reverb import add_room


def tone(hz: float, seconds: float = 1.0) -> Audio:
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return np.repeat(np.sin(2 * np.pi * hz * time)[:, None], 2, axis=1).astype(np.float32)


def gain_db(bands: tuple[Band, ...], hz: float) -> float:
    middle = slice(SAMPLE_RATE // 4, -SAMPLE_RATE // 4)
    before = tone(hz)
    after = equalised(before, bands)
    return float(10 * np.log10(np.mean(after[middle] ** 2) / np.mean(before[middle] ** 2)))


@pytest.mark.parametrize(
    ("kind", "hz", "db", "at", "expected"),
    [
        ("peak", 1000, 3.0, 1000, 3.0),
        ("peak", 1000, 3.0, 50, 0.0),
        ("low shelf", 120, -4.0, 35, -4.0),
        ("low shelf", 120, -4.0, 120, -2.0),
        ("low shelf", 120, -4.0, 2000, 0.0),
        ("high shelf", 5000, 1.5, 15_000, 1.5),
        ("high shelf", 5000, 1.5, 5000, 0.75),
        ("high shelf", 5000, 1.5, 300, 0.0),
        ("low cut", 200, 0.0, 200, -3.0),
        ("high cut", 4000, 0.0, 4000, -3.0),
    ],
)
def test_an_equaliser_band_reads_as_set(kind: Kind, hz: float, db: float, at: float, expected: float) -> None:
    assert gain_db((Band(kind, hz, db),), at) == pytest.approx(expected, abs=0.15)


def test_convolution_in_blocks_is_convolution() -> None:
    rng = np.random.default_rng(1)
    part = rng.standard_normal((30_000, 2)).astype(np.float32)
    impulses = rng.standard_normal((2, 2, 700)).astype(np.float32)
    expected = [
        np.convolve(part[:, 0], impulses[out, 0]) + np.convolve(part[:, 1], impulses[out, 1])
        for out in (0, 1)
    ]
    np.testing.assert_allclose(convolve(part, impulses), np.stack(expected, axis=1)[:30_000], atol=2e-3)


def test_a_room_rings_after_the_stroke_and_differs_left_and_right() -> None:
    part = np.zeros((SAMPLE_RATE, 2), dtype=np.float32)
    part[0] = 1
    add_room(part, "room", -6)
    early, late = part[400:4000], part[-8000:]
    assert np.sqrt(np.mean(early**2)) > 30 * np.sqrt(np.mean(late**2))
    assert abs(np.corrcoef(early[:, 0], early[:, 1])[0, 1]) < 0.2


def test_the_limiter_holds_its_ceiling_and_leaves_the_quiet_alone() -> None:
    loud = tone(300) * np.linspace(0, 4, SAMPLE_RATE, dtype=np.float32)[:, None]
    loud[30_000] = 6
    gain = limiting_gain(loud, -1.5)
    assert np.abs(loud * gain[:, None]).max() <= 10 ** (-1.5 / 20) + 1e-6
    assert gain[:4000].min() == 1
    assert gain.min() < 0.25
