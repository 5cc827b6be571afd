"""The two recordings laid on top of one another: what each sounds like at the same places in the music."""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from server.difference.analysed import Analysed
from server.difference.time_map import TimeMap
from server.sound.features import ROWS_PER_SECOND, Features
from server.sound.k_weighting import biquads
from server.sound.third_octaves import CENTRES

Doubles = NDArray[np.float64]
_GATE_LU, _GATE_ROWS = 10.0, 4
_SILENT = 1e-9
_STEEP = 8
_EDGE_SECONDS = 0.15  # beside a joint a row holds some of both sides


@dataclass(frozen=True)
class Rows:
    """Powers (rows, 30 third octaves) of mid and side; (rows,) correlation -1 to 1, balance and crest dB."""

    mid: Doubles
    side: Doubles
    correlation: Doubles
    balance: Doubles
    crest: Doubles

    @cached_property
    def both(self) -> Doubles:
        return self.mid + self.side

    @cached_property
    def loudness(self) -> Doubles:
        """(rows,): K-weighted power, both loudspeakers."""
        loudness: Doubles = 2 * self.both @ k_weights()
        return loudness


@dataclass(frozen=True)
class Aligned:
    """Rows of 100 ms of A that have a place in B, and the same places of B; ``a_times``, ``b_times`` (rows,):
    the middle of each row in seconds; ``lines`` (rows,): which line of the map it is on."""

    a: Rows
    b: Rows
    a_times: Doubles
    b_times: Doubles
    lines: NDArray[np.intp]

    @cached_property
    def heard(self) -> NDArray[np.bool_]:
        """(rows,): what counts for loudness, gated as EBU R 128 does, by both sides alike."""
        if not len(self.a_times):
            return np.zeros(0, dtype=bool)
        power = np.convolve(
            np.sqrt(self.a.loudness * self.b.loudness), np.ones(_GATE_ROWS) / _GATE_ROWS, "same"
        )
        sounding = power > _SILENT
        if not sounding.any():
            return sounding
        heard: NDArray[np.bool_] = power >= power[sounding].mean() * 10 ** (-_GATE_LU / 10)
        return np.asarray(heard & sounding)

    @cached_property
    def matched_gain_db(self) -> float:
        """The gain for B that makes it as loud as A; 0 where nothing can be compared."""
        if not self.heard.any():
            return 0.0
        return decibels_between(self.a.loudness[self.heard].sum(), self.b.loudness[self.heard].sum())

    def tone_db(self) -> Doubles:
        """(30,): B minus A at equal loudness; 0 where both are silent. Read where a band itself sounds."""
        if not self.heard.any():
            return np.zeros(len(CENTRES))
        ours, theirs = (rows.both[self.heard] for rows in (self.a, self.b))
        floor = 1e-7 * max(ours.sum(), theirs.sum())
        sounding = ours.sum(axis=0) + theirs.sum(axis=0) > floor
        own = own_share(ours, theirs)
        tone = ratio_db((own * theirs).sum(axis=0), (own * ours).sum(axis=0), floor=1e-30)
        return np.where(sounding, tone + self.matched_gain_db, 0.0)


def align(a: Analysed, b: Analysed, time_map: TimeMap) -> Aligned:
    """Every row of A inside a line, and B where the line says; B's rows are read between their neighbours."""
    ours, theirs = a.analysis.features, b.analysis.features
    rows, times, lines = [], [], []
    for index, line in enumerate(time_map.lines):
        edge = min(_EDGE_SECONDS, (line.a_end - line.a_start) / 4)
        first = int(np.ceil((line.a_start + edge) * ROWS_PER_SECOND - 0.5))
        last = int(np.floor((line.a_end - edge) * ROWS_PER_SECOND - 0.5)) + 1
        here = np.arange(max(0, first), min(last, len(ours.mid_cdb)))
        rows.append(here)
        lines.append(np.full(len(here), index))
        times.append(line.b_start + ((here + 0.5) / ROWS_PER_SECOND - line.a_start) * line.speed)
    at = np.concatenate(rows) if rows else np.empty(0, dtype=np.intp)
    b_times = np.concatenate(times) if times else np.empty(0)
    places = b_times * ROWS_PER_SECOND - 0.5
    share = np.mod(places + 1e-9, 1.0)
    return Aligned(
        _rows_at(ours, at.astype(np.float64), blur=share * (1 - share) / 2),
        _rows_at(theirs, places),
        (at + 0.5) / ROWS_PER_SECOND,
        b_times,
        np.concatenate(lines) if lines else np.empty(0, dtype=np.intp),
    )


def _rows_at(features: Features, places: Doubles, blur: Doubles | None = None) -> Rows:
    """Between the rows beside ``places``. That blurs; ``blur`` (a share for each neighbour) does the same to the
    side whose rows are met exactly, or every drum would look softer on the other."""
    count = len(features.mid_cdb)
    places = np.clip(places, 0, max(0, count - 1))
    low = np.floor(places + 1e-9).astype(np.intp)
    high, share = np.minimum(low + 1, count - 1), places - low

    def between(values: Doubles) -> Doubles:
        part = share[:, None] if values.ndim > 1 else share
        out: Doubles = values[low] * (1 - part) + values[high] * part
        if blur is not None:
            width = blur[:, None] if values.ndim > 1 else blur
            before, after = values[np.maximum(low - 1, 0)], values[np.minimum(low + 1, count - 1)]
            out = (1 - 2 * width) * out + width * (before + after)
        return out

    return Rows(
        between(10 ** (features.mid_cdb / 1000)),
        between(10 ** (features.side_cdb / 1000)),
        between(features.correlation / 100),
        between(features.balance_cdb / 100),
        between(features.crest_cdb / 100),
    )


def own_share(ours: Doubles, theirs: Doubles) -> Doubles:
    """(rows, 30): how much of what each band shows is its own, as a weight from 0 to 1.

    A tone just beside a band shows in it too, and nothing done to the band changes that: where the neighbours are
    the louder ones, a band has little to say. The weight falls so steeply that a few notes inside the band
    outvote many beside it.
    """
    level = np.sqrt(ours * theirs)
    beside = np.zeros_like(level)
    beside[:, 1:] += level[:, :-1]
    beside[:, :-1] += level[:, 1:]
    share: Doubles = np.maximum(level / np.maximum(level + beside, 1e-30), 1e-3) ** _STEEP
    return share


@cache
def k_weights() -> Doubles:
    """(30,): the power gain of BS.1770's K-weighting at each third octave."""
    z = np.exp(-2j * np.pi * CENTRES / 48000)
    gain = np.ones(len(CENTRES))
    for numerator, denominator in biquads(48000):
        gain *= np.abs(np.polyval(numerator[::-1], z) / np.polyval(denominator[::-1], z)) ** 2
    return gain


def ratio_db(over: Doubles, under: Doubles, *, floor: float) -> Doubles:
    """10 log10 of a ratio of powers, 0 where both are below ``floor``."""
    ratio: Doubles = 10 * np.log10(np.maximum(over, floor) / np.maximum(under, floor))
    return ratio


def decibels_between(over: float, under: float) -> float:
    return float(10 * np.log10(max(over, 1e-20) / max(under, 1e-20)))
