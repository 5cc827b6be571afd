"""How long the sound rings on after a stop, where the music stops and lets it be told.

At each place where both recordings fall freely, Schroeder's backward integration (1965) turns the fall into a
smooth curve; its slope from -5 to -25 dB, times three, is the time for 60 dB (ISO 3382's T20). What rings there
is room, reverb and the instruments themselves, so only the difference between two versions says something.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from server.difference.aligned import Aligned, Doubles
from server.sound.features import ROWS_PER_SECOND
from server.sound.third_octaves import CENTRES

_USED = (CENTRES > 200) & (CENTRES < 5000)
_SHORTEST, _LONGEST = 5, 40  # rows
_FALL_DB, _FROM_DB, _TO_DB = 22.0, -5.0, -25.0
_LEVEL_WITH_DB = 1.0  # a row may rise by so much and the fall goes on
_CROOKED_DB = 2.0  # a fall so far off a straight line is no decay
_LEAST_STOPS = 3


@dataclass(frozen=True)
class Decay:
    """Seconds for 60 dB, before and now: the middle of ``stops`` places."""

    before: float
    now: float
    stops: int


def find_decay(aligned: Aligned) -> Decay | None:
    """None where the music never stops, in both at the same places, long enough to tell."""
    ours, theirs = aligned.a.both[:, _USED].sum(axis=1), aligned.b.both[:, _USED].sum(axis=1)
    times = []
    for first, last in _falls(np.minimum(ours, theirs), aligned):
        pair = [_seconds_for_60_db(powers[first:last]) for powers in (ours, theirs)]
        if pair[0] is not None and pair[1] is not None:
            times.append((pair[0], pair[1]))
    if len(times) < _LEAST_STOPS:
        return None
    before, now = np.median(np.array(times), axis=0).tolist()
    return Decay(before, now, len(times))


def _falls(powers: Doubles, aligned: Aligned) -> list[tuple[int, int]]:
    """(first row, last row + 1): stretches without a new sound, over 22 dB deep."""
    if len(powers) < _SHORTEST:
        return []
    levels = 10 * np.log10(np.maximum(powers, 1e-12))
    steps = np.abs(np.diff(aligned.a_times) * ROWS_PER_SECOND - 1) < 0.1
    rises = np.diff(levels) > _LEVEL_WITH_DB
    edges = [-1, *np.flatnonzero(rises | ~steps).tolist(), len(levels) - 1]
    found = []
    for before, after in pairwise(edges):
        first, last = before + 1, min(after + 1, before + 1 + _LONGEST)
        if last - first < _SHORTEST:
            continue
        first += int(levels[first:last].argmax())
        if last - first >= _SHORTEST and levels[first] - levels[first:last].min() > _FALL_DB:
            found.append((first, last))
    return found


def _seconds_for_60_db(powers: Doubles) -> float | None:
    """None for what does not fall straight."""
    lowest = int(powers.argmin())
    # What lies at the end of the fall is noise: it is no part of what decays.
    rest = np.maximum(powers[: lowest + 1] - powers[lowest], 0)
    left = np.cumsum(rest[::-1])[::-1]
    curve = 10 * np.log10(np.maximum(left, 1e-30) / max(float(left[0]), 1e-30))
    used: NDArray[np.intp] = np.flatnonzero((curve <= _FROM_DB) & (curve >= _TO_DB))
    if len(used) < 3:
        return None
    seconds = used / ROWS_PER_SECOND
    slope, start = np.polyfit(seconds, curve[used], 1)
    if slope >= 0 or np.abs(curve[used] - start - slope * seconds).max() > _CROOKED_DB:
        return None
    return float(-60 / slope)
