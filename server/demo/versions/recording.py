"""Version 4: the band in one room, no click, nothing mended."""

import numpy as np

from server.demo.audio import SAMPLE_RATE, Audio, as_audio, from_db
from server.demo.performance import Parts, Take, perform
from server.demo.processing.reverb import add_room
from server.demo.score.note import Note
from server.demo.score.song import song_notes
from server.demo.timelines import BEAT, timeline

BAND = Take(seed=44, timing=0.0045, velocity=0.09, strokes=3)
ROOM_SENDS_DB = {"drums": -11.0, "lead": -18.0}
WRONG_NOTE = (28.0, 32.0)  # beats of verse 1 where the bass is a semitone off
MICROPHONE_DB = {"lead": -2.5, "drums": -1.0, "bass": -0.5, "keys": -1.5, "guitar": -1.0, "backing": -2.0}


def recording() -> Parts:
    """The parts as the microphones heard them, shape (frames, 2), and `noise`: hum and hiss of the room."""
    whole = timeline(4)
    parts = perform(map(_as_played, song_notes()), whole, BAND)
    for name, send_db in ROOM_SENDS_DB.items():
        add_room(parts[name], "room", send_db)
    for name, db in MICROPHONE_DB.items():
        parts[name] *= np.float32(from_db(db))
    fade_from = whole.places[-1].end - BEAT
    for part in parts.values():
        part[fade_from : fade_from + BEAT] *= np.linspace(1, 0, BEAT, dtype=np.float32)[:, None]
        part[fade_from + BEAT :] = 0
    parts["noise"] = _room_noise(whole.frames)
    return parts


def _as_played(note: Note) -> Note:
    if note.part == "bass" and WRONG_NOTE[0] <= note.beat < WRONG_NOTE[1]:
        return note._replace(pitch=note.pitch + 1)
    return note


def _room_noise(frames: int) -> Audio:
    rng = np.random.default_rng(50)
    phase = np.arange(SAMPLE_RATE // 50, dtype=np.float32) * np.float32(2 * np.pi * 50 / SAMPLE_RATE)
    cycle = sum(
        level * np.sin(order * phase) for order, level in ((1, 0.0014), (2, 0.0005), (3, 0.0008), (5, 0.0003))
    )
    hum = np.resize(np.asarray(cycle), frames)  # a cycle of 50 Hz is 882 frames exactly
    hiss = 0.0007 * rng.standard_normal((frames, 2), dtype=np.float32)
    return as_audio(hum[:, None] + hiss)
