"""What is more and what is less in B, band by band, along the time of A, at equal loudness: small enough to draw."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.difference.aligned import Doubles, Rows
from server.difference.measurements import Difference
from server.sound.decibels import rounded
from server.sound.third_octaves import NOMINAL

COLUMNS = 1200  # at most: what a screen shows
LEAST_STEP = 0.25
_STEP_GRAIN = 0.05
_SMOOTH_SECONDS = 3.0  # played anew, single notes fall beside each other, and only what lasts says something
_SILENT, _SOFTEST_DB = 1e-9, 40.0  # so far below what is usual a band is silent to who listens
_MOST_DB = 40.0


@dataclass(frozen=True)
class PictureBand:
    key: str
    name: str
    from_hz: int
    to_hz: int

    @property
    def third_octaves(self) -> NDArray[np.bool_]:
        """(30,): those that lie in it."""
        nominal = np.array(NOMINAL)
        top = nominal[-1] + 1 if self.to_hz == NOMINAL[-1] else self.to_hz
        return np.asarray((nominal >= self.from_hz) & (nominal < top))


# From the top down, as they are drawn.
BANDS = (
    PictureBand("air", "air", 8000, 20000),
    PictureBand("presence", "presence", 2000, 8000),
    PictureBand("mids", "mids", 500, 2000),
    PictureBand("low-mids", "low mids", 120, 500),
    PictureBand("low-end", "low end", 20, 120),
)


@dataclass(frozen=True)
class Picture:
    """``step``: seconds of A a column. ``bands``: (bands, columns), ``level``: (columns,), ``width``: (columns,), dB,
    B minus A at equal loudness; not-a-number where A has no counterpart in B, and where both are silent.

    ``level`` is K-weighted, so it says where B is louder than it is on the whole; ``width`` is side over mid.
    """

    step: float
    bands: Doubles
    level: Doubles
    width: Doubles

    def to_json(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "bands": [
                {
                    "key": band.key,
                    "name": band.name,
                    "from_hz": band.from_hz,
                    "to_hz": band.to_hz,
                    "db": _numbers(values),
                }
                for band, values in zip(BANDS, self.bands, strict=True)
            ],
            "level_db": _numbers(self.level),
            "width_db": _numbers(self.width),
        }


def draw(difference: Difference) -> Picture:
    """The picture of a difference; empty of numbers where two recordings have nothing in common."""
    step = step_for(difference.a.duration)
    columns = _Columns(difference, step)
    gain = 10 ** (difference.matched_gain_db / 10)
    ours, theirs = difference.aligned.a, difference.aligned.b
    bands = [
        _more_or_less(columns.mean(_power_of(ours, band)), gain * columns.mean(_power_of(theirs, band)))
        for band in BANDS
    ]
    level = _more_or_less(columns.mean(ours.loudness), gain * columns.mean(theirs.loudness))
    widths = [
        _width(columns.mean(rows.mid.sum(axis=1)), columns.mean(rows.side.sum(axis=1)))
        for rows in (ours, theirs)
    ]
    return Picture(step, np.array(bands), level, widths[1] - widths[0])


def step_for(seconds: float) -> float:
    """Seconds a column: growing with the length, so that three hours are no more to draw than three minutes."""
    grains = math.ceil(seconds / COLUMNS / _STEP_GRAIN - 1e-9)
    return max(LEAST_STEP, round(grains * _STEP_GRAIN, 2))


class _Columns:
    """Means over the rows of each column: not-a-number where it has none."""

    def __init__(self, difference: Difference, step: float) -> None:
        self._of_row = (difference.aligned.a_times / step).astype(np.intp)
        self._count = max(1, math.ceil(difference.a.duration / step - 1e-9))
        self._rows = np.bincount(self._of_row, minlength=self._count).astype(np.float64)
        smooth = 1 if difference.time_map.shared else math.ceil(_SMOOTH_SECONDS / step)
        self._kernel = np.ones(min(smooth // 2 * 2 + 1, self._count))

    def mean(self, values: Doubles) -> Doubles:
        """(rows,) to (columns,)."""
        sums: Doubles = np.bincount(self._of_row, weights=values, minlength=self._count).astype(np.float64)
        sums, counts = (np.convolve(part, self._kernel, "same") for part in (sums, self._rows))
        return np.asarray(np.where(self._rows > 0, sums / np.maximum(counts, 1), np.nan))


def _power_of(rows: Rows, band: PictureBand) -> Doubles:
    power: Doubles = rows.both[:, band.third_octaves].sum(axis=1)
    return power


def _more_or_less(ours: Doubles, theirs: Doubles) -> Doubles:
    """(columns,): dB; not-a-number where both are silent."""
    louder = np.fmax(ours, theirs)
    floor = _silence_of(louder)
    db = 10 * np.log10(np.maximum(theirs, floor) / np.maximum(ours, floor))
    return np.where(louder > floor, np.clip(db, -_MOST_DB, _MOST_DB), np.nan)


def _width(mid: Doubles, side: Doubles) -> Doubles:
    """(columns,): side over mid in dB, mono is -40; not-a-number in silence."""
    both = mid + side
    least = 10 ** (-_MOST_DB / 10) * both
    with np.errstate(invalid="ignore"):
        width = 10 * np.log10(np.maximum(side, least) / np.maximum(mid, least))
    return np.where(both > _silence_of(both), width, np.nan)


def _silence_of(powers: Doubles) -> float:
    """What is no louder is silent to who hears the rest."""
    sounding = powers[powers > _SILENT]
    usual = float(np.median(sounding)) if len(sounding) else 0.0
    return max(_SILENT, usual * 10 ** (-_SOFTEST_DB / 10))


def _numbers(values: Doubles) -> list[float | None]:
    return [rounded(value, 2) for value in values.tolist()]
