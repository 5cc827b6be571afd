"""A singing voice: a glottal buzz through a vowel's formants, scooped into each note, with vibrato.

One period is drawn as harmonics weighed by the vowel's resonances and read at the pitch's speed; two
tables, a darker one the mouth starts from and the vowel itself, are crossfaded so that a note opens like a
syllable. Source of the formants: Peterson and Barney, "Control Methods Used in a Study of the Vowels", JASA
24, 1952.
"""

from functools import cache

import numpy as np

from server.demo.audio import SAMPLE_RATE, Audio, as_audio
from server.demo.instruments.string import hz_of

FORMANTS = {  # Hz, women's averages
    "a": (850, 1220, 2810, 3800),
    "e": (610, 2330, 2990, 3900),
    "i": (310, 2790, 3310, 4100),
    "o": (590, 920, 2710, 3700),
    "u": (370, 950, 2670, 3600),
}
FORMANT_LEVELS = (1.0, 0.62, 0.34, 0.2)
BANDWIDTHS = (90, 110, 170, 250)
TABLE = 4096
LONG_SECONDS, SHORT_SECONDS = 3.2, 0.85  # no note of the song is held longer, however slowly it is played


@cache
def sing(pitch: int, vowel: str, variant: int, held: bool) -> Audio:
    """A held note is long and has vibrato. Shape (frames,)."""
    rng = np.random.default_rng(500 * pitch + ord(vowel) + 7 * variant)
    time = (
        np.arange(int((LONG_SECONDS if held else SHORT_SECONDS) * SAMPLE_RATE), dtype=np.float32)
        / SAMPLE_RATE
    )
    scoop = -0.6 * np.exp(-time * 28)
    vibrato = (
        0.28
        * np.sin(2 * np.pi * rng.uniform(5.2, 5.9) * time + rng.uniform(0, 6))
        * np.clip(time * 2 - 0.5, 0, 1)
    )
    detune = rng.uniform(-0.07, 0.07) if variant else 0
    semitones = scoop + detune + (vibrato if held else 0)
    hz = hz_of(pitch) * np.exp2(semitones / 12)
    place = (np.cumsum(hz, dtype=np.float64) * (TABLE / SAMPLE_RATE)).astype(np.int64) & (TABLE - 1)
    opening = np.exp(-time * 22)
    wave = _table(pitch, "u")[place] * opening + _table(pitch, vowel)[place] * (1 - opening)
    consonant = rng.standard_normal(len(time), dtype=np.float32) * (0.12 * np.exp(-time * 55) + 0.006)
    consonant = np.diff(consonant, prepend=np.float32(0))
    breath_left = np.exp(-0.9 * np.maximum(time - 1, 0))
    return as_audio((wave + consonant) * np.minimum(1, time * 45) * breath_left)


@cache
def _table(pitch: int, vowel: str) -> Audio:
    harmonic = np.arange(1, int(9000 / hz_of(pitch)))
    hz = harmonic * hz_of(pitch)
    mouth = sum(
        level / np.sqrt(1 + ((hz - formant) / bandwidth) ** 2)
        for level, formant, bandwidth in zip(FORMANT_LEVELS, FORMANTS[vowel], BANDWIDTHS, strict=True)
    )
    spectrum = np.zeros(TABLE // 2 + 1, dtype=np.complex128)
    # Between the formants a real mouth never goes silent; the floor keeps high notes from losing their
    # fundamental.
    spectrum[harmonic] = (mouth + 0.12) / harmonic**0.55 * np.exp(0.37j * harmonic**2)
    table = np.fft.irfft(spectrum)
    return as_audio(table / np.sqrt(np.mean(table**2)) * 0.35)
