"""A slow string-machine pad: three saws slightly apart, the top rolled off."""

from functools import cache

import numpy as np

from server.demo.audio import SAMPLE_RATE, Audio, as_audio
from server.demo.instruments.string import hz_of

SECONDS = 3.0
TABLE = 2048


@cache
def hold(pitch: int, variant: int) -> Audio:
    rng = np.random.default_rng(9000 + 31 * pitch + variant)
    time = np.arange(int(SECONDS * SAMPLE_RATE), dtype=np.float32) / SAMPLE_RATE
    table = _saw(pitch)
    wave = np.zeros(len(time), dtype=np.float32)
    for cents in (-9.0, 0.0, 8.0):
        step = hz_of(pitch + cents / 100) * TABLE / SAMPLE_RATE
        place = np.arange(len(time)) * step + rng.uniform(0, TABLE)
        wave += table[place.astype(np.int64) & (TABLE - 1)]
    return as_audio(wave * np.minimum(1, time / 0.6))


@cache
def _saw(pitch: int) -> Audio:
    harmonic = np.arange(1, max(2, int(7000 / hz_of(pitch))))
    spectrum = np.zeros(TABLE // 2 + 1, dtype=np.complex128)
    spectrum[harmonic] = -1j / harmonic / (1 + (harmonic * hz_of(pitch) / 1800) ** 2)
    table = np.fft.irfft(spectrum)
    return as_audio(table / np.abs(table).max())
