"""Loudness after ITU-R BS.1770-4 and EBU R 128 (Tech 3341 and 3342).

One mean square per 10 ms is all that is kept; momentary (400 ms), short-term (3 s), integrated (gated) and
range follow from that small array. The range uses short-term values every 100 ms, like FFmpeg (libebur128:
every second).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.sound.blocks import hop_frames
from server.sound.growing import Growing
from server.sound.k_weighting import KWeighting

MOMENTARY_HOPS = 4
SHORT_TERM_HOPS = 30
ABSOLUTE_GATE_LUFS = -70.0
SILENCE = 1e-9  # power, -90 LUFS: less than this is rounding
_OFFSET = -0.691
_CHUNK = 1000  # hops
# BS.1770: the low-frequency channel does not count, those beside and behind the listener count 1.5 dB more.
_WEIGHTS = {"LFE": 0.0, "LFE2": 0.0, "BL": 1.41, "BR": 1.41, "BC": 1.41, "SL": 1.41, "SR": 1.41}

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class LoudnessOverTime:
    """LUFS, at the end of each window; ``-inf`` for silence. ``short_term`` has a value every 100 ms.

    The maxima are looked for every 10 ms: a loud moment of 400 ms must not fall between two windows.
    """

    short_term: Doubles
    max_momentary: float | None
    max_short_term: float | None
    integrated: float | None
    range: float | None


class LoudnessMeter:
    """Feed blocks (whole tenths of a second, but for the last), take LoudnessOverTime."""

    def __init__(self, sample_rate: int, speakers: tuple[str, ...]) -> None:
        hop = hop_frames(sample_rate)
        self._steps = next(steps for steps in (10, 5, 2, 1) if hop % steps == 0)
        self._step = hop // self._steps
        self._weights = np.array([_WEIGHTS.get(speaker, 1.0) for speaker in speakers])
        self._filter = KWeighting(sample_rate, len(speakers))
        self._powers = Growing(np.float32)

    def add(self, samples: NDArray[np.float32], frames: int) -> None:
        """``samples``: (channels, n), n a multiple of 48; only the first ``frames`` are of the recording."""
        weighted = self._filter.apply(samples)
        steps = frames // self._step
        if steps:
            by_step = weighted[:, : steps * self._step].reshape(len(weighted), steps, self._step)
            energy = np.vecdot(by_step, by_step).astype(np.float64)
            self._powers.add(self._weights @ energy / self._step)

    def result(self) -> LoudnessOverTime:
        powers = self._powers.take()
        momentary, max_momentary = self._every_hop(powers, MOMENTARY_HOPS)
        short_term, max_short_term = self._every_hop(powers, SHORT_TERM_HOPS)
        return LoudnessOverTime(
            short_term=lufs(short_term),
            max_momentary=max_momentary,
            max_short_term=max_short_term,
            integrated=integrated(momentary),
            range=loudness_range(short_term),
        )

    def _every_hop(self, powers: NDArray[np.float32], hops: int) -> tuple[Doubles, float | None]:
        """Means over windows of ``hops``: one every 100 ms, and the highest wherever it begins. Some at a time, for
        three hours are many."""
        window, some, highest, every = hops * self._steps, _CHUNK * self._steps, 0.0, []
        for at in range(0, max(1, len(powers) - window + 1), some):
            means = _windowed(_running_sums(powers[at : at + some + window - 1]), window)
            highest = max(highest, float(means.max(initial=0)))
            every.append(means[:: self._steps].copy())
        return np.concatenate(every), _level(highest)


def _level(power: float) -> float | None:
    return float(lufs(power)) if power > 0 else None


def _running_sums(powers: NDArray[np.float32]) -> Doubles:
    """From nothing to everything. Their differences are exact enough in float64, and quick."""
    sums = np.zeros(len(powers) + 1)
    np.cumsum(powers, dtype=np.float64, out=sums[1:])
    return sums


def _windowed(sums: Doubles, hops: int) -> Doubles:
    """Means over ``hops`` consecutive values, in every position."""
    if len(sums) <= hops:
        return np.empty(0)
    means = sums[hops:] - sums[:-hops]
    means /= hops
    means[means < SILENCE] = 0
    return means


def lufs(powers: Doubles | float) -> Doubles:
    with np.errstate(divide="ignore"):
        levels: Doubles = _OFFSET + 10 * np.log10(powers)
    return levels


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
    """LU between the 10th and the 95th percentile of 3 s powers above -70 LUFS and above 20 LU below their
    mean."""
    heard = short_term[short_term >= _power(ABSOLUTE_GATE_LUFS)]
    if not len(heard):
        return None
    loud = np.sort(heard[heard >= heard.mean() / 100])
    low, high = (loud[max(0, round(len(loud) * share) - 1)] for share in (0.10, 0.95))
    return float(10 * np.log10(high / low))
