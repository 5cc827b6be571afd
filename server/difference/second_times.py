"""Where something was played twice in a row: the seam at which the second time begins.

A passage of A sits at the first time, the one after it goes on from the second, and in between both fit A as well:
A cannot tell where the one should end. B can, since it goes over the seam: up to there it goes on as ``before`` does,
from there as what led to ``after`` did. Where a part was left out it is A that goes over the seam. Both are asked,
and each counts by how clearly it tells one side of the seam from the other.
"""

from dataclasses import replace

import numpy as np

from server.difference.features import FRAMES_PER_SECOND
from server.difference.fitting import Fitting, doubt, frames_between
from server.difference.following import follow_back
from server.difference.passages import Doubles, Passage

_SHORTEST = 3.0  # seconds of B between the two: less is no second time
# How far before and after the end of the first time the seam may be.
_SOONER_SECONDS, _LATER_SECONDS = 3.0, 1.5
_TIE = 0.1  # what decides where all fit alike, in units of what fitting means
_DIFFERS = 0.3  # in the same units
_LEAST_CLEAR = 0.02
_SIDE = FRAMES_PER_SECOND  # frames at either end of what is looked at that lie on one side of the seam


def end_before_the_second_time(before: Passage, after: Passage, fitting: Fitting) -> None:
    """Moves the joint of two passages that meet in A, if B has between them what came before: the second time begins
    where ``before`` ends to fit and ``after``, followed back, begins to."""
    last = before.end
    if after.b_of(last) - before.b_of(last) < _SHORTEST:
        return
    back = replace(after)
    follow_back(back, before.start, fitting)
    low, high = max(last - _SOONER_SECONDS, before.start), min(last + _LATER_SECONDS, after.end)
    times = frames_between(low, high)
    if len(times) < 2 * _SIDE or back.places[0] > before.b_of(high):
        return
    gains = np.cumsum(_gained(before, back, times, fitting))
    over = float(times[int(gains.argmax())]) + 1 / FRAMES_PER_SECOND
    after.times, after.places, after.margins = back.times, back.places, back.margins
    before.end = after.start = over
    before.end_doubt = doubt(times, gains)
    # What follows may as well be the second time going on.
    after.start_doubt += max(0.0, last - over)


def _gained(before: Passage, back: Passage, times: Doubles, fitting: Fitting) -> Doubles:
    """(times,): what it brings to be still before the seam."""
    there = fitting.turned()
    fits = fitting.gains(before, times)
    ways = [
        fits - fitting.gains(back, times),
        fits - there.gains(back.turned(), before.b_at(times)),
    ]
    gained = np.average(ways, axis=0, weights=[_clearness(way) for way in ways])
    # Alike for a moment, it is the beginning that both have in common; alike all along, the first goes on to its end.
    return np.asarray(gained - _TIE if gained[:_SIDE].mean() > _DIFFERS else gained + _TIE)


def _clearness(way: Doubles) -> float:
    return max(_LEAST_CLEAR, min(float(way[:_SIDE].mean()), -float(way[-_SIDE:].mean())))
