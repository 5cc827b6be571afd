"""The tune: a talking verse in the low register, a chorus that leaps up a sixth on its title."""

from functools import cache

from server.demo.score.form import BEATS_PER_BAR, section
from server.demo.score.harmony import chord_of
from server.demo.score.note import Note

Line = tuple[tuple[float, float, int, str], ...]  # beat in the section, length, pitch, vowel

VERSE_OPENING: Line = (
    (0.5, 0.5, 59, "a"), (1, 0.5, 64, "a"), (1.5, 0.5, 64, "o"), (2, 0.5, 66, "e"), (2.5, 1.25, 67, "o"),
    (4.5, 0.5, 67, "i"), (5, 0.5, 67, "e"), (5.5, 0.5, 66, "a"), (6, 0.5, 64, "e"), (6.5, 1.25, 64, "o"),
)  # fmt: skip
VERSE_QUESTION: Line = (
    (8.5, 0.5, 62, "e"), (9, 0.5, 67, "a"), (9.5, 0.5, 67, "i"), (10, 0.5, 69, "e"), (10.5, 1.25, 71, "a"),
    (12, 0.75, 69, "o"), (12.75, 0.75, 67, "e"), (13.5, 1.75, 66, "u"),
)  # fmt: skip
VERSE_ANSWER: Line = (
    (8.5, 0.5, 62, "e"), (9, 0.5, 67, "a"), (9.5, 0.5, 69, "i"), (10, 0.5, 71, "e"), (10.5, 1.25, 71, "o"),
    (12, 0.5, 71, "i"), (12.5, 0.5, 69, "e"), (13, 0.5, 67, "a"), (13.5, 0.5, 69, "o"), (14, 1.5, 69, "a"),
)  # fmt: skip
HOOK: Line = (  # "Night bus, take me home"
    (0, 0.75, 67, "a"), (0.75, 1.75, 76, "o"), (2.5, 0.5, 74, "e"), (3, 0.5, 72, "i"), (3.5, 0.5, 71, "o"),
    (4, 1.5, 69, "o"), (5.5, 0.5, 71, "a"), (6, 1.5, 74, "u"),
)  # fmt: skip
HOOK_REPLY: Line = (
    (8, 0.75, 67, "a"), (8.75, 1.75, 76, "o"), (10.5, 0.5, 74, "e"), (11, 0.5, 71, "i"), (11.5, 0.5, 74, "a"),
    (12, 2.5, 71, "o"), (15, 0.5, 67, "i"), (15.5, 0.5, 69, "e"),
)  # fmt: skip
CLIMB: Line = (
    (20, 1, 74, "e"), (21, 0.5, 74, "i"), (21.5, 0.5, 76, "e"), (22, 1.75, 78, "a"),
    (24, 1.5, 79, "o"), (25.5, 0.5, 78, "e"), (26, 1, 74, "a"), (27, 0.75, 71, "i"),
    (28, 0.75, 69, "e"), (28.75, 0.75, 71, "a"), (29.5, 1.75, 69, "o"),
)  # fmt: skip
LAST_CLIMB: Line = (
    *CLIMB[:4],
    (24, 1.5, 78, "a"), (25.5, 0.5, 76, "e"), (26, 0.75, 75, "i"), (26.75, 1, 71, "e"), (28, 3, 76, "o"),
)  # fmt: skip
BRIDGE: Line = (
    (0, 2, 72, "u"), (2, 0.5, 71, "a"), (2.5, 1.25, 69, "o"),
    (4, 2, 74, "u"), (6, 0.5, 71, "a"), (6.5, 1.25, 66, "o"),
    (8, 1.5, 76, "a"), (9.5, 0.5, 74, "e"), (10, 1.75, 67, "o"),
    (12, 1, 66, "e"), (13, 1, 69, "a"), (14, 1.75, 74, "a"),
)  # fmt: skip
FAREWELL: Line = (
    (0, 0.75, 67, "a"),
    (0.75, 1.75, 76, "o"),
    (4, 1.5, 69, "o"),
    (6, 1.75, 74, "u"),
    (8, 5, 71, "u"),
)


def _later(line: Line, beats: float) -> Line:
    return tuple((beat + beats, length, pitch, vowel) for beat, length, pitch, vowel in line)


VERSE = VERSE_OPENING + VERSE_QUESTION + _later(VERSE_OPENING + VERSE_ANSWER, 16)
HALF_HOOK = _later(HOOK[:5], 16)
CHORUS = HOOK + HOOK_REPLY + HALF_HOOK + CLIMB
LAST_CHORUS = HOOK + HOOK_REPLY + HALF_HOOK + LAST_CLIMB

LINES: dict[str, tuple[Line, float]] = {
    "verse 1": (VERSE, 0.72),
    "chorus": (CHORUS, 0.95),
    "verse 2": (VERSE, 0.76),
    "bridge": (BRIDGE, 0.7),
    "last chorus": (LAST_CHORUS, 1.0),
    "outro": (FAREWELL, 0.6),
}


@cache
def lead_notes() -> tuple[Note, ...]:
    return tuple(
        Note("lead", section(name).start + beat, length, pitch, velocity, voice=vowel)
        for name, (line, velocity) in LINES.items()
        for beat, length, pitch, vowel in line
    )


@cache
def backing_notes() -> tuple[Note, ...]:
    """Held chord notes under both choruses and the end of the bridge, sung twice, left and right."""
    notes = []
    for name, velocity, vowel in (("chorus", 0.55, "u"), ("bridge", 0.45, "u"), ("last chorus", 0.8, "a")):
        bars = section(name).bars
        for bar in bars if name != "bridge" else bars[2:]:
            pitches = sorted(chord_of(bar).guitar)[-3:]
            for index, pitch in enumerate(pitches):
                for pan in (-0.8 + 0.15 * index, 0.8 - 0.15 * index):
                    notes.append(Note("backing", bar * BEATS_PER_BAR, 3.8, pitch, velocity, vowel, pan))
    return tuple(notes)
