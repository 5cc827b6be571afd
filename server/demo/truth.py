"""Exactly where each second of one version went in another, worked out from the timelines, not from audio.

Two versions are joined through the score: a second of A is a beat (and a turn, where beats are played
twice), and that beat is a second of B, or nowhere. Versions are named by their numbers, 1 to 10; all times
are seconds.
"""

from dataclasses import dataclass
from itertools import pairwise

from server.demo.audio import SAMPLE_RATE, seconds_of
from server.demo.timeline import Timeline
from server.demo.timelines import timeline

Span = tuple[float, float]
SAME_SECONDS = 1e-6


@dataclass(frozen=True)
class Segment:
    """A straight line between two times: a_start..a_end of A sits at b_start..b_end of B."""

    a_start: float
    a_end: float
    b_start: float
    b_end: float

    @property
    def slope(self) -> float:
        return (self.b_end - self.b_start) / (self.a_end - self.a_start)


@dataclass(frozen=True)
class TimeMap:
    """`segments` in the order of A, those out of order in B as `moved`, and what is in one only."""

    segments: tuple[Segment, ...]
    moved: tuple[Segment, ...]
    only_in_a: tuple[Span, ...]
    only_in_b: tuple[Span, ...]


def true_time(a: int, b: int, seconds: float) -> float | None:
    """Where a second of version a is in version b, None when nowhere; of what b repeats, the first time."""
    place = timeline(a).place_at(seconds * SAMPLE_RATE)
    if place is None:
        return None
    frame = timeline(b).frame_at(place.beat_at(seconds * SAMPLE_RATE), place.turn)
    return None if frame is None else seconds_of(frame)


def true_times(a: int, b: int, seconds: float) -> tuple[float, ...]:
    """Every place of version b that plays what this second of a does; copies cannot be told apart by ear."""
    place = timeline(a).place_at(seconds * SAMPLE_RATE)
    if place is None:
        return ()
    beat = place.beat_at(seconds * SAMPLE_RATE)
    frames = (timeline(b).frame_at(beat, turn) for turn in (0, 1))
    return tuple(seconds_of(frame) for frame in frames if frame is not None)


def time_map(a: int, b: int) -> TimeMap:
    """The whole map from version a to version b."""
    segments = _merged(_pieces(timeline(a), timeline(b)))
    return TimeMap(
        segments=tuple(segments),
        moved=tuple(_moved(segments)),
        only_in_a=_gaps([(each.a_start, each.a_end) for each in segments], timeline(a).duration),
        only_in_b=_gaps([(each.b_start, each.b_end) for each in segments], timeline(b).duration),
    )


def _pieces(a: Timeline, b: Timeline) -> list[Segment]:
    pieces = []
    for here in a.places:
        for there in b.places:
            start = max(here.score_start, there.score_start)
            end = min(here.score_end, there.score_end)
            if here.turn == there.turn and end - start > SAME_SECONDS:
                frames = here.frame_at(start), here.frame_at(end), there.frame_at(start), there.frame_at(end)
                pieces.append(Segment(*map(seconds_of, frames)))
    return pieces


def _merged(pieces: list[Segment]) -> list[Segment]:
    """Neighbours that touch in both versions and run at one speed become one."""
    merged: list[Segment] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last and _touch(last, piece) and abs(last.slope - piece.slope) < SAME_SECONDS:
            merged[-1] = Segment(last.a_start, piece.a_end, last.b_start, piece.b_end)
        else:
            merged.append(piece)
    return merged


def _moved(segments: list[Segment]) -> list[Segment]:
    """What is left beside the longest stretch of music, in seconds, that keeps its order."""
    best: list[tuple[float, list[int]]] = []
    for index, segment in enumerate(segments):
        before = [best[i] for i in range(index) if segments[i].b_end <= segment.b_start + SAME_SECONDS]
        length, chain = max(before, default=(0.0, []))
        best.append((length + segment.a_end - segment.a_start, [*chain, index]))
    kept = set(max(best, default=(0.0, []))[1])
    return _joined([segment for index, segment in enumerate(segments) if index not in kept])


def _joined(segments: list[Segment]) -> list[Segment]:
    """What moved as one block is one, however its tempo wandered."""
    joined: list[Segment] = []
    for piece in segments:
        last = joined[-1] if joined else None
        if last and _touch(last, piece):
            joined[-1] = Segment(last.a_start, piece.a_end, last.b_start, piece.b_end)
        else:
            joined.append(piece)
    return joined


def _touch(before: Segment, after: Segment) -> bool:
    return (
        abs(before.a_end - after.a_start) < SAME_SECONDS and abs(before.b_end - after.b_start) < SAME_SECONDS
    )


def _gaps(covered: list[Span], duration: float) -> tuple[Span, ...]:
    edges = [(0.0, 0.0), *sorted(covered), (duration, duration)]
    return tuple((end, start) for (_, end), (start, _) in pairwise(edges) if start - end > SAME_SECONDS)
