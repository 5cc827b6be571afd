"""Electric piano by frequency modulation: a warm body, a tine that barks when struck hard."""

from functools import cache

import numpy as np

from server.demo.audio import SAMPLE_RATE, Audio
from server.demo.instruments.string import hz_of

SECONDS = 3.4


@cache
def strike(pitch: int, hard: bool) -> Audio:
    hz = hz_of(pitch)
    time = np.arange(int(SECONDS * SAMPLE_RATE), dtype=np.float32) / SAMPLE_RATE
    phase = np.float32(2 * np.pi * hz) * time
    body_depth = (1.3 if hard else 0.7) * np.exp(-time * 2.2)
    tine_depth = (0.35 if hard else 0.16) * np.exp(-time * 9)
    tine = tine_depth * np.sin(14 * phase) if 15 * hz < 12_000 else 0
    wave = np.sin(phase + body_depth * np.sin(phase) + tine) * np.exp(-time * (1.1 + hz / 600))
    return (wave * np.minimum(1, time * 500)).astype(np.float32)
