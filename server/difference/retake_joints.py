"""Where one passage of a take ends and the next begins: at the frame where the one stops to fit and the other
starts to.

What was played twice fits as well here as there; then the first time is the one that was there before.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from server.difference.features import FRAMES_PER_SECOND, LEVEL_SECONDS, Traces
from server.difference.passages import Doubles, Passage
from server.difference.sharpening import Floats, sharp, sharpened
from server.difference.takes import CELL_SECONDS

_TOUCH = 3.0  # seconds: passages so near one another meet
_FREE_LOOK = 5.0  # how far an end may move that meets nothing, more than the walk blurs
_LATER = 0.2  # what keeps on with the first passage while both fit alike, in units of what fitting means
_NEARLY = 8.0  # frames of fitting: an end that costs no more may be the true one
_STRIDE, _CHECK, _STILL_FITS = 6.0, 2.0, 0.3  # seconds; and of what fitting means
_WALKED = 0.4  # of what fitting means: the walk came through here, for all that the frames say
_BREATH = 0.25  # seconds at the ends of a recording that are worth no word
_LOUD, _SILENT, _SOUNDS = 95, -38.0, -28.0  # percent of the time; dB
_ELSEWHERE = (-7.3, -3.7, 2.9, 5.3, 11.9)  # seconds beside the path: what does not fit looks like there
_CHROMA, _RISES = 0.8, 0.6


@dataclass(frozen=True)
class Music:
    """What is compared: (frames of 20 ms, features), of length about 1, and how long it lasts. ``level``: (frames,),
    dB below what is loud in this recording."""

    frames: Floats
    level: Floats
    duration: float

    def at(self, times: Doubles) -> NDArray[np.intp]:
        """The frames at these seconds, or the nearest that are there."""
        return np.clip(np.rint(times * FRAMES_PER_SECOND).astype(np.intp), 0, len(self.frames) - 1)


def music_of(traces: Traces, semitones: int = 0) -> Music:
    chroma = np.roll(traces.chroma, -semitones, axis=1)
    kernel = np.ones(5, dtype=np.float32) / 5
    chroma = np.stack(
        [np.convolve(each, kernel, "same") for each in (chroma - chroma.mean(axis=0)).T], axis=1
    )
    lengths = np.linalg.norm(chroma, axis=1, keepdims=True)
    chroma = chroma / np.maximum(lengths, 0.3 * float(lengths.mean()) + 1e-9)
    frames = np.concatenate((_CHROMA * chroma, _RISES * sharp(traces.rises)), axis=1)
    return Music(frames.astype(np.float32), _level(traces), traces.duration)


def _level(traces: Traces) -> Floats:
    levels = traces.levels.astype(np.float32)
    levels -= np.percentile(levels, _LOUD) if len(levels) else 0
    at = np.arange(len(traces.chroma)) / FRAMES_PER_SECOND / LEVEL_SECONDS
    return levels[np.minimum(at.astype(np.intp), len(levels) - 1)]


@dataclass(frozen=True)
class Fitting:
    """``least``: a frame that is less alike fits no more; ``usual``: by how much one that fits is above."""

    a: Music
    b: Music
    least: float
    usual: float

    @classmethod
    def of(cls, passages: list[Passage], a: Music, b: Music) -> "Fitting":
        inside, beside = [], []
        for passage in passages:
            times = _frames(passage.start, passage.end)
            places = passage.b_at(times)
            inside.append(_alike(a, b, times, places))
            beside += [_alike(a, b, times, places + away) for away in _ELSEWHERE]
        fits, misses = float(np.mean(np.concatenate(inside))), float(np.mean(np.concatenate(beside)))
        return cls(a, b, (fits + misses) / 2, max(1e-6, (fits - misses) / 2))

    def turned(self) -> "Fitting":
        return Fitting(self.b, self.a, self.least, self.usual)

    def gains(self, passage: Passage, times: Doubles) -> Doubles:
        """(times,): above 0 where the passage fits; about 1 where it does. Silence and music never do."""
        places = passage.b_at(times)
        gains = (_alike(self.a, self.b, times, places) - self.least) / self.usual
        ours, theirs = (side.level[side.at(when)] for side, when in ((self.a, times), (self.b, places)))
        apart = (np.minimum(ours, theirs) < _SILENT) & (np.maximum(ours, theirs) > _SOUNDS)
        return np.where(apart, np.minimum(gains, -1), gains)


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
            passage.start = _free_start(passage, passages, fitting)
        if index not in met:
            passage.end = _free_end(passage, passages, fitting)


def _neighbours(turned: list[Passage], index: int) -> bool:
    """No other passage begins between this one's end and the next one's start."""
    low, high = turned[index].start, turned[index + 1].start
    return not any(low < other.start < high for other in turned)


def _meet(before: Passage, after: Passage, fitting: Fitting) -> None:
    _follow_on(before, after.end, fitting)
    times = _frames(before.start, after.end)
    if len(times) < 2:
        return
    gains = np.cumsum(fitting.gains(before, times) - fitting.gains(after, times) + _LATER)
    before.end = after.start = float(times[int(gains.argmax())])
    before.end_doubt = after.start_doubt = _doubt(times, gains)


def _follow_on(passage: Passage, until: float, fitting: Fitting) -> None:
    """Beyond its end, a few seconds at a time, as long as it fits: music that is there twice has two ways on."""
    while passage.times[-1] < until - _CHECK:
        start, end = float(passage.times[-1]), min(float(passage.times[-1]) + _STRIDE, until)
        low = max(float(passage.times[0]), start - _CHECK)
        times = np.concatenate((np.arange(low, end, CELL_SECONDS), [end]))
        places = passage.b_at(times)
        if places[-1] > fitting.b.duration:
            return
        times, places, margins = sharpened(times, places, fitting.a.frames, fitting.b.frames)
        new = times > start
        on = Passage(
            np.concatenate((passage.times, times[new])),
            np.maximum.accumulate(np.concatenate((passage.places, places[new]))),
            np.concatenate((passage.margins, margins[new])),
            passage.start,
            passage.end,
        )
        frames = _frames(start, end)
        gains = np.cumsum(fitting.gains(on, frames))
        fitted = float(frames[int(gains.argmax())]) if gains.max() > 0 else start
        kept = on.times <= fitted
        passage.times, passage.places = on.times[kept], on.places[kept]
        passage.margins = on.margins[kept]
        if gains[-1] < _STILL_FITS * len(frames):
            return


def _free_end(passage: Passage, passages: list[Passage], fitting: Fitting) -> float:
    high = min([fitting.a.duration, *(other.start for other in passages if other.start > passage.start)])
    last_b = min(
        [
            fitting.b.duration,
            *(
                start
                for other in passages
                if (start := other.b_of(other.start)) > passage.b_of(passage.start)
            ),
        ]
    )
    high = min(high, passage.a_of(last_b))
    times = _frames(max(passage.start, passage.end - _FREE_LOOK), min(high, passage.end + _FREE_LOOK))
    if len(times) < 2:
        return min(passage.end, high)
    gains = np.cumsum(fitting.gains(passage, times) + np.where(times < passage.end, _WALKED, 0))
    end = float(times[int(gains.argmax())]) + 1 / FRAMES_PER_SECOND
    passage.end_doubt = _doubt(times, gains)
    return high if high - end < _BREATH else end


def _free_start(passage: Passage, passages: list[Passage], fitting: Fitting) -> float:
    low = max([0.0, *(other.end for other in passages if other.start < passage.start)])
    first_b = max(
        [
            0.0,
            *(
                end
                for other in passages
                if other is not passage and (end := other.b_of(other.end)) < passage.b_of(passage.end)
            ),
        ]
    )
    low = max(low, passage.a_of(first_b))
    times = _frames(max(low, passage.start - _FREE_LOOK), min(passage.end, passage.start + _FREE_LOOK))
    if len(times) < 2:
        return max(passage.start, low)
    gains = np.cumsum((fitting.gains(passage, times) + np.where(times > passage.start, _WALKED, 0))[::-1])[
        ::-1
    ]
    start = float(times[int(gains.argmax())])
    passage.start_doubt = _doubt(times, gains)
    return low if start - low < _BREATH else start


def _doubt(times: Doubles, gains: Doubles) -> float:
    """Seconds from the best place of an end to the farthest that is nearly as good."""
    near = times[gains > gains.max() - _NEARLY]
    return float(np.abs(near - times[int(gains.argmax())]).max())


def _frames(start: float, end: float) -> Doubles:
    return (
        np.arange(np.ceil(start * FRAMES_PER_SECOND), np.floor(end * FRAMES_PER_SECOND)) / FRAMES_PER_SECOND
    )


def _alike(a: Music, b: Music, times: Doubles, places: Doubles) -> Doubles:
    """(times,): how alike A is there to B at the places, which may lie outside: nothing is alike there."""
    theirs = np.rint(places * FRAMES_PER_SECOND)
    inside = (theirs >= 0) & (theirs < len(b.frames))
    fits = np.einsum("fd,fd->f", a.frames[a.at(times)], b.frames[b.at(places)])
    return np.where(inside, fits, 0.0).astype(np.float64)
