"""The tempo, where there is a steady one."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.sound.features import ONSETS_PER_SECOND

SURE_ENOUGH = 0.15
_SEGMENT = 2048  # onset strengths: some 20 s, over which a tempo is steady even when played by hand
_SLOWEST, _FASTEST = 50.0, 210.0
_USUAL, _SPREAD_OCTAVES = 125.0, 1.0  # of several readings (half, double) the one people tap is near here
_BEATS = 8


@dataclass(frozen=True)
class Tempo:
    """``confidence``: how regularly onsets return after one to eight beats, 0 to 1."""

    bpm: float
    confidence: float

    def to_json(self) -> dict[str, Any]:
        return {name: round(value, 2) for name, value in asdict(self).items()}


def find_tempo(onsets: NDArray[np.float16]) -> Tempo | None:
    """From onset strengths every 10 ms; None where no beat returns reliably."""
    likeness = _autocorrelation(onsets)
    if likeness is None:
        return None
    bpms = np.arange(_SLOWEST, _FASTEST, 0.1)
    beats = np.arange(1, _BEATS + 1)
    lags = 60 * ONSETS_PER_SECOND / bpms[:, None] * beats
    at_lags = np.interp(lags, np.arange(len(likeness)), likeness)
    regularity = at_lags.mean(axis=1)
    usual = np.exp(-0.5 * (np.log2(bpms / _USUAL) / _SPREAD_OCTAVES) ** 2)
    best = int(np.argmax(np.maximum(regularity, 0) * usual))
    confidence = float(np.clip(regularity[best], 0, 1))
    return Tempo(float(bpms[best]), confidence) if confidence >= SURE_ENOUGH else None


def _autocorrelation(onsets: NDArray[np.float16 | np.float64]) -> NDArray[np.float64] | None:
    """How alike the onsets are to themselves some time later: 1 at no lag, about 0 by chance."""
    if len(onsets) < _SEGMENT // 2:
        return None
    if missing := max(0, _SEGMENT - len(onsets)):
        known = onsets.astype(np.float64)
        onsets = np.pad(known, (0, missing), constant_values=float(known.mean()))
    power = np.zeros(_SEGMENT + 1)
    for segment in np.lib.stride_tricks.sliding_window_view(onsets, _SEGMENT)[:: _SEGMENT // 2]:
        exact = segment.astype(np.float64)
        power += np.abs(np.fft.rfft(exact - exact.mean(), 2 * _SEGMENT)) ** 2
    likeness = np.fft.irfft(power)[:_SEGMENT]
    if likeness[0] <= 0:
        return None
    # Fewer pairs lie far apart; and an onset is some 20 ms wide, so a lag between two frames loses nothing.
    likeness = likeness / (likeness[0] * (1 - np.arange(_SEGMENT) / _SEGMENT))
    return np.asarray(np.maximum(likeness, np.maximum(np.roll(likeness, 1), np.roll(likeness, -1)) * 0.98))
