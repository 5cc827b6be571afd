"""Where a held chord is let go. Under a last chord nothing begins, but what ends is as good a mark as what begins.

A chord that decays falls along a straight line of decibels. Where the level leaves that line for good, faster than it
decayed, a voice stopped or a hand came down: the release of the chord, or its offset, as transcribers of music say.
"""

import numpy as np

from server.difference.features import FRAMES_PER_SECOND
from server.difference.fitting import SILENT, Fitting, Music
from server.difference.passages import Doubles, Passage

_LINE_SECONDS = 1.0  # before a release, over which the decay has to be straight
_CROOKED_DB = 1.5  # standard deviation of what is no decay
_FALLEN, _FALL_DB = 0.3, 8.0  # seconds later it is silent, and so many decibels below the line
_LEFT_DB = 3.0  # below the line it has left it
_NEAR = 0.15  # of the seconds it is held: more than players slow down there, it is another one
_BLUR = 0.04  # seconds: levels tell no better


def let_go_together(passage: Passage, until: float, fitting: Fitting) -> Passage:
    """The passage, which has no onset after its last time, by way of the release that both have near its pace, and on
    as slowly or as fast as it got there; as it was if there is none."""
    since, there = float(passage.times[-1]), float(passage.places[-1])
    ours = release(fitting.a, since, until)
    theirs = release(fitting.b, there, passage.b_of(until) + _NEAR * (until - since))
    if ours is None or theirs is None:
        return passage
    if not _BLUR < abs(theirs - passage.b_of(ours)) < _NEAR * (ours - since):
        return passage
    pace = (theirs - there) / (ours - since)
    beyond = max(until, ours + 1)
    return Passage(
        np.append(passage.times, [ours, beyond]),
        np.append(passage.places, [theirs, theirs + pace * (beyond - ours)]),
        np.append(passage.margins, [0.0, 0.0]),
        passage.start,
        passage.end,
    )


def release(music: Music, since: float, until: float) -> float | None:
    """The first second between these at which the level leaves its decay for silence."""
    level = music.level.astype(np.float64)
    span, fallen = (round(seconds * FRAMES_PER_SECOND) for seconds in (_LINE_SECONDS, _FALLEN))
    first, last = (round(seconds * FRAMES_PER_SECOND) for seconds in (since, min(until, music.duration)))
    ahead = np.arange(1, fallen + 1)
    for frame in range(first + span, last - fallen):
        slope, height, crooked = _line(level[frame - span : frame])
        below = height + slope * ahead - level[frame : frame + fallen]
        straight = slope < 0 and crooked < _CROOKED_DB
        if straight and below[-1] > _FALL_DB and level[frame + fallen - 1] < SILENT:
            return (frame + int(np.argmax(below > _LEFT_DB))) / FRAMES_PER_SECOND
    return None


def _line(levels: Doubles) -> tuple[float, float, float]:
    """Decibels a frame, at the last frame, and how far off the levels are."""
    at = np.arange(1 - len(levels), 1)
    slope, height = np.polyfit(at, levels, 1)
    return float(slope), float(height), float(np.std(levels - slope * at - height))
