"""Making the low end cheap: the stream at a fraction of its rate, clean up to 1 kHz or what is asked for."""

import math

import numpy as np
from numpy.typing import NDArray

from server.sound.blocks import ROW

CLEAN_HERTZ = 1000.0
_LOWEST_RATE = 2700.0
_STOPBAND_DB = 80.0
Floats = NDArray[np.float32]


def decimation_factor(sample_rate: int) -> int:
    """The largest divisor of a filter row that leaves a rate of 2.7 kHz."""
    return max(n for n in range(1, ROW + 1) if ROW % n == 0 and (n == 1 or sample_rate / n >= _LOWEST_RATE))


def lowpass(sample_rate: int, factor: int, clean_hertz: float = CLEAN_HERTZ) -> NDArray[np.float64]:
    """A Kaiser-windowed sinc: flat to ``clean_hertz``, and 80 dB down where folding would reach below it."""
    stop = sample_rate / factor - clean_hertz
    width = 2 * np.pi * (stop - clean_hertz) / sample_rate
    taps = math.ceil((_STOPBAND_DB - 8) / (2.285 * width)) | 1
    position = np.arange(taps) - taps // 2
    cutoff = (stop + clean_hertz) / sample_rate  # as a share of the Nyquist frequency
    kernel = cutoff * np.sinc(cutoff * position) * np.kaiser(taps, 0.1102 * (_STOPBAND_DB - 8.7))
    return np.asarray(kernel / kernel.sum(), dtype=np.float64)


class Decimator:
    """Filters and thins out a stream as one matrix product per block; ``delay`` in samples of the input."""

    def __init__(self, sample_rate: int, factor: int | None = None, clean_hertz: float = CLEAN_HERTZ) -> None:
        self.factor = factor or decimation_factor(sample_rate)
        self.rate = sample_rate / self.factor
        kernel = lowpass(sample_rate, self.factor, clean_hertz) if self.factor > 1 else np.ones(1)
        self.delay = len(kernel) // 2
        outputs = ROW // self.factor
        self._rows = 1 + math.ceil((len(kernel) - 1) / ROW)
        matrix = np.zeros((self._rows, ROW, outputs))
        for back in range(self._rows):
            for output in range(outputs):
                lags = output * self.factor - np.arange(ROW) + back * ROW
                inside = (lags >= 0) & (lags < len(kernel))
                matrix[back, inside, output] = kernel[lags[inside]]
        # One product with all the matrices side by side reads the audio once.
        self._matrix = matrix.transpose(0, 2, 1).reshape(-1, ROW).astype(np.float32)
        self._carried = np.zeros((outputs, self._rows), dtype=np.float32)

    def add(self, samples: Floats) -> Floats:
        """(rows * 48,) to (rows * 48 / factor,)."""
        rows, outputs = len(samples) // ROW, ROW // self.factor
        parts = self._matrix @ samples.reshape(rows, ROW).T
        sums = np.zeros((outputs, rows + self._rows), dtype=np.float32)
        sums[:, : self._rows] = self._carried
        for back in range(self._rows):
            sums[:, back : back + rows] += parts[back * outputs : (back + 1) * outputs]
        self._carried = sums[:, rows:].copy()
        return sums[:, :rows].T.ravel()
