"""The chords of every bar, how a guitarist grips them, and how the keys lead from one to the next."""

from functools import cache
from itertools import pairwise
from typing import NamedTuple

VERSE = "Em7 Cmaj7 G D/F# Em7 Cmaj7 G/B Dsus4"
CHORUS = "C D Em G/B C D G D/F#"
LAST_CHORUS = "C D Em G/B C D B7 Em"
BRIDGE = "Am7 Bm7 Cmaj7 D"
CHORDS_BY_BAR = " ".join(["Em7 Cmaj7", VERSE, CHORUS, VERSE, BRIDGE, LAST_CHORUS, "C D Gadd9 Gadd9"]).split()


class Chord(NamedTuple):
    bass: int
    guitar: tuple[int, ...]


CHORDS = {
    "Em7": Chord(28, (40, 47, 50, 55, 59, 64)),
    "Em": Chord(28, (40, 47, 52, 55, 59, 64)),
    "Cmaj7": Chord(36, (48, 52, 55, 59, 64)),
    "C": Chord(36, (48, 52, 55, 60, 64)),
    "G": Chord(31, (43, 47, 50, 55, 59, 67)),
    "Gadd9": Chord(31, (43, 50, 55, 57, 59, 67)),
    "G/B": Chord(35, (47, 50, 55, 59, 67)),
    "D": Chord(38, (50, 57, 62, 66)),
    "D/F#": Chord(30, (42, 50, 57, 62, 66)),
    "Dsus4": Chord(38, (50, 57, 62, 67)),
    "Am7": Chord(33, (45, 52, 55, 60, 64)),
    "Bm7": Chord(35, (47, 54, 57, 62, 66)),
    "B7": Chord(35, (47, 51, 57, 59, 66)),
}


def chord_of(bar: int) -> Chord:
    return CHORDS[CHORDS_BY_BAR[bar]]


@cache
def keys_voicings() -> tuple[tuple[int, ...], ...]:
    """Four notes or fewer for every bar, each bar's inversion the nearest to the one before."""
    voicings: list[tuple[int, ...]] = [(55, 59, 62, 64)]
    for name in CHORDS_BY_BAR:
        voicings.append(min(_inversions(name), key=lambda candidate: _movement(voicings[-1], candidate)))
    return tuple(voicings[1:])


def _inversions(name: str) -> list[tuple[int, ...]]:
    classes = sorted({pitch % 12 for pitch in CHORDS[name].guitar})[:4]
    inversions = []
    for lowest in range(53, 65):
        if lowest % 12 in classes:
            upward = sorted((pitch_class - lowest) % 12 for pitch_class in classes)
            inversions.append(tuple(lowest + step for step in upward))
    return inversions


def _movement(before: tuple[int, ...], after: tuple[int, ...]) -> float:
    nearest = sum(min(abs(pitch - other) for other in before) for pitch in after)
    crowding = sum(high - low < 2 for low, high in pairwise(after))
    return nearest + 2 * crowding + 0.2 * abs(after[0] - 57)
