"""True peak (BS.1770-4, annex 2): the highest value between the samples, by 4x oversampling.

The kernel is libebur128's: 49 taps, a sinc under a Hann window, so each of the three values between two
samples is a sum of twelve. A row of 48 samples whose largest sample times the kernel's L1 norm stays below
what was already found cannot hold a new peak and is passed over, which is exact and saves nearly all the
work on music with dynamics.
"""

import numpy as np
from numpy.typing import NDArray

from server.sound.blocks import ROW

OVERSAMPLING = 4
_TAPS = 49
_HISTORY = 12  # earlier samples that a row's values need
_WINDOW = np.arange(-_HISTORY, ROW)
Floats = NDArray[np.float32]
Rows = NDArray[np.intp]


def kernel() -> NDArray[np.float64]:
    """(3 phases, 12 taps): the values a quarter, a half and three quarters on the way between two samples."""
    position = np.arange(_TAPS) - (_TAPS - 1) / 2
    taps = np.sinc(position / OVERSAMPLING) * 0.5 * (1 - np.cos(2 * np.pi * np.arange(_TAPS) / (_TAPS - 1)))
    return np.stack([taps[phase::OVERSAMPLING] for phase in range(1, OVERSAMPLING)])


class TruePeakMeter:
    """Feed samples with the largest absolute value of each row of 48; ``peak`` is linear."""

    def __init__(self, channels: int) -> None:
        phases = kernel()
        self._norm = np.float32(np.abs(phases).sum(axis=1).max() * (1 + 1e-6))
        self._matrix = _between_matrix(phases)
        self._before = np.zeros((channels, _HISTORY), dtype=np.float32)
        self._peak_before = np.zeros((channels, 1), dtype=np.float32)
        self.peak = 0.0

    def add(self, samples: Floats, row_peaks: Floats) -> Rows:
        """Samples (channels, rows * 48) and |peak| (channels, rows); gives the rows that go over full
        scale."""
        self.peak = max(self.peak, float(row_peaks.max(initial=0)))
        reach = (
            np.maximum(row_peaks, np.concatenate((self._peak_before, row_peaks[:, :-1]), axis=1)) * self._norm
        )
        over = [
            self._between(*channel) for channel in zip(self._before, samples, reach, row_peaks, strict=True)
        ]
        self._before = samples[:, -_HISTORY:].copy()
        self._peak_before = row_peaks[:, -1:].copy()
        return np.unique(np.concatenate(over))

    def _between(self, before: Floats, samples: Floats, reach: Floats, row_peaks: Floats) -> Rows:
        # Every row that might pass full scale is looked at, even if not the highest: overs are listed.
        rows = np.flatnonzero(reach > min(self.peak, 1.0))
        if not len(rows):
            return rows
        windows = samples[rows[:, None] * ROW + _WINDOW]
        if rows[0] == 0:
            windows[0, :_HISTORY] = before  # where the indices are negative
        peaks = np.maximum(np.abs(windows @ self._matrix).max(axis=1), row_peaks[rows])
        self.peak = max(self.peak, float(peaks.max()))
        over: Rows = rows[peaks > 1.0]
        return over


def _between_matrix(phases: NDArray[np.float64]) -> Floats:
    """(60 samples, 144 values between them): the three phases for every sample of a row, as one product."""
    taps = phases.shape[1]
    matrix = np.zeros((ROW + _HISTORY, ROW * len(phases)))
    for sample in range(ROW):
        for phase, weights in enumerate(phases):
            newest = sample + _HISTORY
            matrix[newest - taps + 1 : newest + 1, sample * len(phases) + phase] = weights[::-1]
    return matrix.astype(np.float32)
