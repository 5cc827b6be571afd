"""The kit: swept sines for skins, shaped noise for wires and metal. Variants differ as real strokes do."""

from functools import cache

import numpy as np

from server.demo.audio import SAMPLE_RATE, Audio, as_audio


@cache
def hit(drum: str, variant: int) -> Audio:
    """One stroke. Shape (frames,), peak near 1."""
    rng = np.random.default_rng(sum(map(ord, drum)) * 100 + variant)
    bend = float(rng.uniform(0.985, 1.015)) if variant else 1.0
    match drum:
        case "kick":
            wave = _skin(0.42, 46 * bend, 190, 26, 8.5) + 0.22 * _noise(rng, 0.42, 1500, 7000, 240)
        case "snare":
            wave = 0.6 * _skin(0.36, 188 * bend, 120, 60, 18) + 0.3 * _skin(0.36, 331 * bend, 60, 60, 26)
            wave += 0.75 * _noise(rng, 0.36, 1400, 11_000, 15)
        case "high tom":
            wave = _skin(0.6, 148 * bend, 90, 18, 8) + 0.1 * _noise(rng, 0.6, 800, 5000, 40)
        case "low tom":
            wave = _skin(0.8, 92 * bend, 70, 16, 6.5) + 0.1 * _noise(rng, 0.8, 600, 4000, 40)
        case "hat":
            wave = 0.42 * _noise(rng, 0.14, 6500, 16_000, 45)
        case "open hat":
            wave = 0.38 * _noise(rng, 0.5, 5500, 16_000, 9)
        case "ride":
            wave = 0.28 * _noise(rng, 1.2, 4500, 13_000, 4.5) + 0.12 * _bell(1.2, 5)
        case "crash":
            wave = 0.5 * _noise(rng, 2.4, 2800, 15_000, 2.1) + 0.04 * _bell(2.4, 2.5)
        case "sticks":
            wave = 0.7 * _skin(0.1, 2350 * bend, 300, 80, 70) + 0.2 * _noise(rng, 0.1, 2000, 9000, 120)
        case _:
            raise ValueError(f"no such drum: {drum!r}")
    wave[-400:] *= np.linspace(1, 0, 400)
    return as_audio(wave)


def _time(seconds: float) -> Audio:
    return as_audio(np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE)


def _skin(seconds: float, hz: float, bend_hz: float, bend_rate: float, decay: float) -> Audio:
    """A sine that falls from hz + bend_hz to hz while it dies away."""
    time = _time(seconds)
    phase = 2 * np.pi * (hz * time + bend_hz / bend_rate * (1 - np.exp(-bend_rate * time)))
    return as_audio(np.sin(phase) * np.exp(-decay * time) * np.minimum(1, time * 2000))


def _noise(rng: np.random.Generator, seconds: float, low_hz: float, high_hz: float, decay: float) -> Audio:
    time = _time(seconds)
    spectrum = np.fft.rfft(rng.standard_normal(len(time)).astype(np.float32))
    hz = np.fft.rfftfreq(len(time), 1 / SAMPLE_RATE)
    spectrum *= 1 / np.sqrt(1 + (low_hz / np.maximum(hz, 1)) ** 6) / np.sqrt(1 + (hz / high_hz) ** 6)
    wave = np.fft.irfft(spectrum, len(time)) * np.exp(-decay * time)
    return as_audio(wave / np.abs(wave).max())


def _bell(seconds: float, decay: float) -> Audio:
    time = _time(seconds)
    partials = sum(np.sin(2 * np.pi * hz * time) for hz in (3110, 4270, 5390, 6730, 8210))
    return as_audio(partials * np.exp(-decay * time) / 3)
