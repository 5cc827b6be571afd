"""The drummer's part: a groove per section, a fill into the next."""

from collections.abc import Iterator

from server.demo.score.form import BEATS_PER_BAR, Section, section
from server.demo.score.note import Note

Hit = tuple[float, str, float]  # beat in the bar, drum, velocity

PANS = {"hat": 0.25, "open hat": 0.25, "ride": -0.35, "crash": -0.3, "high tom": 0.3, "low tom": -0.35}
STICKS = tuple(Note("drums", beat, 0.25, 0, 0.5, "sticks", 0.1) for beat in (-4, -3, -2, -1))

VERSE_KICK_SNARE: tuple[Hit, ...] = (
    (0, "kick", 0.9), (1, "snare", 0.8), (1.75, "kick", 0.6), (2.5, "kick", 0.8), (3, "snare", 0.85),
)  # fmt: skip
CHORUS_KICK_SNARE: tuple[Hit, ...] = (
    (0, "kick", 1.0), (0.75, "kick", 0.7), (1, "snare", 1.0),
    (2, "kick", 0.85), (2.5, "kick", 0.9), (3, "snare", 1.0),
)  # fmt: skip
FILL: tuple[Hit, ...] = (
    (2, "snare", 0.6), (2.25, "snare", 0.7), (2.5, "high tom", 0.8), (2.75, "high tom", 0.75),
    (3, "low tom", 0.85), (3.25, "low tom", 0.8), (3.5, "snare", 0.9), (3.5, "kick", 0.8),
    (3.75, "snare", 1.0),
)  # fmt: skip


def drum_notes() -> tuple[Note, ...]:
    notes = list(STICKS)
    for name, groove in GROOVES.items():
        bars = section(name).bars
        for bar in bars:
            for beat, drum, velocity in groove(bar - bars.start, section(name)):
                notes.append(
                    Note("drums", bar * BEATS_PER_BAR + beat, 0.5, 0, velocity, drum, PANS.get(drum, 0.0))
                )
    return tuple(notes)


def _intro(bar: int, _: Section) -> Iterator[Hit]:
    if bar == 0:
        yield from ((beat, "hat", 0.35 + 0.05 * beat) for beat in range(4))
    else:
        yield from ((beat / 2, "hat", 0.4) for beat in range(4))
        yield from FILL


def _verse(bar: int, played: Section) -> Iterator[Hit]:
    last = bar == len(played.bars) - 1
    if bar == 0:
        yield (0, "crash", 0.55)
    yield from (hit for hit in VERSE_KICK_SNARE if not (last and hit[0] >= 2))
    yield from ((beat / 2, "hat", 0.55 if beat % 2 == 0 else 0.35) for beat in range(4 if last else 8))
    if bar % 4 == 1:
        yield from ((2.75, "snare", 0.18), (3.75, "snare", 0.22))  # ghost notes
    if bar % 4 == 3 and not last:
        yield from ((3.5, "open hat", 0.5), (3.5, "kick", 0.6))
    if last:
        yield from FILL


def _chorus(bar: int, played: Section) -> Iterator[Hit]:
    last = bar == len(played.bars) - 1
    if bar % 4 == 0:
        yield (0, "crash", 0.9)
    yield from (hit for hit in CHORUS_KICK_SNARE if not (last and hit[0] >= 2))
    cymbal = "ride" if played.name == "last chorus" else "open hat"
    yield from ((beat, cymbal, 0.6) for beat in range(2 if last else 4))
    yield from ((beat + 0.5, "hat", 0.4) for beat in range(2 if last else 4))
    if last:
        yield from FILL


def _bridge(bar: int, _: Section) -> Iterator[Hit]:
    """Half time on the toms, then a snare that builds into the last chorus."""
    if bar < 2:
        yield from ((0, "kick", 0.8), (2, "low tom", 0.7), (2.75, "high tom", 0.5), (3.5, "low tom", 0.6))
    elif bar == 2:
        yield from ((beat / 2, "snare", 0.25 + 0.04 * beat) for beat in range(8))
        yield from ((beat, "kick", 0.7) for beat in range(4))
    else:
        yield from ((beat / 4, "snare", 0.4 + 0.035 * beat) for beat in range(16))
        yield from ((beat, "kick", 0.8) for beat in range(4))


def _outro(bar: int, _: Section) -> Iterator[Hit]:
    if bar < 2:
        yield from ((0, "kick", 0.8), (2, "snare", 0.7))
        yield from ((beat, "ride", 0.5) for beat in range(4))
    elif bar == 2:
        yield from ((0, "kick", 1.0), (0, "crash", 1.0))


GROOVES = {
    "intro": _intro,
    "verse 1": _verse,
    "chorus": _chorus,
    "verse 2": _verse,
    "bridge": _bridge,
    "last chorus": _chorus,
    "outro": _outro,
}
