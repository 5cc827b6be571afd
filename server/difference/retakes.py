"""From a walk in steps of 100 ms to straight lines: a take played anew, followed to a few milliseconds."""

import itertools

import numpy as np
from numpy.typing import NDArray

from server.difference.features import Traces
from server.difference.fitting import music_of
from server.difference.line import Line
from server.difference.passages import Passage
from server.difference.retake_joints import settle
from server.difference.sharpening import even, sharpened
from server.difference.takes import CELL_SECONDS, Walk
from server.difference.walking import stretches_of

_TOLERANCE = 0.015  # seconds that a straight line may be off
_SHORTEST = 1.5
_UNSURE = 0.5
_BRIEF = 4.0  # a stretch so short that breaks what goes on around it is chance
_CALM = 3000.0  # of a first path: what comes and goes within five seconds is no tempo
_PAUSE, _IN_STEP = 3.0, 0.4  # seconds: a pause so short, and then on as if there were none

Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]
Steps = tuple[Doubles, Doubles]  # times of A, places in B


def lines_along(walk: Walk, a: Traces, b: Traces, *, confidence: float) -> list[Line]:
    """The walk's stretches as lines, in the order of A; stretches under 1.5 s are no music."""
    ours, theirs = music_of(a), music_of(b, walk.semitones)
    passages = []
    for times, places in _unbroken(walk):
        times, path, margins = sharpened(*_smoothed(times, places, walk.speed), ours.frames, theirs.frames)
        path = np.maximum.accumulate(path + 1e-9 * np.arange(len(path)))
        passages.append(Passage(times, path, margins, float(times[0]), float(times[-1])))
    settle(passages, ours, theirs)
    lines = []
    for passage in passages:
        if passage.end - passage.start >= _SHORTEST:
            times, path = _within(passage, b.duration)
            sure = [passage.sure_at(float(middle)) for middle in (times[1:] + times[:-1]) / 2]
            lines += _straight(times, path, np.array(sure), confidence)
    return _once(lines)


def _unbroken(walk: Walk) -> list[Steps]:
    """The walk's stretches as times of A and places in B; what only stumbles is one."""
    cells = np.where(np.isnan(walk.places), -1, np.rint(walk.places / walk.speed / CELL_SECONDS)).astype(
        np.intp
    )
    parts = [
        (np.asarray((np.arange(first, last) + 0.5) * CELL_SECONDS, dtype=np.float64), walk.places[first:last])
        for first, last in stretches_of(cells)
    ]
    parts = _joined(parts, walk.speed)
    index = 1
    while index + 1 < len(parts):
        brief = len(parts[index][0]) * CELL_SECONDS < _BRIEF
        if brief and _goes_on(parts[index - 1], parts[index + 1], walk.speed, _BRIEF + _PAUSE):
            del parts[index]
        else:
            index += 1
    whole = _joined(parts, walk.speed, _BRIEF + _PAUSE)
    return [part for part in whole if part[0][-1] - part[0][0] >= _SHORTEST]


def _joined(parts: list[Steps], speed: float, longest: float = _PAUSE) -> list[Steps]:
    whole: list[Steps] = []
    for part in parts:
        if whole and _goes_on(whole[-1], part, speed, longest):
            last = whole[-1]
            whole[-1] = np.concatenate((last[0], part[0])), np.concatenate((last[1], part[1]))
        else:
            whole.append(part)
    return whole


def _goes_on(one: Steps, other: Steps, speed: float, longest: float) -> bool:
    pause = other[0][0] - one[0][-1]
    step = other[1][0] - one[1][-1]
    return bool(0 <= pause < longest and step > 0 and abs(step - speed * pause) < _IN_STEP)


def _smoothed(times: Doubles, places: Doubles, speed: float) -> Steps:
    """Every tenth of a second, without what wobbles faster than players do."""
    steady = np.append(np.arange(times[0], times[-1], CELL_SECONDS), times[-1])
    away = np.interp(steady, times, places - speed * times)
    return steady, even(away, np.ones(len(away)), _CALM) + speed * steady


def _within(passage: Passage, duration: float) -> tuple[Doubles, Doubles]:
    """From its start to its end, and no further than B goes."""
    edges = np.clip(
        [passage.start, passage.start + passage.start_doubt, passage.end - passage.end_doubt, passage.end],
        passage.start,
        passage.end,
    )
    inner = passage.times[(passage.times > passage.start) & (passage.times < passage.end)]
    times = np.unique(np.concatenate((edges, inner)))
    return times, np.clip(passage.b_at(times), 0, duration)


def _straight(times: Doubles, path: Doubles, sure: Bools, confidence: float) -> list[Line]:
    """The fewest straight lines that stay close (Ramer 1972, Douglas and Peucker 1973); ``sure``: whether between
    a time and the next the place is. Where not, a line is half as sure as the others."""
    path = np.maximum.accumulate(path)
    edges = [0, *(np.flatnonzero(sure[1:] != sure[:-1]) + 1).tolist(), len(times) - 1]
    corners, waiting = set(edges), list(itertools.pairwise(edges))
    while waiting:
        low, high = waiting.pop()
        if high - low < 2:
            continue
        between = np.interp(times[low : high + 1], times[[low, high]], path[[low, high]])
        off = np.abs(path[low : high + 1] - between)
        worst = low + int(off.argmax())
        if off.max() > _TOLERANCE and low < worst < high:
            corners.add(worst)
            waiting += [(low, worst), (worst, high)]
    return [
        Line(
            float(times[i]),
            float(times[j]),
            float(path[i]),
            float(path[j]),
            confidence * (1.0 if sure[i] else _UNSURE),
            shared=False,
        )
        for i, j in itertools.pairwise(sorted(corners))
        if path[j] > path[i]
    ]


def _once(lines: list[Line]) -> list[Line]:
    """No second of B twice: the later line in B begins where the one before ends."""
    kept: list[Line] = []
    end = -1.0
    for line in sorted(lines, key=lambda each: each.b_start):
        if line.b_end <= end + 1e-6:
            continue
        if line.b_start < end:
            late = (end - line.b_start) / line.speed
            line = Line(line.a_start + late, line.a_end, end, line.b_end, line.confidence, shared=False)
        kept.append(line)
        end = line.b_end
    return sorted(kept, key=lambda each: each.a_start)
