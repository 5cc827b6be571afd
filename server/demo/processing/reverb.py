"""Rooms as impulse responses of shaped noise: short and woody, or a long bright plate."""

from functools import cache
from typing import Literal

import numpy as np

from server.demo.audio import SAMPLE_RATE, Audio, from_db
from server.demo.processing.convolution import convolve

Room = Literal["room", "plate"]
DECAY_SECONDS: dict[Room, tuple[float, float, float]] = {"room": (0.45, 0.4, 0.25), "plate": (1.1, 1.3, 0.8)}
PREDELAY_SECONDS: dict[Room, float] = {"room": 0.004, "plate": 0.022}


def add_room(part: Audio, room: Room, send_db: float) -> None:
    """Adds a stereo room to the part in place, sent from the sum of its channels. Shape (frames, channels)."""
    send = part.mean(axis=1) * np.float32(from_db(send_db))
    for channel in range(part.shape[1]):
        part[:, channel] += convolve(send, impulse_of(room, channel))


@cache
def impulse_of(room: Room, channel: int) -> Audio:
    """Unit-energy noise, each of three bands dying at its own speed. Shape (frames,)."""
    decays = DECAY_SECONDS[room]
    frames = int(0.8 * max(decays) * SAMPLE_RATE)
    time = np.arange(frames) / SAMPLE_RATE
    rng = np.random.default_rng(4 + channel + 10 * len(room))
    spectrum = np.fft.rfft(rng.standard_normal(frames))
    octave = np.log2(np.maximum(np.fft.rfftfreq(frames, 1 / SAMPLE_RATE), 1))
    wave = np.zeros(frames)
    for centre, decay in zip((250, 1000, 4000), decays, strict=True):
        band = np.fft.irfft(spectrum * np.exp(-0.5 * (octave - np.log2(centre)) ** 2), frames)
        wave += band * np.exp(-6.9 * time / decay)
    wave[-2000:] *= np.linspace(1, 0, 2000)
    wave /= np.sqrt(np.sum(wave**2))
    delay = int(PREDELAY_SECONDS[room] * SAMPLE_RATE)
    return np.concatenate([np.zeros(delay), wave]).astype(np.float32)
