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
    """Adds a room to the part in place, sent from the middle of its channels. Shape (frames, channels)."""
    part += convolve(middle(part) * np.float32(from_db(send_db)), impulses_of(room, part.shape[1])[:, None])


def middle(part: Audio) -> Audio:
    """The mean of the channels. Shape (frames, channels) -> (frames, 1)."""
    return part @ np.full((part.shape[1], 1), 1 / part.shape[1], dtype=np.float32)


@cache
def impulses_of(room: Room, channels: int) -> Audio:
    """What a room answers on each channel. Shape (channels, taps)."""
    return np.stack([_impulse(room, channel) for channel in range(channels)])


def _impulse(room: Room, channel: int) -> Audio:
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
