"""A look-ahead limiter whose whole effect is one gain curve, so it can be applied to every part alike."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from server.demo.audio import SAMPLE_RATE, Audio, as_audio, from_db

BLOCK = 32  # samples the gain is decided for
LOOKAHEAD = 40  # blocks, about 30 ms
RELEASE_SECONDS = 0.12


def limiting_gain(mix: Audio, ceiling_dbfs: float) -> Audio:
    """The gain, at most 1, that keeps a (frames, channels) mix under the ceiling. Shape (frames,)."""
    frames = len(mix)
    count = -(-frames // BLOCK)
    peaks = np.zeros(count * BLOCK, dtype=np.float32)
    for channel in mix.T:
        np.maximum(peaks[:frames], np.abs(channel), out=peaks[:frames])
    needed = np.minimum(1, from_db(ceiling_dbfs) / np.maximum(peaks.reshape(count, BLOCK).max(axis=1), 1e-9))
    smooth = _attack(_release(needed))
    # A straight line between block edges stays under the ceiling when each edge suits the blocks on both
    # its sides.
    edges = np.minimum(np.concatenate([smooth[:1], smooth]), np.concatenate([smooth, smooth[-1:]]))
    places = np.arange(frames, dtype=np.float32) / BLOCK
    return as_audio(np.interp(places, np.arange(count + 1), edges))


def _release(needed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Falls at once, comes back slowly. A loop, since each value depends on the one before."""
    rate = 1 - np.exp(-BLOCK / SAMPLE_RATE / RELEASE_SECONDS)
    gain, released = 1.0, []
    for value in needed.tolist():
        gain = min(value, gain + (1 - gain) * rate)
        released.append(gain)
    return np.array(released)


def _attack(gain: NDArray[np.float64]) -> NDArray[np.float64]:
    """Starts falling LOOKAHEAD blocks early: the least of what is ahead, averaged over the same stretch."""
    ahead = np.concatenate([gain, np.full(LOOKAHEAD - 1, gain[-1])])
    least = sliding_window_view(ahead, LOOKAHEAD).min(axis=1)
    behind = np.concatenate([np.full(LOOKAHEAD - 1, least[0]), least])
    attacked: NDArray[np.float64] = sliding_window_view(behind, LOOKAHEAD).mean(axis=1)
    return attacked
