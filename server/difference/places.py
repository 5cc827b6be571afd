"""Where the tone or the level differs from what differs throughout: a part turned up for eight bars, a verse
with less low end, a chorus made wider."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.difference.aligned import Aligned, Doubles
from server.sound.features import ROWS_PER_SECOND
from server.sound.third_octaves import CENTRES

_WINDOW, _HOP = 15, 5  # rows: 1.5 s every half second
_LEAST_DB, _LEAST_DB_ANEW = 0.4, 2.0
_ABOVE_CHANCE = 3.5  # times the usual scatter
_BRIDGE_SECONDS, _SHORTEST, _SHORTEST_ANEW = 3.0, 0.5, 5.0
_GOOD_PART = 0.2
_BRIEF, _LEAST_BRIEF_DB = 1.5, 1.5  # a second and a half must differ by so much to be told
_NEAR = 5  # rows
_QUIET_DB, _FLOOR = 25.0, 1e-9


@dataclass(frozen=True)
class Region:
    """A part of the spectrum as people name it."""

    name: str
    low_hertz: float
    high_hertz: float

    @property
    def bands(self) -> NDArray[np.bool_]:
        return np.asarray((self.low_hertz <= CENTRES) & (self.high_hertz > CENTRES))


REGIONS = (
    Region("deep bass", 20, 60),
    Region("low end", 60, 250),
    Region("lower middle", 250, 500),
    Region("middle", 500, 2000),
    Region("upper middle", 2000, 6000),
    Region("treble", 6000, 22000),
)


@dataclass(frozen=True)
class Place:
    """``db``: how much louder B is from ``start`` to ``end`` (seconds of B) than it is elsewhere, beyond what
    differs throughout. ``region`` indexes REGIONS. ``share``: of B's loudness there, 0 to 1."""

    start: float
    end: float
    region: int
    db: float
    share: float


def places_that_differ(aligned: Aligned, *, shared: bool) -> list[Place]:
    """In the order of time; at equal loudness, each against what is usual for its region."""
    places: list[Place] = []
    if len(aligned.a_times) < 2 * _WINDOW:
        return places
    loudness = aligned.b.both.sum(axis=1)
    unchanged = _unchanged(aligned) if shared else None
    for index, region in enumerate(REGIONS):
        ours, theirs = (rows.both[:, region.bands].sum(axis=1) for rows in (aligned.a, aligned.b))
        for start, end, db in changes(ours, theirs, lines=aligned.lines, unchanged=unchanged):
            share = float(theirs[start:end].sum() / max(loudness[start:end].sum(), 1e-20))
            places.append(Place(*seconds_of(aligned, start, end), index, db, share))
    return sorted(places, key=lambda place: (place.start, -abs(place.db)))


def seconds_of(aligned: Aligned, start: int, end: int) -> tuple[float, float]:
    """Rows to seconds of B."""
    times = aligned.b_times[start:end]
    return float(times.min() - 0.05), float(times.max() + 0.05)


def _unchanged(aligned: Aligned) -> float:
    """The difference in dB that most places and regions have: that of what nobody touched."""
    pairs = [
        [_windowed(rows.both[:, region.bands].sum(axis=1)) for region in REGIONS]
        for rows in (aligned.a, aligned.b)
    ]
    a, b = np.concatenate(pairs[0]), np.concatenate(pairs[1])
    heard = np.minimum(a, b) > _FLOOR
    return float(np.median(10 * np.log10(b[heard] / a[heard]))) if heard.any() else 0.0


def changes(
    ours: Doubles, theirs: Doubles, *, lines: NDArray[np.intp], unchanged: float | None
) -> list[tuple[int, int, float]]:
    """(first row, last row + 1, dB) where theirs / ours is not what it usually is.

    What is usual is the middle; but where a good part of the song is just as ``unchanged`` as the rest of the
    spectrum, the others were touched, be they more. None: played anew, and only much counts.
    """
    shared = unchanged is not None
    a, b = _windowed(ours), _windowed(theirs)
    level = np.maximum(a, b)
    if not len(level) or level.max() <= _FLOOR:
        return []
    valid = level > max(_FLOOR, float(np.median(level)) * 10 ** (-_QUIET_DB / 10))
    difference = 10 * np.log10(np.maximum(b, _FLOOR) / np.maximum(a, _FLOOR))
    usual = float(np.median(difference[valid]))
    if unchanged is not None and np.mean(np.abs(difference[valid] - unchanged) < _LEAST_DB / 2) > _GOOD_PART:
        usual = unchanged
    away = np.where(valid, difference - usual, 0)
    scatter = max(
        # The steadiest tenth tells the scatter, or a change that lasts would hide itself.
        float(np.percentile(np.abs(away[part]), 10)) / 0.1257
        for part in _by_line(lines, valid)
    )
    least = max(_LEAST_DB if shared else _LEAST_DB_ANEW, _ABOVE_CHANCE * scatter)
    shortest = _SHORTEST if shared else _SHORTEST_ANEW
    a_near, b_near = (np.convolve(side, np.ones(_NEAR) / _NEAR, "same") for side in (ours, theirs))
    by_row = 10 * np.log10(np.maximum(b_near, _FLOOR) / np.maximum(a_near, _FLOOR)) - usual
    heard = np.maximum(ours, theirs) > max(_FLOOR, float(np.median(level)) * 10 ** (-_QUIET_DB / 10))
    found = []
    for first, last in _runs(np.where(np.abs(away) > least, np.sign(away), 0)):
        amount = float(np.median(away[first:last][np.abs(away[first:last]) > least]))
        start, end = _edges(by_row, heard, first * _HOP, (last - 1) * _HOP + _WINDOW, amount)
        if (end - start) / ROWS_PER_SECOND >= shortest:
            db = 10 * float(np.log10(theirs[start:end].sum() / ours[start:end].sum())) - usual
            brief = (end - start) / ROWS_PER_SECOND < _BRIEF
            if abs(db) >= (_LEAST_BRIEF_DB if brief else 0.75 * least) and (db > 0) == (amount > 0):
                found.append((start, end, db))
    return found


def _by_line(lines: NDArray[np.intp], valid: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """The valid windows of each line: where rows of the two fall differently, measurements scatter differently."""
    line = lines[: len(lines) - _WINDOW + 1 : _HOP][: len(valid)]
    parts = [np.flatnonzero(valid & (line == index)) for index in np.unique(line)]
    return [part for part in parts if len(part) >= 8] or [np.flatnonzero(valid)]


def _windowed(values: Doubles) -> Doubles:
    sums = np.concatenate(([0.0], np.cumsum(values)))
    means: Doubles = (sums[_WINDOW:] - sums[:-_WINDOW])[::_HOP] / _WINDOW
    return means


def _runs(signs: Doubles) -> Iterable[tuple[int, int]]:
    """Stretches of one sign, a pause of up to three seconds inside."""
    bridge = round(_BRIDGE_SECONDS * ROWS_PER_SECOND / _HOP)
    for sign in (1.0, -1.0):
        hits = np.flatnonzero(signs == sign)
        if not len(hits):
            continue
        against = signs == -sign
        breaks = [
            at for at in range(1, len(hits))
            if hits[at] - hits[at - 1] > bridge or against[hits[at - 1] : hits[at]].any()
        ]  # fmt: skip
        for part in np.split(hits, breaks):
            yield int(part[0]), int(part[-1]) + 1


def _edges(by_row: Doubles, heard: NDArray[np.bool_], first: int, last: int, db: float) -> tuple[int, int]:
    """The rows between which B differs by ``db``: where half of it is passed, by the sum of all evidence near
    the first and near the last window that said so."""
    evidence = np.clip(by_row / db, -1, 2) - 0.5
    evidence[~heard] = 0
    middle = (first + last) // 2
    low, inner = max(0, first - _HOP), min(middle, first + 2 * _WINDOW)
    before = np.cumsum(evidence[low:inner][::-1])
    start = inner - 1 - int(before.argmax()) if len(before) and before.max() > 0 else inner
    inner, high = max(middle, last - 2 * _WINDOW), min(len(by_row), last + _HOP)
    after = np.cumsum(evidence[inner:high])
    end = inner + int(after.argmax()) + 1 if len(after) and after.max() > 0 else inner
    return start, max(end, start + 1)
