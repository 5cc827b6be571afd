"""What the bare samples say: highest sample, DC offset, clipping, silence at both ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.sound.blocks import ROW

# A run of this many samples at full scale is clipping; fewer is a peak that just touches it.
CLIPPED_RUN = 3
_FULL_SCALE = np.float32(32767 / 32768)
_ALL_BUT_THE_SIGN = np.int32(0x7FFFFFFF)
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Levels:
    """``clipped``: (first sample, last sample + 1) of each clipped run; silences in samples."""

    dc_offset: tuple[float, ...]
    clipped: tuple[tuple[int, int], ...]
    silence_at_start: int
    silence_at_end: int


def row_peaks(samples: Floats) -> Floats:
    """Largest absolute value of each row of 48: (channels, rows * 48) to (channels, rows)."""
    # Without their sign, floats are in the order of their bits, and of integers the larger one is found sooner.
    bits = samples.view(np.int32) & _ALL_BUT_THE_SIGN
    starts = np.arange(0, samples.shape[1], ROW)
    peaks: Floats = np.maximum.reduceat(bits, starts, axis=1).view(np.float32)
    return peaks


class LevelMeter:
    """Feed samples with their row peaks, take Levels."""

    def __init__(self, channels: int) -> None:
        self._sums = np.zeros(channels)
        self._frames = 0
        self._runs: list[list[tuple[int, int]]] = [[] for _ in range(channels)]
        self._first: int | None = None
        self._last = -1

    def add(self, samples: Floats, peaks: Floats) -> None:
        self._sums += samples.sum(axis=1)
        sounding = np.flatnonzero(peaks.max(axis=0))
        if len(sounding):
            if self._first is None:
                self._first = self._frames + _sounding_sample(samples, int(sounding[0]), first=True)
            self._last = self._frames + _sounding_sample(samples, int(sounding[-1]), first=False)
        for channel in np.flatnonzero(peaks.max(axis=1, initial=0) >= _FULL_SCALE):
            self._add_runs(int(channel), samples[channel])
        self._frames += samples.shape[1]

    def _add_runs(self, channel: int, samples: Floats) -> None:
        full = np.abs(samples) >= _FULL_SCALE
        edges = np.flatnonzero(np.diff(full, prepend=False, append=False)) + self._frames
        runs = self._runs[channel]
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            if runs and runs[-1][1] == start:
                runs[-1] = (runs[-1][0], end)  # it goes on from the block before
                continue
            if runs and runs[-1][1] - runs[-1][0] < CLIPPED_RUN:
                runs.pop()
            runs.append((start, end))

    def result(self, frames: int) -> Levels:
        """``frames``: the true length, without what filled the last row."""
        clipped = [run for runs in self._runs for run in runs if run[1] - run[0] >= CLIPPED_RUN]
        return Levels(
            dc_offset=tuple((self._sums / max(frames, 1)).tolist()),
            clipped=tuple(sorted(clipped)),
            silence_at_start=frames if self._first is None else self._first,
            silence_at_end=frames - self._last - 1,
        )


def _sounding_sample(samples: Floats, row: int, *, first: bool) -> int:
    inside = np.flatnonzero(samples[:, row * ROW : (row + 1) * ROW].any(axis=0))
    return row * ROW + int(inside[0] if first else inside[-1])
