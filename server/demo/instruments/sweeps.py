"""What post-production puts between sections: risers, reversed cymbals, and hits that land on the one."""

from functools import cache

import numpy as np

from server.demo.audio import SAMPLE_RATE, Audio, as_audio
from server.demo.instruments import drums


@cache
def riser(frames: int) -> Audio:
    """Noise that climbs through the bands and gets louder until it stops dead. Shape (frames,)."""
    rng = np.random.default_rng(116)
    spectrum = np.fft.rfft(rng.standard_normal(frames).astype(np.float32))
    hz = np.fft.rfftfreq(frames, 1 / SAMPLE_RATE)
    at = np.linspace(0, 1, frames, dtype=np.float32)
    wave = np.zeros(frames, dtype=np.float32)
    for index, centre in enumerate((400, 800, 1600, 3200, 6400)):
        band = np.fft.irfft(spectrum * np.exp(-((np.log2(np.maximum(hz, 1) / centre)) ** 2) * 3), frames)
        wave += band / np.float32(band.std()) * np.exp(-((at * 5 - index - 0.5) ** 2))
    return as_audio(0.25 * wave * at**2)


@cache
def reversed_crash() -> Audio:
    return np.ascontiguousarray(drums.hit("crash", 0)[::-1][: int(2.4 * SAMPLE_RATE)])


@cache
def impact() -> Audio:
    """A low boom with a burst on top. Shape (frames,)."""
    time = np.arange(int(2.2 * SAMPLE_RATE), dtype=np.float32) / SAMPLE_RATE
    boom = np.sin(2 * np.pi * (38 * time + 6 * (1 - np.exp(-9 * time)))) * np.exp(-2.2 * time)
    burst = drums.hit("crash", 3)[: len(time)]
    wave = 0.9 * boom + 0.45 * burst[: len(time)]
    wave[-2000:] *= np.linspace(1, 0, 2000)
    return as_audio(wave)
