"""What every sound of the demo band is made of: float32 at one sample rate."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 44_100

# Mono sounds have shape (frames,), parts and mixes (frames, channels); full scale is 1.0.
Audio = NDArray[np.float32]


def from_db(db: float) -> float:
    return float(10 ** (db / 20))


def seconds_of(frames: float) -> float:
    return frames / SAMPLE_RATE


def frames_of(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def as_audio(wave: NDArray[Any]) -> Audio:
    """The same wave as float32."""
    audio: Audio = np.asarray(wave, dtype=np.float32)
    return audio


def ramp(frames: int, *places: tuple[int, float]) -> Audio:
    """Straight lines through (frame, value) places, level outside them. Shape (frames,)."""
    at, values = zip(*places, strict=True)
    return as_audio(np.interp(np.arange(frames), at, values))
