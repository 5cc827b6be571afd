"""Bass, keys, guitar and the pad: what each plays over a bar's chord in each section."""

from collections.abc import Iterator

from server.demo.score.form import BEATS_PER_BAR, SCORE
from server.demo.score.harmony import CHORDS_BY_BAR, chord_of, keys_voicings
from server.demo.score.note import Note

LAST_CHORD_BAR = 40  # rings out to the end
RING = 6.0  # beats


def accompaniment_notes() -> tuple[Note, ...]:
    notes: list[Note] = []
    for section in SCORE[1:]:
        for bar in section.bars:
            if bar < LAST_CHORD_BAR:
                notes += _bass(bar, section.name)
                notes += _keys(bar, section.name)
                notes += _guitar(bar, section.name)
    notes += _last_chord()
    return tuple(notes)


def _bass(bar: int, section: str) -> Iterator[Note]:
    root, beat = chord_of(bar).bass, bar * BEATS_PER_BAR
    following = chord_of(bar + 1).bass
    approach = following - 1 if following > root else following + 2
    if section in ("intro", "bridge"):
        pattern = [(0.0, 3.6, root, 0.8)]
    elif "chorus" in section:
        pattern = [
            (step / 2, 0.45, root + 12 * (step in (3, 7)), 0.95 - 0.15 * (step % 2)) for step in range(7)
        ]
        pattern.append((3.5, 0.45, approach, 0.8))
    else:
        pattern = [(0, 0.7, root, 0.9), (0.75, 0.25, root, 0.5), (1.75, 0.6, root, 0.7)]
        pattern += [(2.5, 0.5, root + 12, 0.8), (3, 0.4, root + 7, 0.6), (3.5, 0.45, approach, 0.7)]
    for start, length, pitch, velocity in pattern:
        yield Note("bass", beat + start, length, pitch, velocity)


def _keys(bar: int, section: str) -> Iterator[Note]:
    beat = bar * BEATS_PER_BAR
    if "chorus" in section:
        pattern = [(0.0, 1.4, 0.75), (1.5, 0.9, 0.65), (2.5, 1.4, 0.75)]
    elif section in ("intro", "bridge", "outro"):
        pattern = [(0.0, 3.8, 0.6)]
    else:
        pattern = [(0.0, 1.4, 0.55), (1.5, 2.3, 0.45)]
    for start, length, velocity in pattern:
        for pitch in keys_voicings()[bar]:
            yield Note("keys", beat + start, length, pitch, velocity)


def _guitar(bar: int, section: str) -> Iterator[Note]:
    if "chorus" in section or section == "outro":
        for start, length, velocity, down in (
            (0, 1, 0.9, True), (1, 0.5, 0.7, True), (1.5, 1, 0.6, False),
            (2.5, 0.5, 0.7, False), (3, 0.5, 0.8, True), (3.5, 0.5, 0.6, False),
        ):  # fmt: skip
            for pan in (-0.75, 0.75):  # the same part played twice
                yield from _strum(bar, start, length, velocity, down, pan)
    elif section != "bridge":
        grip = chord_of(bar).guitar
        order = (0, 2, 3, 1, -1, 3, 2, 1)
        for step, string in enumerate(order):
            pitch = grip[string if string < len(grip) else -1]
            yield Note(
                "guitar", bar * BEATS_PER_BAR + step / 2, 1.0, pitch, 0.55 + 0.15 * (step == 0), "", 0.45
            )


def _strum(bar: int, start: float, length: float, velocity: float, down: bool, pan: float) -> Iterator[Note]:
    grip = chord_of(bar).guitar
    strings = grip if down else grip[::-1][:4]
    for index, pitch in enumerate(strings):
        yield Note(
            "guitar",
            bar * BEATS_PER_BAR + start,
            length,
            pitch,
            0.6 * velocity,
            "strummed",
            pan,
            0.011 * index,
        )


def _last_chord() -> Iterator[Note]:
    beat = LAST_CHORD_BAR * BEATS_PER_BAR
    chord = chord_of(LAST_CHORD_BAR)
    yield Note("bass", beat, RING, chord.bass, 0.9)
    for pitch in keys_voicings()[LAST_CHORD_BAR]:
        yield Note("keys", beat, RING, pitch, 0.6)
    for pan in (-0.75, 0.75):
        for index, pitch in enumerate(chord.guitar):
            yield Note("guitar", beat, RING, pitch, 0.55, "strummed", pan, 0.016 * index)


def pad_notes() -> tuple[Note, ...]:
    """The layer post-production adds under both choruses, the bridge and the outro."""
    notes = []
    for section in SCORE[1:]:
        if section.name in ("chorus", "bridge", "last chorus", "outro"):
            for bar in section.bars:
                for pitch in keys_voicings()[bar][:4]:
                    for pan in (-0.9, 0.9):
                        notes.append(
                            Note("pad", bar * BEATS_PER_BAR, 4.0, pitch, 0.6, CHORDS_BY_BAR[bar], pan)
                        )
    return tuple(notes)
