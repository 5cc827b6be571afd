"""Loudness after ITU-R BS.1770-4 and EBU R 128 (Tech 3341 and 3342).

One mean square per 100 ms is all that is kept; momentary (400 ms), short-term (3 s), integrated (gated) and range
follow from that small array. The range uses short-term values every 100 ms, like FFmpeg (libebur128: every second).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.sound.blocks import hop_frames
from server.sound.k_weighting import KWeighting

MOMENTARY_HOPS = 4
SHORT_TERM_HOPS = 30
ABSOLUTE_GATE_LUFS = -70.0
_OFFSET = -0.691
# BS.1770: the low-frequency channel does not count, those beside and behind the listener count 1.5 dB more.
_WEIGHTS = {"LFE": 0.0, "LFE2": 0.0, "BL": 1.41, "BR": 1.41, "BC": 1.41, "SL": 1.41, "SR": 1.41}

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class LoudnessOverTime:
    """LUFS every 100 ms, at the end of each window; ``-inf`` for silence."""

    momentary: Doubles
    short_term: Doubles
    integrated: float | None
    range: float | None


class LoudnessMeter:
    """Feed blocks (whole tenths of a second, but for the last), take LoudnessOverTime."""

    def __init__(self, sample_rate: int, speakers: tuple[str, ...]) -> None:
        self._hop = hop_frames(sample_rate)
        self._weights = np.array([_WEIGHTS.get(speaker, 1.0) for speaker in speakers])
        self._filter = KWeighting(sample_rate, len(speakers))
        self._powers: list[Doubles] = []

    def add(self, samples: NDArray[np.float32], frames: int) -> None:
        """``samples``: (channels, n), n a multiple of 48; only the first ``frames`` are of the recording."""
        weighted = self._filter.apply(samples)
        hops = frames // self._hop
        if hops:
            by_hop = weighted[:, : hops * self._hop].reshape(len(weighted), hops, self._hop)
            energy = np.einsum("cht,cht->ch", by_hop, by_hop).astype(np.float64)
            self._powers.append(self._weights @ energy / self._hop)

    def result(self) -> LoudnessOverTime:
        powers = np.concatenate(self._powers) if self._powers else np.empty(0)
        momentary, short_term = _windowed(powers, MOMENTARY_HOPS), _windowed(powers, SHORT_TERM_HOPS)
        return LoudnessOverTime(
            lufs(momentary), lufs(short_term), integrated(momentary), loudness_range(short_term)
        )


def _windowed(powers: Doubles, hops: int) -> Doubles:
    """Means over ``hops`` consecutive values, in every position."""
    if len(powers) < hops:
        return np.empty(0)
    return np.lib.stride_tricks.sliding_window_view(powers, hops).mean(axis=1)


def lufs(powers: Doubles) -> Doubles:
    with np.errstate(divide="ignore"):
        return _OFFSET + 10 * np.log10(powers)


def _power(loudness: float) -> float:
    return float(10 ** ((loudness - _OFFSET) / 10))


def integrated(momentary: Doubles) -> float | None:
    """Gated loudness of 400 ms powers: those above -70 LUFS, then those above 10 LU below their mean."""
    heard = momentary[momentary >= _power(ABSOLUTE_GATE_LUFS)]
    if not len(heard):
        return None
    loud = heard[heard >= heard.mean() / 10]
    return float(lufs(loud.mean()))


def loudness_range(short_term: Doubles) -> float | None:
    """LU between the 10th and the 95th percentile of 3 s powers above -70 LUFS and above 20 LU below their mean."""
    heard = short_term[short_term >= _power(ABSOLUTE_GATE_LUFS)]
    if not len(heard):
        return None
    loud = np.sort(heard[heard >= heard.mean() / 100])
    low, high = (loud[math.floor((len(loud) - 1) * share + 0.5)] for share in (0.10, 0.95))
    return float(10 * np.log10(high / low))
