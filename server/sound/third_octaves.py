"""Third-octave bands (IEC 61260, base ten) from 25 Hz to 20 kHz, taken from spectra."""

import numpy as np
from numpy.typing import NDArray

FIRST, LAST = 14, 43  # band numbers: the centre is 10^(n / 10) Hz
CENTRES = 10 ** (np.arange(FIRST, LAST + 1) / 10)
# What is printed on equalisers.
NOMINAL = (
    *(25, 31.5, 40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630),
    *(800, 1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000, 10000, 12500, 16000, 20000),
)
_HALF = 10 ** (1 / 20)


def band_matrix(first_hertz: float, last_hertz: float, *, length: int, rate: float) -> NDArray[np.float32]:
    """(2 * bins, bands): sums powers of spectra (as ``framing.spectra`` gives them) into third octaves.

    For the bands whose centres lie from ``first_hertz`` to ``last_hertz``. A bin on an edge is shared.
    """
    centres = CENTRES[(first_hertz * 0.99 < CENTRES) & (last_hertz * 1.01 > CENTRES)]
    return edge_matrix(np.stack((centres / _HALF, centres * _HALF), axis=1), length=length, rate=rate)


def edge_matrix(edges: NDArray[np.float64], *, length: int, rate: float) -> NDArray[np.float32]:
    """The same for any bands: ``edges`` (bands, 2) in Hz."""
    width = rate / length
    bins = np.arange(length // 2 + 1)[:, None] * width
    low, high = np.maximum(bins - width / 2, edges[:, 0]), np.minimum(bins + width / 2, edges[:, 1])
    shares = np.clip(high - low, 0, None) / width
    return np.repeat(shares, 2, axis=0).astype(np.float32)
