"""Where one passage of a take ends and the next begins: at the frame where the one stops to fit and the other
starts to.

What was played twice fits as well here as there; then the first time is the one that was there before
(``second_times``). But who goes on with the wrong one of two alike passages has to stumble to get there: then the joint
is at the stumble.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from server.difference.features import FRAMES_PER_SECOND
from server.difference.fitting import Fitting, Music, doubt, frames_between
from server.difference.following import follow_back, follow_on, run_on
from server.difference.free_ends import free_end, free_start
from server.difference.passages import Passage
from server.difference.second_times import end_before_the_second_time

_TOUCH = 3.0  # seconds: passages so near one another meet
_LATER = 0.2  # what keeps on with the first passage while both fit alike, in units of what fitting means
_FRAME = 1 / FRAMES_PER_SECOND  # the last one that fits is over
_STUMBLE, _AROUND = 0.08, 1.5  # seconds: no player leaps so far at once; how far from it the joint may be
_ENOUGH = 30  # steps of a path, three seconds, to know its pace


def settle(passages: list[Passage], a: Music, b: Music) -> None:
    """Moves the ends of passages, given in the order of A, to where the music says."""
    if not passages:
        return
    fitting = Fitting.of(passages, a, b)
    met: set[int] = set()  # whose end meets the next one's start
    for index, (before, after) in enumerate(pairwise(passages)):
        if after.start - before.end < _TOUCH:
            _meet(before, after, fitting)
            met.add(index)
    turned = [passage.turned() for passage in passages]
    for index, (before, after) in enumerate(pairwise(turned)):
        if index not in met and 0 <= after.start - before.end < _TOUCH and _neighbours(turned, index):
            _meet(before, after, fitting.turned())
            passages[index].end, passages[index + 1].start = before.b_of(before.end), after.b_of(after.start)
            passages[index].end_doubt, passages[index + 1].start_doubt = before.end_doubt, after.start_doubt
            met.add(index)
    for index, passage in enumerate(passages):
        if index - 1 not in met:
            passage.start = free_start(passage, passages, fitting)
        if index not in met:
            run_on(passage, fitting)
            passage.end = free_end(passage, passages, fitting)


def _neighbours(turned: list[Passage], index: int) -> bool:
    """No other passage begins between this one's end and the next one's start."""
    low, high = turned[index].start, turned[index + 1].start
    return not any(low < other.start < high for other in turned)


def _meet(before: Passage, after: Passage, fitting: Fitting) -> None:
    follow_on(before, after.end, fitting)
    times = frames_between(before.start, after.end)
    if len(times) < 2:
        return
    gains = np.cumsum(fitting.gains(before, times) - fitting.gains(after, times) + _LATER)
    before.end = after.start = float(times[int(gains.argmax())]) + _FRAME
    before.end_doubt = after.start_doubt = doubt(times, gains)
    if not _end_at_a_stumble(before, after, fitting):
        end_before_the_second_time(before, after, fitting)


def _end_at_a_stumble(before: Passage, after: Passage, fitting: Fitting) -> bool:
    """Where ``before`` stumbles, and from there on ``after``, followed back, fits as well, it is the one of two alike
    passages that went on at its pace; whether that was so."""
    back = replace(after)
    follow_back(back, before.start, fitting)
    times = frames_between(max(before.start, float(back.times[0])), before.end)
    if len(times) < 2:
        return False
    leaps = np.abs(before.leaps_at(times))
    if leaps.max() < _STUMBLE:
        return False
    stumble = float(times[int(leaps.argmax())])
    # So near to it both were bent to meet: there they run on at the pace they had.
    steady, other = before.only(until=stumble - _AROUND), back.only(since=stumble + _AROUND)
    if min(len(steady.times), len(other.times)) < _ENOUGH:
        return False
    near = frames_between(stumble - _AROUND, stumble + _AROUND)
    gains = np.cumsum(fitting.gains(steady, near) - fitting.gains(other, near))
    joint = float(near[int(gains.argmax())]) + _FRAME
    later = times[times > joint]
    if (fitting.gains(before, later) - fitting.gains(back, later)).sum() > _LATER / 2 * len(later):
        return False
    before.times, before.places, before.margins = steady.times, steady.places, steady.margins
    after.times, after.places, after.margins = other.times, other.places, other.margins
    before.end = after.start = joint
    before.end_doubt = after.start_doubt = doubt(near, gains)
    return True
