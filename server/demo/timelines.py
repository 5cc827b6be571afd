"""The timelines of all ten versions, known before a single note is rendered."""

from collections.abc import Callable
from functools import cache

import numpy as np

from server.demo.audio import SAMPLE_RATE, frames_of
from server.demo.score.form import END, section, section_at
from server.demo.timeline import Place, Timeline

SIXTEENTH = 5606  # frames: 118 beats a minute, every grid line on a sample
BEAT = 4 * SIXTEENTH

# The programmed arrangement in blocks of beats, and how its second version orders them (block, turn).
BLOCKS = ((0, 8), (8, 40), (40, 72), (72, 104), (104, 120), (120, 136), (136, 152), (152, END))
FIRST_ORDER = tuple((block, 0) for block in range(8))
SECOND_ORDER = (
    (0, 0),
    (1, 0),
    (2, 0),
    (4, 0),
    (3, 0),
    (5, 0),
    (6, 0),
    (6, 1),
    (7, 0),
)  # bridge early, hook again

SKETCH_HEAD = frames_of(0.9)
RECORDING_HEAD = frames_of(0.35)
RECORDING_TAIL = frames_of(1.1)
MOVED_JOINT = 1367  # frames cut just before the chorus, 31 ms
EARLY = 441  # joints sit 10 ms before the beat so that the stroke itself stays whole
MASTER_HEAD_TRIM = 7351  # frames; odd on purpose
MASTER_TAIL_TRIM = 13_230
DISTRIBUTION_HEAD = 8191


@cache
def timeline(number: int) -> Timeline:
    """The timeline of version 1..10."""
    return _MAKERS[number]()


def kept_by_the_edit() -> tuple[tuple[int, int], ...]:
    """Frame ranges of the recording (version 4) the edit (version 5) keeps."""
    recording = timeline(4)

    def joint(beat: float) -> int:
        return round(recording.sounding(beat)) - EARLY

    chorus, half_verse, bridge = joint(section("chorus").start), joint(88), joint(section("bridge").start)
    start, end = round(recording.sounding(-0.5)), recording.places[-1].end
    return ((start, chorus - MOVED_JOINT), (chorus, half_verse), (bridge, end))


def _sketch() -> Timeline:
    """Alone with a guitar: intro, a verse, a chorus and a goodbye, slower, and not steady."""
    rng = np.random.default_rng(1)
    places, at = [], SKETCH_HEAD
    for beat in [*range(0, 72, 2), *range(152, int(END), 2)]:
        bpm = 105 + rng.normal(0, 1.1) - (5 if beat >= 160 else 0) + (2 if 40 <= beat < 72 else 0)
        end = at + frames_of(2 * 60 / bpm)
        places.append(Place(beat, beat + 2, at, end))
        at = end
    return Timeline(tuple(places), at + frames_of(0.8))


def _arranged(order: tuple[tuple[int, int], ...]) -> Timeline:
    places, at = [], 0
    for block, turn in order:
        start, end = BLOCKS[block]
        frames = round((end - start) * BEAT)
        places.append(Place(start, end, at, at + frames, turn))
        at += frames
    return Timeline(tuple(places), at)


def _recording() -> Timeline:
    """No click: every beat has its own length, choruses push, the bridge leans back."""
    rng = np.random.default_rng(4)
    push = {"chorus": 2.5, "last chorus": 3.2, "bridge": -3.0, "outro": -1.5}
    drift, places, at = 0.0, [], RECORDING_HEAD
    for beat in range(-5, int(END)):
        drift = 0.93 * drift + rng.normal(0, 0.55)
        slowing = max(0, beat - 154) * 0.7
        bpm = 117.5 + push.get(section_at(beat).name, 0) + drift - slowing
        end = at + round(60 * SAMPLE_RATE / bpm)
        places.append(Place(beat, beat + 1, at, end))
        at = end
    return Timeline(tuple(places), at + RECORDING_TAIL)


def _master() -> Timeline:
    mixed = timeline(8)
    return mixed.spliced([(MASTER_HEAD_TRIM, mixed.frames - MASTER_TAIL_TRIM)])


def _distribution() -> Timeline:
    mastered = timeline(9)
    return mastered.spliced([(0, mastered.frames)], head=DISTRIBUTION_HEAD)


def _edited() -> Timeline:
    return timeline(4).spliced(kept_by_the_edit())


_MAKERS: dict[int, Callable[[], Timeline]] = {
    1: _sketch,
    2: lambda: _arranged(FIRST_ORDER),
    3: lambda: _arranged(SECOND_ORDER),
    4: _recording,
    **dict.fromkeys((5, 6, 7, 8), _edited),
    9: _master,
    10: _distribution,
}
