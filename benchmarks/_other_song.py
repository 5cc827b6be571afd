"""A song with a form, each section of it played anew each time, so that what was left out, played once more or
put in before is known to the beat.

Verses share their chords, bass and drums and differ in their melody; choruses are the same notes by other hands.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks._version_pairs import RATE, Audio, Line, Pair, Truth
from tests.difference.studio import Clock, Parts, mixed, play, steady

_BEATS, _TAIL = 32, 0.5
# Section: the seeds of what is played and of the melody over it.
_SECTIONS = {
    "intro": (101, 101), "verse 1": (102, 201), "verse 2": (102, 202), "verse 3": (102, 203),
    "chorus": (103, 103), "bridge": (104, 104), "bar": (106, 106), "other": (107, 107),
}  # fmt: skip
_SHORT = {"bar": 4}
_FORM = ("intro", "verse 1", "chorus", "verse 2", "chorus", "bridge", "chorus")
# B's sections: which one of A's it is, or what it is otherwise.
_FORMS: dict[str, tuple[int | str, ...]] = {
    "anew": (0, 1, 2, 3, 4, 5, 6),
    "anew, bar before": ("bar", 0, 1, 2, 3, 4, 5, 6),
    "anew, repeated": (0, 1, 2, 3, 4, 5, 6, 5, 6),
    "anew, verse dropped": (0, 1, 2, 4, 5, 6),
    "anew, verse added": (0, 1, 2, 3, 4, "verse 3", 5, 6),
    "anew, no intro": (1, 2, 3, 4, 5, 6),
    "anew, replaced": (0, 1, 2, 3, 4, "other", 6),
}
_TEMPOS = (108.0, 116.0, 101.0)


@dataclass(frozen=True)
class Performance:
    """``places``: seconds from and to, of each section."""

    mix: Audio
    places: tuple[tuple[float, float], ...]


def other_song_pairs(song: int = 0) -> Iterator[Pair]:
    a = _performed(_FORM, song, tempo=_TEMPOS[0], take=1)
    for number, (kind, form) in enumerate(_FORMS.items()):
        names = tuple(_FORM[section] if isinstance(section, int) else section for section in form)
        b = _performed(names, song, tempo=_TEMPOS[1 + number % 2], take=100 + 20 * number)
        yield Pair(kind, f"other song {song}", a.mix, b.mix, *_truths(form, a, b), same=False)


def other_song(song: int) -> Audio:
    return _performed(_FORM, song, tempo=_TEMPOS[0], take=1).mix


def other_song_parts(song: int) -> dict[str, Audio]:
    """Its bass and its melody alone: sparse music."""
    parts = play(steady(_TEMPOS[0] + 3 * song), song=1000 * song + 102, beats=_BEATS)
    return {f"other song {song}, {name}": parts[name] for name in ("bass", "lead")}


def _performed(names: tuple[str, ...], song: int, *, tempo: float, take: int) -> Performance:
    clock = steady(tempo + 3 * song)
    pieces, places, at = [], [], 0.0
    for number, name in enumerate(names):
        beats = _SHORT.get(name, _BEATS)
        backing, melody = (1000 * song + seed for seed in _SECTIONS[name])
        pieces.append((round(at * RATE), mixed(_played(clock, backing, melody, beats, take=take + number))))
        places.append((at, at + clock(beats)))
        at = places[-1][1]
    mix = np.zeros((round((at + _TAIL) * RATE) + 1, 2), dtype=np.float32)
    for start, piece in pieces:
        mix[start : start + len(piece)] += piece[: len(mix) - start]
    return Performance(mix, tuple(places))


def _played(clock: Clock, backing: int, melody: int, beats: int, *, take: int) -> Parts:
    parts = play(clock, song=backing, beats=beats, take=take)
    return (
        parts
        if melody == backing
        else {**parts, "lead": play(clock, song=melody, beats=beats, take=take)["lead"]}
    )


def _truths(form: tuple[int | str, ...], a: Performance, b: Performance) -> tuple[Truth, tuple[Truth, ...]]:
    """Where each section is, and where else it might as well be: of what is played twice, either is the one that
    was there before."""
    where = {
        section: [at for at, each in enumerate(form) if each == section] for section in range(len(_FORM))
    }
    kept = [section for section in where if where[section]]
    ways = [
        way for way in itertools.product(*(where[section] for section in kept)) if sorted(way) == list(way)
    ]
    truths = [
        _with_its_tail(
            [(*a.places[here], *b.places[there]) for here, there in zip(kept, way, strict=True)],
            both_last=way[-1] == len(form) - 1,
        )
        for way in ways
    ]
    return truths[0], tuple(truths[1:])


def _with_its_tail(lines: list[Line], *, both_last: bool) -> Truth:
    _, a_end, _, b_end = lines[-1]
    tail = [(a_end, a_end + _TAIL, b_end, b_end + _TAIL)] if both_last else []
    return (*lines, *tail)
