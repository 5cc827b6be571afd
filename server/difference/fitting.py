"""How well two recordings agree along a path from one to the other, frame by frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.difference.features import FRAMES_PER_SECOND, LEVEL_SECONDS, Traces
from server.difference.passages import Doubles, Passage
from server.difference.sharpening import Floats, sharp

_LOUD, SILENT, _SOUNDS = 95, -38.0, -28.0  # percent of the time; dB
_ELSEWHERE = (-7.3, -3.7, 2.9, 5.3, 11.9)  # seconds beside the path: what does not fit looks like there
_CHROMA, _RISES = 0.8, 0.6
_NEARLY = 8.0  # frames of fitting: an end that costs no more may be the true one


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
    return np.interp(at, np.arange(len(levels)), levels).astype(np.float32)


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
            times = frames_between(passage.start, passage.end)
            places = passage.b_at(times)
            inside.append(_alike(a, b, times, places))
            beside += [_alike(a, b, times, places + away) for away in _ELSEWHERE]
        fits, misses = float(np.mean(np.concatenate(inside))), float(np.mean(np.concatenate(beside)))
        return cls(a, b, (fits + misses) / 2, max(1e-6, (fits - misses) / 2))

    def turned(self) -> "Fitting":
        return Fitting(self.b, self.a, self.least, self.usual)

    def gains(self, passage: Passage, times: Doubles) -> Doubles:
        """(times,): above 0 where the passage fits; about 1 where it does. Silence and music never do."""
        gains = (_alike(self.a, self.b, times, passage.b_at(times)) - self.least) / self.usual
        ours, theirs = self._levels(passage, times)
        apart = (np.minimum(ours, theirs) < SILENT) & (np.maximum(ours, theirs) > _SOUNDS)
        return np.where(apart, np.minimum(gains, -1), gains)

    def silent(self, passage: Passage, times: Doubles) -> NDArray[np.bool_]:
        """(times,): whether neither of the two says anything there."""
        return np.maximum(*self._levels(passage, times)) < SILENT

    def _levels(self, passage: Passage, times: Doubles) -> tuple[Floats, Floats]:
        return self.a.level[self.a.at(times)], self.b.level[self.b.at(passage.b_at(times))]


def frames_between(start: float, end: float) -> Doubles:
    return (
        np.arange(np.ceil(start * FRAMES_PER_SECOND), np.floor(end * FRAMES_PER_SECOND)) / FRAMES_PER_SECOND
    )


def doubt(times: Doubles, gains: Doubles) -> float:
    """Seconds from the best place of an end to the farthest that is nearly as good; ``gains``: summed up to each."""
    near = times[gains > gains.max() - _NEARLY]
    return float(np.abs(near - times[int(gains.argmax())]).max())


def _alike(a: Music, b: Music, times: Doubles, places: Doubles) -> Doubles:
    """(times,): how alike A is there to B at the places, which may lie outside: nothing is alike there."""
    theirs = np.rint(places * FRAMES_PER_SECOND)
    inside = (theirs >= 0) & (theirs < len(b.frames))
    fits = np.einsum("fd,fd->f", a.frames[a.at(times)], b.frames[b.at(places)])
    return np.where(inside, fits, 0.0).astype(np.float64)
