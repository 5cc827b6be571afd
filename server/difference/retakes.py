"""From a walk in steps of 100 ms to straight lines: a take played anew, followed to a few milliseconds."""

import itertools

import numpy as np
from numpy.typing import NDArray

from server.difference.features import Traces
from server.difference.line import Line
from server.difference.passages import Passage
from server.difference.retake_joints import music_of, settle
from server.difference.sharpening import sharp, sharpened
from server.difference.takes import CELL_SECONDS, Walk, stretches_of

_TOLERANCE = 0.015  # seconds that a straight line may be off
_SHORTEST = 1.5
_BRIEF = 4.0  # a stretch so short that breaks what goes on around it is chance
_PAUSE, _IN_STEP = 3.0, 0.4  # seconds: a pause so short, and then on as if there were none

Doubles = NDArray[np.float64]
Steps = tuple[Doubles, Doubles]  # times of A, places in B


def lines_along(walk: Walk, a: Traces, b: Traces, *, confidence: float) -> list[Line]:
    """The walk's stretches as lines, in the order of A; stretches under 1.5 s are no music."""
    ours, theirs = sharp(a.rises), sharp(b.rises)
    passages = []
    for times, places in _unbroken(walk):
        path = _smoothed(times, places, walk.speed)
        times, path = sharpened(times, path, ours, theirs)
        path = np.maximum.accumulate(path + 1e-9 * np.arange(len(path)))
        passages.append(Passage(times, path, float(times[0]), float(times[-1])))
    settle(passages, music_of(a), music_of(b, walk.semitones))
    lines = []
    for passage in passages:
        if passage.end - passage.start >= _SHORTEST:
            lines += _straight(*_within(passage, b.duration), confidence)
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


def _smoothed(times: Doubles, places: Doubles, speed: float, cells: int = 15) -> Doubles:
    """Straight in the mean over a second and a half."""
    away = places - speed * times
    cells = min(cells, len(away) // 2 * 2 - 1) if len(away) > 2 else 1
    padded = np.pad(away, cells // 2, mode="edge")
    smooth: Doubles = np.convolve(padded, np.ones(cells) / cells, "valid")
    return smooth + speed * times


def _within(passage: Passage, duration: float) -> tuple[Doubles, Doubles]:
    """From its start to its end, and no further than B goes."""
    inner = passage.times[(passage.times > passage.start) & (passage.times < passage.end)]
    times = np.concatenate(([passage.start], inner, [passage.end]))
    return times, np.clip(passage.b_at(times), 0, duration)


def _straight(times: Doubles, path: Doubles, confidence: float) -> list[Line]:
    """The fewest straight lines that stay close (Ramer 1972, Douglas and Peucker 1973)."""
    path = np.maximum.accumulate(path)
    corners, waiting = {0, len(times) - 1}, [(0, len(times) - 1)]
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
    places = sorted(corners)
    return [
        Line(float(times[i]), float(times[j]), float(path[i]), float(path[j]), confidence, shared=False)
        for i, j in itertools.pairwise(places)
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
