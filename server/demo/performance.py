"""Playing notes into parts: where the timeline says, as strictly or as humanly as the take wants."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from server.demo.audio import SAMPLE_RATE, Audio, frames_of
from server.demo.instruments.rack import LEVELS, RELEASE_SECONDS, sound
from server.demo.score.note import Note
from server.demo.timeline import Timeline

Parts = Mapping[str, Audio]


@dataclass(frozen=True)
class Take:
    """How people play: spread of timing (seconds) and of velocity (share), what each part is late by, and
    how many different strokes an instrument has. A machine has no spread and one stroke.
    """

    seed: int = 0
    timing: float = 0.0
    velocity: float = 0.0
    strokes: int = 1


MACHINE = Take()
LATE_SECONDS = {"bass": 0.005, "lead": 0.008, "keys": 0.002}


def perform(notes: Iterable[Note], timeline: Timeline, take: Take) -> dict[str, Audio]:
    """The notes as parts of shape (timeline.frames, 2); beats the timeline leaves out are not played."""
    rng = np.random.default_rng(take.seed)
    by_beat = sorted(notes, key=lambda note: (note.beat, note.part))
    beats = np.array([note.beat for note in by_beat])
    parts: dict[str, Audio] = {}
    for place in timeline.places:
        first, last = np.searchsorted(beats, (place.score_start, place.score_end))
        for note in by_beat[first:last]:
            if note.part not in parts:
                parts[note.part] = silence(timeline.frames)
            part = parts[note.part]
            start = place.frame_at(note.beat) + note.delay * SAMPLE_RATE
            if take.timing:
                start += (LATE_SECONDS.get(note.part, 0) + rng.normal(0, take.timing)) * SAMPLE_RATE
            loudness = LEVELS[note.part] * note.velocity * (1 + rng.normal(0, take.velocity))
            stroke = int(rng.integers(take.strokes)) if take.strokes > 1 else 0
            held = timeline.let_go(place, note.beat + note.length) - place.frame_at(note.beat)
            _place(part, round(start), _cut(note, stroke, held) * np.float32(loudness), note.pan)
    return parts


def silence(frames: int) -> Audio:
    return np.zeros((frames, 2), dtype=np.float32)


def sum_of(parts: Parts) -> Audio:
    """The parts added up. Shape (frames, channels)."""
    first, *others = parts.values()
    total = first.copy()
    for part in others:
        total += part
    return total


def _cut(note: Note, stroke: int, held: float) -> Audio:
    """The instrument's sound, let go after so many frames. Drums ring as they like."""
    whole = sound(note, stroke)
    if note.part == "drums":
        return whole
    release = frames_of(RELEASE_SECONDS[note.part])
    frames = min(len(whole), int(held) + release)
    cut = whole[:frames].copy()
    fade = min(release, frames)
    cut[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32) ** 2
    return cut


def _place(part: Audio, start: int, wave: Audio, pan: float) -> None:
    """Adds a mono sound at a frame, panned with equal power; what falls outside the part is dropped."""
    if start < 0:
        wave, start = wave[-start:], 0
    frames = min(len(wave), len(part) - start)
    if frames > 0:
        angle = (pan + 1) * np.pi / 4
        part[start : start + frames, 0] += wave[:frames] * np.float32(np.cos(angle))
        part[start : start + frames, 1] += wave[:frames] * np.float32(np.sin(angle))
