"""Version 1: alone in the kitchen, a phone on the table."""

import numpy as np

from server.demo.audio import SAMPLE_RATE, Audio, frames_of, seconds_of
from server.demo.performance import Parts, Take, perform
from server.demo.processing.equaliser import Band, equalised
from server.demo.processing.reverb import add_room, middle
from server.demo.score.note import Note
from server.demo.score.song import song_notes
from server.demo.timelines import timeline

PHONE = (Band("low cut", 170), Band("peak", 2600, 4, 0.8), Band("high cut", 6200), Band("high cut", 7500))
LEVELS = {"guitar": np.float32(2.0), "lead": np.float32(0.85)}


def sketch() -> Parts:
    """Guitar, voice and the kitchen itself, each of shape (frames, 1)."""
    whole = timeline(1)
    parts = perform(_one_guitar_and_a_voice(), whole, Take(seed=11, timing=0.012, velocity=0.14, strokes=2))
    heard = {name: _over_the_table(part) * LEVELS[name] for name, part in parts.items()}
    heard["noise"] = _kitchen(whole.frames)
    return heard


def _one_guitar_and_a_voice() -> list[Note]:
    """One pair of hands: of a part played twice, left and right, only the right one is there."""
    return [note for note in song_notes() if note.part == "lead" or (note.part == "guitar" and note.pan > 0)]


def _over_the_table(part: Audio) -> Audio:
    mono = middle(part)
    add_room(mono, "room", -5)
    return equalised(mono, PHONE)


def _kitchen(frames: int) -> Audio:
    """A fridge, hiss, and the phone being put down and picked up."""
    rng = np.random.default_rng(12)
    time = np.arange(SAMPLE_RATE, dtype=np.float32) / SAMPLE_RATE
    noise = 0.0016 * rng.standard_normal(frames, dtype=np.float32)
    second = sum(
        level * np.sin(np.float32(2 * np.pi * hz) * time) for hz, level in ((200, 0.0012), (300, 0.0007))
    )
    fridge = np.resize(np.asarray(second), frames)  # whole cycles fit a second, so it repeats without a seam
    for start in (0.18, 0.31, seconds_of(frames) - 0.3):
        first = frames_of(start)
        thud = np.exp(-60 * time[: SAMPLE_RATE // 4]) * rng.standard_normal(
            SAMPLE_RATE // 4, dtype=np.float32
        )
        noise[first : first + len(thud)] += np.float32(0.05) * thud
    return (noise + fridge)[:, None].astype(np.float32)
