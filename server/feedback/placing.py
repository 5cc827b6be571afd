"""Where a place of one version is in another, through the time maps between them. Pure: numbers in, numbers out.

A map is a list of straight pieces. Where no comparison of the two versions is there yet, the maps between them are
chained; a map made the other way round is turned. What no piece covers is gone.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from typing import Any, Literal
from uuid import UUID

MOMENT = 0.1  # seconds: a comment at a second is about the music from there on, if only for so long
_LEFT_OF_IT = 0.2  # a range of which less is left is gone
_SURE = 0.6
# Where waveforms agree the map is exact to its very edges. Where it follows the notes of a new take, the seconds
# beside a joint may belong to either side: as many as the map itself is unsure of, and a frame or two.
_EXACT, _JOINT, _JUMP = 0.985, 0.25, 0.15
_BLUR, _LOOK_AROUND = 0.1, 4.0
_VAGUE = 0.85  # above it, what looks like straying is the players' own pace
_PACES, _SLOWEST, _STRAYED = (4.0, 7.0), 0.67, 0.08  # seconds, seconds of B for one of A, seconds


@dataclass(frozen=True)
class Piece:
    """`a_start`..`a_end` of A is, evenly, `b_start`..`b_end` of B; seconds. `confidence` from 0 to 1."""

    a_start: float
    a_end: float
    b_start: float
    b_end: float
    confidence: float

    @property
    def speed(self) -> float:
        """Seconds of B for one of A."""
        return (self.b_end - self.b_start) / (self.a_end - self.a_start)

    @property
    def length(self) -> float:
        return self.a_end - self.a_start

    def b_at(self, a: float) -> float:
        return self.b_start + (a - self.a_start) * self.speed

    def within(self, start: float, end: float) -> "Piece | None":
        """What of it lies in start..end of A."""
        low, high = max(start, self.a_start), min(end, self.a_end)
        return None if high <= low else Piece(low, high, self.b_at(low), self.b_at(high), self.confidence)

    def turned(self) -> "Piece":
        return replace(self, a_start=self.b_start, a_end=self.b_end, b_start=self.a_start, b_end=self.a_end)


@dataclass(frozen=True)
class Map:
    """From version `a` to version `b`. `gain_db`: for B, to be as loud as A."""

    a: UUID
    b: UUID
    pieces: tuple[Piece, ...]
    gain_db: float = 0.0

    def turned(self) -> "Map":
        pieces = tuple(sorted((piece.turned() for piece in self.pieces), key=lambda piece: piece.a_start))
        return Map(self.b, self.a, pieces, -self.gain_db)


@dataclass(frozen=True)
class Placed:
    """`at` and `until` are seconds of the version it was carried to; None where they are not known. `confidence` is
    how sure the place is; of what was cut, 0. `speed`: seconds there for one of where it was written."""

    place: Literal["found", "cut", "unsure"]
    at: float | None = None
    until: float | None = None
    confidence: float = 0.0
    speed: float = 1.0


def map_from_json(a: UUID, b: UUID, time_map: dict[str, Any], gain_db: float | None) -> Map:
    """`time_map` as `earmark compare --json` gives it."""
    names = ("a_start", "a_end", "b_start", "b_end", "confidence")
    pieces = (Piece(*(float(segment[name]) for name in names)) for segment in time_map["segments"])
    return Map(
        a,
        b,
        tuple(piece for piece in pieces if piece.length > 0 and piece.b_end > piece.b_start),
        gain_db or 0.0,
    )


def ways_to(end: UUID, pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, list[UUID]]:
    """From every version that pairs of compared versions lead from, in either direction: the versions one passes on
    the shortest way to `end`, both ends included."""
    beside: dict[UUID, list[UUID]] = {}
    for a, b in pairs:
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    ways, reached = {end: [end]}, deque([end])
    while reached:
        here = reached.popleft()
        for there in beside.get(here, []):
            if there not in ways:
                ways[there] = [there, *ways[here]]
                reached.append(there)
    return ways


def placed(maps: list[Map], at: float, until: float | None) -> Placed:
    """Where `at` (and the range up to `until`) is after going along `maps`, of which there is one at least."""
    end = max(until if until is not None else at + MOMENT, at + MOMENT)
    pieces = _carried(maps, at, end)
    steady = _is_steady(maps, at)
    if sum(piece.length for piece in pieces) < _LEFT_OF_IT * (end - at):
        return Placed("cut") if steady else Placed("unsure", _nearest_edge(maps, at, end))
    kept = _longest_run(pieces, end - at)
    first, last = kept[0], kept[-1]
    # What a map leaves out between two pieces is no cut: the moment is where the next piece would have begun.
    lead = first.a_start - at if first.a_start - at <= MOMENT else 0.0
    there = max(0.0, first.b_start - lead * first.speed)
    sure = first.confidence if steady or first.confidence < _SURE else 0.5 * first.confidence
    return Placed(
        "found" if sure >= _SURE else "unsure",
        round(there, 3),
        None if until is None else round(max(last.b_end, there + MOMENT), 3),
        round(sure, 3),
        first.speed,
    )


def _carried(maps: list[Map], start: float, end: float) -> list[Piece]:
    """The pieces of start..end, from the first version straight to the last."""
    pieces = [Piece(start, end, start, end, 1.0)]
    for each in maps:
        pieces = [joined for piece in pieces for joined in _through(piece, each.pieces)]
    return pieces


def _through(piece: Piece, others: tuple[Piece, ...]) -> list[Piece]:
    found = []
    for other in others:
        part = other.within(piece.b_start, piece.b_end)
        if part is not None:
            back = piece.turned()
            found.append(
                Piece(
                    back.b_at(part.a_start),
                    back.b_at(part.a_end),
                    part.b_start,
                    part.b_end,
                    piece.confidence * other.confidence,
                )
            )
    return found


def _longest_run(pieces: list[Piece], length: float) -> list[Piece]:
    """Of a range that was taken apart: the pieces that still follow one another and are the most music."""
    runs = [[pieces[0]]]
    for before, piece in pairwise(pieces):
        if -_JUMP <= piece.b_start - before.b_end <= max(1.0, length):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return max(runs, key=lambda run: sum(piece.length for piece in run))


def _nearest_edge(maps: list[Map], start: float, end: float) -> float | None:
    """Where the music beside start..end is: the place to look at for who wants to be sure."""
    near = _carried(maps, max(0.0, start - _LOOK_AROUND), end + _LOOK_AROUND)
    if not near:
        return None
    piece = min(near, key=lambda piece: max(piece.a_start - end, start - piece.a_end))
    return round(piece.b_end if piece.a_end <= start else piece.b_start, 3)


def _is_steady(maps: list[Map], at: float) -> bool:
    """Whether a little more or less at the edges of the pieces would say the same."""
    for each in maps:
        if not each.pieces:
            return False  # these two have nothing in common, which says nothing about this place
        piece = min(each.pieces, key=lambda piece: max(piece.a_start - at, at - piece.a_end, 0.0))
        if piece.confidence < _EXACT and _beside_joint(each.pieces, at):
            return False
        if piece.confidence < _VAGUE and _wavers(each.pieces, at):
            return False
        if not piece.a_start - _JOINT <= at <= piece.a_end + _JOINT:
            return True  # gone here, so nothing that comes later matters
        at = piece.b_at(min(max(at, piece.a_start), piece.a_end))
    return True


def _wavers(pieces: tuple[Piece, ...], at: float) -> bool:
    """Whether the map strays from the pace of the music around: nobody plays so, but a map that lost its way does."""
    return all(_strayed(pieces, at, around) > _STRAYED for around in _PACES)


def _strayed(pieces: tuple[Piece, ...], at: float, around: float) -> float:
    """Seconds of B between the place and where an even pace from before it to after it would put it."""
    before, here, after = (_b_at(pieces, at + away) for away in (-around, 0.0, around))
    if before is None or here is None or after is None:
        return 0.0
    speed = (after - before) / (2 * around)
    # Across a joint there is no pace to speak of.
    return abs(here - (before + after) / 2) if _SLOWEST < speed < 1 / _SLOWEST else 0.0


def _b_at(pieces: tuple[Piece, ...], at: float) -> float | None:
    return next((piece.b_at(at) for piece in pieces if piece.a_start <= at < piece.a_end), None)


def _beside_joint(pieces: tuple[Piece, ...], at: float) -> bool:
    """Whether `at` is so near to where the music leaves off that it may be on the other side."""
    breaks = [
        index
        for index, (before, after) in enumerate(pairwise(pieces))
        if after.a_start - before.a_end > _JOINT or abs(after.b_start - before.b_end) > _JUMP
    ]
    ends = [(pieces[index].a_end, pieces[index::-1]) for index in [*breaks, len(pieces) - 1]]
    starts = [(pieces[index].a_start, pieces[index:]) for index in [0, *(index + 1 for index in breaks)]]
    return any(abs(at - joint) < _BLUR + _unsure_seconds(onward) for joint, onward in [*ends, *starts])


def _unsure_seconds(pieces: tuple[Piece, ...]) -> float:
    """How much of the music that begins (or ends) with the first of them has no sure place."""
    return sum(piece.length for piece in takewhile(lambda piece: piece.confidence < _SURE, pieces))
