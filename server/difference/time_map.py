"""For each second of A: where it sits in B, or that it is gone; what in B is new; and how sure that is.

First the waveforms are asked (``delays``, ``runs``, ``joints``): they decide to the sample where the two share
audio, whatever was done to it. Where they share too little, the music is followed by its notes (``takes``,
``retakes``); so is a part that was played anew between others that are the same audio. The map from B to A is the
map from A to B, turned: both are made from the same side.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from server.difference.features import Traces
from server.difference.joints import lines_of
from server.difference.line import Line
from server.difference.retakes import lines_along
from server.difference.runs import find_runs
from server.difference.takes import CELL_SECONDS, Walk, follow

Span = tuple[float, float]
_ENOUGH_SHARED = 0.15  # of the shorter recording: then the waveforms decide
_MOSTLY_SHARED = 0.5
_LEAST_SHARED_SECONDS = 4.0
_DOUBTFUL_COHERENCE = 0.2  # a phone in the room has more
_FAINT_COHERENCE = 0.12  # beats and tones of strangers agree by less
_SAME_PLACE = 0.5  # seconds
_OTHER_TEMPO = 0.01
_BLURRED = 3.0  # seconds: the notes see no change that comes and goes faster
_TOUCH = 0.5  # seconds
_RELATED, _UNRELATED = 0.45, 0.3  # below this confidence a map would be a guess
_GAP = 0.02  # seconds that are nobody's
# What a walk's clearness against its decoy is worth, and its likeness: over a hundred pairs of songs that have
# nothing to do with each other stayed below 0.25 and 0.43, new takes of one song above 0.85 and 0.55.
_CLEARNESS, _BY_CLEARNESS = (0.0, 0.3, 0.45, 0.65, 1.5), (0.05, 0.2, 0.4, 0.7, 0.97)
_LIKENESS, _BY_LIKENESS = (0.3, 0.43, 0.47, 0.52, 0.7), (0.1, 0.28, 0.45, 0.7, 0.97)
_LEAST_FOLLOWED = 0.12  # of the shorter recording


@dataclass(frozen=True)
class TimeMap:
    """``lines`` in the order of A. ``semitones``: how much higher B is played (0 where audio is shared)."""

    lines: tuple[Line, ...]
    confidence: float
    a_duration: float
    b_duration: float
    semitones: int = 0

    @property
    def related(self) -> bool:
        return bool(self.lines)

    @cached_property
    def shared(self) -> bool:
        """Whether most of what is common is the same audio."""
        common = sum(line.a_end - line.a_start for line in self.lines)
        audio = sum(line.a_end - line.a_start for line in self.lines if line.shared)
        return audio > _MOSTLY_SHARED * common

    @cached_property
    def only_in_a(self) -> tuple[Span, ...]:
        return _gaps([(line.a_start, line.a_end) for line in self.lines], self.a_duration)

    @cached_property
    def only_in_b(self) -> tuple[Span, ...]:
        return _gaps([(line.b_start, line.b_end) for line in self.lines], self.b_duration)

    @cached_property
    def moved(self) -> tuple[Line, ...]:
        """What is left beside the longest stretch of music that keeps its order; neighbours joined."""
        best: list[tuple[float, list[int]]] = []
        for index, line in enumerate(self.lines):
            before = [best[i] for i in range(index) if self.lines[i].b_end <= line.b_start + _GAP]
            length, chain = max(before, default=(0.0, []))
            best.append((length + line.a_end - line.a_start, [*chain, index]))
        kept = set(max(best, default=(0.0, []))[1])
        return tuple(joined([line for index, line in enumerate(self.lines) if index not in kept]))

    def b_at(self, a: float) -> float | None:
        """Where a second of A is in B; None where it is gone."""
        return next((line.b_at(a) for line in self.lines if line.a_start <= a < line.a_end), None)

    def turned(self) -> "TimeMap":
        lines = tuple(sorted((line.turned() for line in self.lines), key=lambda line: line.a_start))
        return TimeMap(lines, self.confidence, self.b_duration, self.a_duration, -self.semitones)


def map_time(a: Traces, b: Traces) -> TimeMap:
    """The map from A to B; O(N log N) where they share audio, O(N M) on 100 ms cells where not."""
    if _order(b) < _order(a):
        return _mapped(b, a).turned()
    return _mapped(a, b)


def _order(traces: Traces) -> tuple[float, bytes]:
    return traces.duration, traces.packed_signs.tobytes()


def _mapped(a: Traces, b: Traces) -> TimeMap:
    shared = lines_of(find_runs(a.signs, b.signs, a.weights), a.signs, b.signs)
    seconds = sum(line.a_end - line.a_start for line in shared)
    shorter = max(0.1, min(a.duration, b.duration))
    doubtful = _mean_coherence(shared) < _DOUBTFUL_COHERENCE
    mostly = seconds >= _MOSTLY_SHARED * shorter and not doubtful
    if mostly and not _leaves_a_question(shared, a.duration, b.duration):
        return TimeMap(tuple(shared), _mean_confidence(shared), a.duration, b.duration)
    enough = seconds >= min(max(_ENOUGH_SHARED * shorter, _LEAST_SHARED_SECONDS), 0.4 * shorter)
    walk = follow(a, b)
    confidence = _confidence(walk)
    if not mostly and not _borne_out(shared, walk, confidence):
        shared = []
    if confidence >= _RELATED:
        shared = [line for line in shared if not _stray(line, walk)]
    enough = enough and bool(shared)
    followed = lines_along(walk, a, b, confidence=confidence) if confidence >= _RELATED else []
    if sum(line.a_end - line.a_start for line in followed) < _LEAST_FOLLOWED * shorter:
        lines = shared if enough else []
        confidence = min(confidence, _UNRELATED)
        return TimeMap(tuple(lines), _mean_confidence(lines) or confidence, a.duration, b.duration)
    if not enough:
        return TimeMap(tuple(followed), confidence, a.duration, b.duration, walk.semitones)
    beside = _beside(followed, shared)
    if mostly:
        beside = _in_between(beside, shared)
    both = sorted([*shared, *beside], key=lambda line: line.a_start)
    return TimeMap(tuple(both), _mean_confidence(both), a.duration, b.duration)


def _leaves_a_question(shared: list[Line], a_duration: float, b_duration: float) -> bool:
    """Whether there is something on both sides that has no place, or a place that is hardly one."""
    left = TimeMap(tuple(shared), 0, a_duration, b_duration)
    lengths = (sum(end - start for start, end in gaps) for gaps in (left.only_in_a, left.only_in_b))
    return min(lengths) > _LEAST_SHARED_SECONDS or any(
        line.coherence < _DOUBTFUL_COHERENCE for line in shared
    )


def _stray(line: Line, walk: Walk) -> bool:
    """Whether the waveforms agree but faintly, and the notes have it elsewhere for the most part."""
    away = _away(line, walk)
    return line.coherence < _DOUBTFUL_COHERENCE and bool(
        np.count_nonzero(away > _SAME_PLACE) > _MOSTLY_SHARED * len(away)
    )


def _in_between(followed: list[Line], shared: list[Line]) -> list[Line]:
    """Stretches that come between the same two in A as in B, up to where these begin and end."""
    kept: list[Line] = []
    for stretch in _stretches(followed):
        first, last = stretch[0], stretch[-1]
        before = max((o for o in shared if o.a_end <= first.a_start + _GAP), key=_a_end, default=None)
        after = min((o for o in shared if o.a_start >= last.a_end - _GAP), key=_a_end, default=None)
        low, high = (before.b_end if before else 0.0), (after.b_start if after else np.inf)
        if last.a_end - first.a_start < _BLURRED or first.b_start < low - _GAP or last.b_end > high + _GAP:
            continue
        if before and max(first.a_start - before.a_end, first.b_start - before.b_end) < _TOUCH:
            stretch[0] = replace(first, a_start=before.a_end, b_start=before.b_end)
        if after and max(after.a_start - last.a_end, after.b_start - last.b_end) < _TOUCH:
            stretch[-1] = replace(stretch[-1], a_end=after.a_start, b_end=after.b_start)
        kept += stretch
    return kept


def _stretches(lines: list[Line]) -> list[list[Line]]:
    """Lines that touch in A and in B, together."""
    stretches: list[list[Line]] = []
    for line in lines:
        last = stretches[-1][-1] if stretches else None
        if last and abs(line.a_start - last.a_end) < _GAP and abs(line.b_start - last.b_end) < _GAP:
            stretches[-1].append(line)
        else:
            stretches.append([line])
    return stretches


def _a_end(line: Line) -> float:
    return line.a_end


def _borne_out(shared: list[Line], walk: Walk, confidence: float) -> bool:
    """Whether the notes, where they can tell, have the same places as waveforms that agree but faintly or for a
    while: tones that are held long enough do so wherever they are the same, at any tempo."""
    if confidence >= _RELATED:
        faint = _mean_coherence(shared) < _DOUBTFUL_COHERENCE
        played_anew = faint and abs(walk.speed - 1) > _OTHER_TEMPO
        return not played_anew and _apart(shared, walk) <= _MOSTLY_SHARED
    return _mean_coherence(shared) >= _FAINT_COHERENCE


def _apart(shared: list[Line], walk: Walk) -> float:
    """The share of the lines' seconds that the walk has elsewhere: tones of one synthesiser, held long enough,
    agree by chance wherever their notes are the same."""
    away = [_away(line, walk) for line in shared]
    seconds = sum(len(each) for each in away)
    return sum(np.count_nonzero(~(each < _SAME_PLACE)) for each in away) / seconds if seconds else 0.0


def _away(line: Line, walk: Walk) -> NDArray[np.float64]:
    """By how many seconds the walk is beside the line, for every cell of it; not-a-number where it has no place."""
    times = (np.arange(len(walk.places)) + 0.5) * CELL_SECONDS
    inside = (times >= line.a_start) & (times < line.a_end)
    return np.abs(walk.places[inside] - line.b_start - (times[inside] - line.a_start) * line.speed)


def _confidence(walk: Walk) -> float:
    return float(
        min(
            np.interp(walk.clearness, _CLEARNESS, _BY_CLEARNESS),
            np.interp(walk.likeness, _LIKENESS, _BY_LIKENESS),
        )
    )


def _beside(followed: list[Line], shared: list[Line]) -> list[Line]:
    """What of the lines wants nothing, neither in A nor in B, that the waveforms have given a place."""
    left = followed
    for other in shared:
        left = [part for line in left for part in _without(line, other)]
    return left


def _without(line: Line, other: Line) -> list[Line]:
    in_b = line.turned()
    taken = [(other.a_start, other.a_end), (in_b.b_at(other.b_start), in_b.b_at(other.b_end))]
    free = [(line.a_start, line.a_end)]
    for low, high in taken:
        free = [part for start, end in free for part in ((start, min(end, low)), (max(start, high), end))]
    return [
        replace(line, a_start=start, a_end=end, b_start=line.b_at(start), b_end=line.b_at(end))
        for start, end in free
        if end - start > _GAP
    ]


def _mean_coherence(lines: list[Line]) -> float:
    whole = sum(line.a_end - line.a_start for line in lines)
    return sum(line.coherence * (line.a_end - line.a_start) for line in lines) / whole if whole else 0.0


def _mean_confidence(lines: list[Line]) -> float:
    whole = sum(line.a_end - line.a_start for line in lines)
    return sum(line.confidence * (line.a_end - line.a_start) for line in lines) / whole if whole else 0.0


def joined(lines: list[Line]) -> list[Line]:
    """Lines that touch in A and in B as one, however the tempo wandered."""
    out: list[Line] = []
    for line in lines:
        last = out[-1] if out else None
        if last and abs(line.a_start - last.a_end) < _GAP and abs(line.b_start - last.b_end) < _GAP:
            out[-1] = Line(
                last.a_start,
                line.a_end,
                last.b_start,
                line.b_end,
                _mean_confidence([last, line]),
                last.shared and line.shared,
                min(last.coherence, line.coherence),
                last.sign,
            )
        else:
            out.append(line)
    return out


def _gaps(covered: list[Span], duration: float) -> tuple[Span, ...]:
    edges = [(0.0, 0.0), *sorted(covered), (duration, duration)]
    return tuple((end, start) for (_, end), (start, _) in pairwise(edges) if start - end > _GAP)
