"""An equaliser of second-order sections, applied as the impulse response they have.

Source of the sections: Robert Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients".
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from server.demo.audio import SAMPLE_RATE, Audio
from server.demo.processing.convolution import convolve

TAPS = 3072
Kind = Literal["peak", "low shelf", "high shelf", "low cut", "high cut"]


@dataclass(frozen=True)
class Band:
    """One band: `hz` is the centre or corner, `db` the gain (unused by the cuts), `q` the quality."""

    kind: Kind
    hz: float
    db: float = 0.0
    q: float = 0.707


def equalised(part: Audio, bands: tuple[Band, ...]) -> Audio:
    """Every channel through all bands. Shape (frames, channels) in and out."""
    return convolve(part, impulse_of(bands))


def response(bands: tuple[Band, ...], hz: NDArray[Any]) -> NDArray[np.complex128]:
    """The complex gain of all bands in series at each frequency in Hz."""
    z = np.exp(-2j * np.pi * hz / SAMPLE_RATE)
    gain = np.ones(len(hz), dtype=np.complex128)
    for band in bands:
        (b0, b1, b2), (a0, a1, a2) = _coefficients(band)
        gain *= (b0 + b1 * z + b2 * z**2) / (a0 + a1 * z + a2 * z**2)
    return gain


@cache
def impulse_of(bands: tuple[Band, ...]) -> Audio:
    """What the bands answer to a single 1. Shape (TAPS,); by then a 30 Hz section has died to inaudible."""
    long = 16 * TAPS
    impulse = np.fft.irfft(response(bands, np.fft.rfftfreq(long, 1 / SAMPLE_RATE)), long)[:TAPS]
    impulse[-TAPS // 4 :] *= np.linspace(1, 0, TAPS // 4)
    return impulse.astype(np.float32)


def _coefficients(band: Band) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    amplitude = 10 ** (band.db / 40)
    w = 2 * np.pi * band.hz / SAMPLE_RATE
    cos, alpha = float(np.cos(w)), float(np.sin(w)) / (2 * band.q)
    if band.kind == "peak":
        return (1 + alpha * amplitude, -2 * cos, 1 - alpha * amplitude), (
            1 + alpha / amplitude,
            -2 * cos,
            1 - alpha / amplitude,
        )
    if band.kind == "low cut":
        return ((1 + cos) / 2, -(1 + cos), (1 + cos) / 2), (1 + alpha, -2 * cos, 1 - alpha)
    if band.kind == "high cut":
        return ((1 - cos) / 2, 1 - cos, (1 - cos) / 2), (1 + alpha, -2 * cos, 1 - alpha)
    # The high shelf is the low shelf mirrored about a quarter of the sample rate.
    sign = 1 if band.kind == "low shelf" else -1
    cos, root = sign * cos, 2 * float(np.sqrt(amplitude)) * alpha
    plus, minus = amplitude + 1, amplitude - 1
    return (
        amplitude * (plus - minus * cos + root),
        sign * 2 * amplitude * (minus - plus * cos),
        amplitude * (plus - minus * cos - root),
    ), (plus + minus * cos + root, sign * -2 * (minus + plus * cos), plus + minus * cos - root)
