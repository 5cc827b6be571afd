"""Cutting a stream into overlapping, windowed frames whose centres lie on a steady clock."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def fast_length(at_least: float) -> int:
    """The smallest 2^a 3^b not below ``at_least``: lengths that FFTs like."""
    threes: list[int] = [3**power for power in range(8)]
    return min(three << max(0, math.ceil(math.log2(at_least / three))) for three in threes)


class Framing:
    """Frame ``i`` is centred at ``(i + 1/2) * hop`` samples; what lies outside the recording is silence.

    ``at_once``: frames are cut in multiples of it, for small steps cost more than large ones.
    """

    def __init__(self, length: int, hop: float, at_once: int = 1) -> None:
        self.length, self._hop, self._at_once = length, hop, at_once
        # Periodic Hann, scaled so that the powers of a one-sided spectrum add up to the mean square.
        window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
        self._window = (window * np.sqrt(2 * length / np.sum(window**2))).astype(np.float32)
        self._buffer = np.zeros(length, dtype=np.float32)
        self._buffer_start = -length
        self._done = 0

    def add(self, samples: Floats) -> Floats:
        """Samples (n,) to the frames that are now complete, windowed: (frames, length)."""
        self._buffer = np.concatenate((self._buffer, samples))
        new = self._frames_up_to(self._buffer_start + len(self._buffer)) - self._done
        return self._frames(self._done + new - new % self._at_once)

    def finish(self, frames: int) -> Floats:
        """The frames still missing to ``frames``."""
        last = max(frames, self._done)
        end = int(self._starts(last, last + 1)[0]) + self.length - self._buffer_start
        silence = np.zeros(max(0, end - len(self._buffer)), dtype=np.float32)
        self._buffer = np.concatenate((self._buffer, silence))
        return self._frames(last)

    def _starts(self, first: int, last: int) -> NDArray[np.intp]:
        starts: NDArray[np.intp] = np.floor(
            (np.arange(first, last) + 0.5) * self._hop - self.length / 2
        ).astype(np.intp)
        return starts

    def _frames_up_to(self, end: int) -> int:
        """How many frames end by sample ``end``."""
        return max(self._done, math.floor((end - self.length / 2) / self._hop - 0.5) + 1)

    def _frames(self, last: int) -> Floats:
        if last == self._done:
            return np.empty((0, self.length), dtype=np.float32)
        *starts, keep = (self._starts(self._done, last + 1) - self._buffer_start).tolist()
        frames: Floats = self._cut(starts) * self._window
        self._done = last
        self._buffer = self._buffer[max(0, keep) :].copy()
        self._buffer_start += max(0, keep)
        return frames

    def _cut(self, starts: list[int]) -> Floats:
        """(frames, length). Evenly spaced, as they are at the usual rates, they need no copy."""
        if self._hop == (step := int(self._hop)):
            shape, strides = (len(starts), self.length), (4 * step, 4)
            cut: Floats = np.ndarray(shape, np.float32, self._buffer, 4 * starts[0], strides)
            return cut
        return np.stack([self._buffer[start : start + self.length] for start in starts])


def spectra(frames: Floats) -> Floats:
    """(frames, length) to (frames, 2 * bins): float32 pairs, real and imaginary, whose squares add up to powers."""
    return np.ascontiguousarray(single_precision_rfft(frames)).view(np.float32)


def single_precision_rfft(frames: Floats) -> NDArray[np.complex64]:
    """(..., n) to (..., n // 2 + 1): the spectra of the last axis, divided by n.

    Undivided, NumPy's factor is the integer 1, for which it computes in float64, in up to twice the time.
    """
    return np.asarray(np.fft.rfft(frames, axis=-1, norm="forward"), dtype=np.complex64)
