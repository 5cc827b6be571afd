"""What a page plays, as samples, and what can be said of them."""

import base64

import numpy as np
import pyebur128
from numpy.typing import NDArray

RATE = 48000
Sound = NDArray[np.float32]  # (frames, 2)


def decoded(channels: list[str]) -> Sound:
    """Of what a page gives: one base64 of 32-bit floats for each channel."""
    return np.stack([np.frombuffer(base64.b64decode(text), dtype=np.float32) for text in channels], axis=1)


def loudness(sound: Sound, rate: int = RATE) -> float:
    """LUFS, by libebur128."""
    state = pyebur128.R128State(sound.shape[1], rate, pyebur128.MeasurementMode.MODE_I)
    state.add_frames(np.ascontiguousarray(sound).reshape(-1), len(sound))
    return float(pyebur128.get_loudness_global(state))
