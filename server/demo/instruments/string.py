"""A plucked string: Karplus-Strong seen in the frequency domain.

Every period of the string is the one before it, low-passed a little; doing that to the spectrum of one
period gives all periods at once as a batch of inverse transforms instead of a sample-by-sample loop.
Source: Karplus and Strong, "Digital Synthesis of Plucked-String and Drum Timbres", CMJ 7(2), 1983.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.demo.audio import SAMPLE_RATE, Audio, as_audio


def plucked(
    hz: float, *, seconds: float, seed: int, plucked_at: float, brightness: float, ring_seconds: float
) -> Audio:
    """One pluck, peaking at 1. Shape (frames,). `plucked_at` is a fraction of the string; bigger
    `brightness` keeps more harmonics; `ring_seconds` is how long the fundamental takes to fall by 60 dB.
    """
    period = SAMPLE_RATE / hz
    samples = round(period)
    harmonic = np.arange(samples // 2 + 1)
    rng = np.random.default_rng(seed)
    start = np.abs(np.sin(np.pi * harmonic * plucked_at)) * np.exp(-harmonic * hz / brightness)
    start = (
        start
        * np.exp(2j * np.pi * rng.uniform(-0.5, 0.5, len(harmonic)))
        * rng.uniform(0.7, 1.3, len(harmonic))
    )
    start[0] = 0
    count = int(seconds * hz) + 1
    loss = 6.9 * period / SAMPLE_RATE / ring_seconds * (1 + (harmonic * hz / 900) ** 1.4)
    # A period is a whole number of samples; turning the phases by the rest keeps the string in tune.
    turn = 2j * np.pi * harmonic * (samples - period) / samples
    periods = np.fft.irfft(start * _powers(turn - loss, count), samples, axis=1)
    wave = periods.ravel()[: int(seconds * SAMPLE_RATE)]
    wave[:60] *= np.linspace(0, 1, 60)
    return as_audio(wave / np.abs(wave).max())


def _powers(rates: NDArray[Any], count: int) -> NDArray[Any]:
    """exp(rates * i) for i below count, as rows; in steps of sixteen, as multiplying is cheaper."""
    fine = np.exp(np.arange(16)[:, None] * rates)
    coarse = np.exp(np.arange(0, count, 16)[:, None] * rates)
    powers: NDArray[Any] = (coarse[:, None] * fine).reshape(-1, len(rates))[:count]
    return powers


def hz_of(pitch: float) -> float:
    return float(440 * 2 ** ((pitch - 69) / 12))
