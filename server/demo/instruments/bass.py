"""Electric bass: a thick string, a little drive so that small speakers carry it."""

from functools import cache

import numpy as np

from server.demo.audio import Audio, as_audio
from server.demo.instruments.string import hz_of, plucked


@cache
def pluck(pitch: int, variant: int) -> Audio:
    string = plucked(
        hz_of(pitch),
        seconds=3.2,
        seed=77_000 + 10 * pitch + variant,
        plucked_at=0.36,
        brightness=420,
        ring_seconds=6,
    )
    return as_audio(np.tanh(1.8 * string) / np.tanh(1.8))
