"""The null: what is left of B when A is taken away from it, after matching gain and delay to a fraction of a
sample.

Where two files hold the same audio nothing is left but rounding; where a spot was edited, it stays. The delay
comes from the time map, is made exact on two seconds, and is applied by interpolation; gain and residual
are those of the least squares. Nothing is ever matched by more than one gain and one delay a line.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.difference.analysed import Analysed
from server.difference.interpolation import at_places
from server.difference.line import Line
from server.difference.time_map import TimeMap
from server.difference.trace_meter import nearly_middle
from server.sound.reading import Reader, open_audio

BAR_SECONDS = 0.5
_SEARCH_SECONDS = 0.0015
_TELLING_BARS = 4  # of them tell the delay
_MARGIN = 256  # samples beside a piece that hide the ends of the phase turn
_LEAST_DRIFT, _MAP_ERROR = 0.3, 0.0005  # samples along the line; seconds
_FLOOR = 1e-12
DEEPEST_DB = -120.0

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Null:
    """``starts``: (bars,) seconds of B; ``residual_db``: (bars,), below B itself; ``level_db``: (bars,), B's
    mean square; ``gain_db``: what A was raised by; ``depth_db``: the residual of the whole."""

    starts: Doubles
    residual_db: Doubles
    level_db: Doubles
    gain_db: float
    depth_db: float

    @property
    def silent(self) -> bool:
        """Nothing is left but what 16 bits round to."""
        return self.depth_db <= -75.0

    def by_bar(self, bpm: float | None) -> tuple[Doubles, Doubles]:
        """(bars,): where each bar of four beats starts and its residual in dB below B there; half seconds where
        the tempo is not known. Bars are counted from where the null begins: a downbeat is not known."""
        if not bpm or not len(self.starts):
            return self.starts, self.residual_db
        bars = np.floor((self.starts - self.starts[0]) / (240 / bpm)).astype(np.intp)
        theirs = 10 ** (self.level_db / 10)
        left = np.bincount(bars, theirs * 10 ** (self.residual_db / 10)).astype(np.float64)
        whole = np.bincount(bars, theirs).astype(np.float64)
        there = np.bincount(bars) > 0
        starts = self.starts[0] + np.flatnonzero(there) * 240 / bpm
        return starts, np.clip(_db(left[there]) - _db(whole[there]), DEEPEST_DB, 6)


def find_null(a: Analysed, b: Analysed, time_map: TimeMap, *, flipped: bool = False) -> Null | None:
    """None where the two share no audio, run at two sample rates, or cannot be read.

    ``flipped``: B's second channel is upside down, and is turned back first.
    """
    lines = [line for line in time_map.lines if line.shared and line.a_end - line.a_start > 2 * BAR_SECONDS]
    same_rate = a.analysis.facts.sample_rate == b.analysis.facts.sample_rate
    if not lines or not same_rate or a.path is None or b.path is None:
        return None
    with open_audio(a.path) as ours, open_audio(b.path) as theirs:
        pieces = [_sums_along(ours, theirs, line, flipped=flipped) for line in lines]
    starts, ours_power, product, theirs_power = np.concatenate(pieces, axis=1)
    if not len(starts) or not np.any(ours_power > _FLOOR):
        return None
    # One gain for all: the middle one of those bars that can tell, so that an edited bar has no say.
    telling = ours_power > 1e-3 * ours_power.max()
    gain = float(np.median(product[telling] / ours_power[telling]))
    left = np.maximum(theirs_power - 2 * gain * product + gain**2 * ours_power, 0)
    order = np.argsort(starts)
    residual = _db(left) - _db(theirs_power)
    residual[(left < _FLOOR) & (theirs_power < _FLOOR)] = DEEPEST_DB
    return Null(
        starts[order],
        np.clip(residual, DEEPEST_DB, 6)[order],
        _db(theirs_power)[order],
        20 * float(np.log10(max(abs(gain), 1e-6))),
        max(DEEPEST_DB, float(_db(left.sum(keepdims=True))[0] - _db(theirs_power.sum(keepdims=True))[0])),
    )


def _db(powers: Doubles) -> Doubles:
    levels: Doubles = 10 * np.log10(np.maximum(powers, 1e-15))
    return levels


def _sums_along(ours: Reader, theirs: Reader, line: Line, *, flipped: bool) -> Doubles:
    """(4, bars): seconds of B, and the means of A's square, of the product and of B's square."""
    rate = ours.sample_rate
    bar = round(BAR_SECONDS * rate)
    about = round((line.b_start - line.a_start) * rate)
    # A margin more, because the map is not exact to the sample, and B must not be asked for what is before it.
    first = max(round(line.a_start * rate), -about) + 2 * _MARGIN
    bars = (min(round(line.a_end * rate), round(line.b_end * rate) - about) - first - 3 * _MARGIN) // bar
    if bars < 1:
        return np.empty((4, 0))
    delay, drift = _delay_and_drift(ours, theirs, line, (first, bars, bar), about, flipped=flipped)
    whole = math.floor(delay + 0.01)
    within = np.arange(bar)
    sums = []
    pieces = zip(_pieces(ours, first, bar, bars), _pieces(theirs, first + whole, bar, bars), strict=False)
    for index, (mine, his) in enumerate(pieces):
        mine, his = same_channels(mine, _turned_back(his) if flipped else his)
        if mine.shape != his.shape:
            break
        late = delay - whole + drift * (index + within / bar)
        mine, his = at_places(mine, _MARGIN + within - late), his[:, _MARGIN:-_MARGIN]
        products = (
            np.mean(one * two, dtype=np.float64) for one, two in ((mine, mine), (mine, his), (his, his))
        )
        sums.append(((first + whole + index * bar) / rate, *map(float, products)))
    return np.array(sums).T if sums else np.empty((4, 0))


def _pieces(reader: Reader, start: int, bar: int, bars: int) -> Iterator[Floats]:
    """Bars with a margin on both sides, each overlapping the next."""
    kept: Floats | None = None
    blocks = reader.blocks(bar, start=max(0, start - _MARGIN))
    for _ in range(bars + 1):
        block = next(blocks, None)
        if block is None:
            break
        samples = block.samples
        if kept is not None:
            whole = np.concatenate((kept, samples[:, : 2 * _MARGIN]), axis=1)
            if whole.shape[1] == bar + 2 * _MARGIN:
                yield whole
        kept = samples


def _turned_back(samples: Floats) -> Floats:
    """(channels, n): every second channel upside down."""
    return samples * np.where(np.arange(len(samples)) % 2, -1, 1)[:, None].astype(np.float32)


def same_channels(mine: Floats, his: Floats) -> tuple[Floats, Floats]:
    """(channels, n) each: as they are, or both in mono where their numbers differ."""
    if len(mine) == len(his):
        return mine, his
    return mine.mean(axis=0, keepdims=True), his.mean(axis=0, keepdims=True)


def _delay_and_drift(
    ours: Reader, theirs: Reader, line: Line, grid: tuple[int, int, int], about: int, *, flipped: bool
) -> tuple[float, float]:
    """Samples that the first bar is late, and by how many more each next one is."""
    first, bars, bar = grid
    drift, middle = (line.speed - 1) * bar, bars // 2

    def late(index: int, drift: float) -> float:
        there = about + round(drift * (index + _TELLING_BARS / 2))
        return _exact_delay(ours, theirs, (first + index * bar, there), drift, bar, flipped=flipped)

    # The map knows a drift to a fraction of a millisecond only: what it tells of may be its own.
    early, end = bars // 4, bars - 1 - bars // 4
    if abs(drift) * bars >= _LEAST_DRIFT and end > early:
        grown = late(end, drift) - late(early, drift)
        if abs(grown - drift * (end - early)) < _MAP_ERROR * ours.sample_rate:
            drift = grown / (end - early)
    if abs(drift) * bars < _LEAST_DRIFT:
        return late(middle, 0.0), 0.0
    return late(middle, drift) - drift * (middle + _TELLING_BARS / 2), drift


def _exact_delay(
    ours: Reader, theirs: Reader, at: tuple[int, int], drift: float, bar: int, *, flipped: bool
) -> float:
    """B's place minus A's in samples, in the middle of two seconds from ``at`` (place in A, about so much later in
    B)."""
    middle, about = at
    length = _TELLING_BARS * bar
    here = nearly_middle(next(ours.blocks(length, start=middle)).samples)[None]
    block = next(theirs.blocks(length, start=max(0, middle + about)), None)
    if block is None:
        return float(about)
    there = nearly_middle(_turned_back(block.samples) if flipped else block.samples)
    length = min(here.shape[1], len(there))
    if length < 1024:
        return float(about)
    places = np.arange(length)
    stretched = at_places(here[:, :length], places - drift / bar * (places - length / 2))[0]
    return about + lag_between(stretched, there[:length], round(_SEARCH_SECONDS * ours.sample_rate))


def lag_between(here: Floats, there: Floats, reach: int) -> float:
    """By how many samples ``there`` comes after ``here``, (n,) each: up to ``reach``, upside down or not."""
    length = len(here)
    cross = np.fft.rfft(there, 2 * length) * np.conj(np.fft.rfft(here, 2 * length))
    products = np.fft.irfft(cross, 2 * length)
    nearby = np.abs(np.concatenate((products[-reach:], products[: reach + 1])))
    whole = int(nearby.argmax()) - reach
    # The fraction: the slope of the phase that is left, where there is power.
    hertz = np.arange(len(cross)) / (2 * length)
    used = (hertz > 0.002) & (hertz < 0.25)
    cross = cross[used] * np.exp(2j * np.pi * hertz[used] * whole)
    cross *= 1 if cross.real.sum() > 0 else -1
    weight = np.abs(cross) * hertz[used]
    slope = float(np.sum(weight * np.angle(cross)) / max(np.sum(weight * hertz[used]), 1e-20))
    fraction = -slope / (2 * np.pi)
    return whole + (fraction if 0.02 < abs(fraction) < 1 else 0.0)
