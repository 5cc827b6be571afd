"""What the benchmark of sound is run on: a song of four minutes in three formats, and three hours of it."""

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from tests.sound.signals import music

RATE = 44100
SONG_SECONDS, REHEARSAL_SECONDS = 240, 3 * 3600


def song_of(folder: Path | None) -> NDArray[np.float32]:
    """(frames, 2): four minutes, its peak at -0.2 dBFS."""
    if folder is None:
        samples = music(SONG_SECONDS).T
    else:
        parts = [soundfile.read(path, always_2d=True)[0] for path in sorted(folder.rglob("*.flac"))]
        shortest = min(map(len, parts))
        samples = np.sum([part[:shortest, :2] for part in parts], axis=0)
        samples = np.tile(samples, (-(-SONG_SECONDS * RATE // shortest), 1))[: SONG_SECONDS * RATE]
    return np.asarray(samples * 0.977 / np.abs(samples).max(), dtype=np.float32)


def written(song: NDArray[np.float32], folder: Path) -> list[Path]:
    for name, subtype in (("song.wav", "PCM_16"), ("song.flac", "PCM_24"), ("song.mp3", None)):
        soundfile.write(folder / name, song, RATE, subtype=subtype)
    return [folder / name for name in ("song.wav", "song.flac", "song.mp3")]


def rehearsal(song: NDArray[np.float32], folder: Path) -> Path:
    path = folder / "rehearsal.wav"
    with soundfile.SoundFile(path, "w", RATE, 2, subtype="PCM_16") as file:
        for _ in range(REHEARSAL_SECONDS // SONG_SECONDS):
            file.write(song)
    return path
