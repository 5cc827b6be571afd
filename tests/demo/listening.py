"""Measuring what the demo band plays."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyebur128

from server.demo.audio import SAMPLE_RATE, Audio
from server.demo.band import DemoVersion

KEPT_PARTS = {
    2: ("drums",),
    4: ("drums", "bass"),
    5: ("bass",),
    7: ("lead", "bass", "keys"),
    8: ("lead", "bass", "keys"),
}
THINNING = 10


@dataclass(frozen=True)
class Heard:
    """A version with only a few of its parts, and how far off their sum was from the mix (worst sample)."""

    version: DemoVersion
    parts: Mapping[str, Audio]
    sum_error: float
    lufs: float


def listen(version: DemoVersion) -> Heard:
    total = np.zeros_like(version.mix)
    for part in version.parts.values():
        total += part
    kept = {name: version.parts[name] for name in KEPT_PARTS.get(version.number, ())}
    slim = DemoVersion(**{**vars(version), "parts": kept})
    return Heard(slim, kept, float(np.abs(total - version.mix).max()), loudness(version.mix))


def loudness(wave: Audio) -> float:
    """Integrated loudness in LUFS."""
    meter = pyebur128.R128State(wave.shape[1], 44_100, pyebur128.MeasurementMode.MODE_I)
    meter.add_frames(np.ascontiguousarray(wave).ravel(), len(wave))
    return float(pyebur128.get_loudness_global(meter))


def mono(wave: Audio) -> Audio:
    mixed: Audio = wave.mean(axis=1)
    return mixed


def stretch(wave: Audio, start: float, end: float) -> Audio:
    return wave[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]


def thinned(wave: Audio) -> Audio:
    """Mono at a fraction of the rate: enough to know a bar by, and quick to search."""
    whole = mono(wave)[: len(wave) // THINNING * THINNING]
    thin: Audio = whole.reshape(-1, THINNING).mean(axis=1)
    return thin


def rms_db(wave: Audio) -> float:
    return float(10 * np.log10(np.mean(np.square(wave, dtype=np.float64)) + 1e-20))


def band_db(wave: Audio, low: float, high: float) -> float:
    power = np.abs(np.fft.rfft(mono(wave))) ** 2
    hz = np.fft.rfftfreq(len(wave), 1 / SAMPLE_RATE)
    return float(10 * np.log10(power[(hz >= low) & (hz < high)].sum()))


def likeness(needle: Audio, hay: Audio) -> tuple[int, float]:
    """Where in the hay the needle fits best, and the normalised correlation there."""
    size = 1 << (len(hay) + len(needle)).bit_length()
    products = np.fft.irfft(np.fft.rfft(hay, size) * np.conj(np.fft.rfft(needle, size)), size)
    products = products[: len(hay) - len(needle) + 1]
    energy = np.concatenate([[0], np.cumsum(np.square(hay, dtype=np.float64))])
    norms = np.sqrt(
        (energy[len(needle) :] - energy[: -len(needle)]) * np.sum(np.square(needle, dtype=np.float64))
    )
    scores = products / np.maximum(norms, 1e-9)
    best = int(scores.argmax())
    return best, float(scores[best])
