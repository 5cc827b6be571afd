"""What a comparison needs of one recording beyond ``server.sound``, kept small: about 46 kB a minute.

Two views of the same music, both of nearly the middle (left a little more than right), both below 2 kHz, where phones,
codecs and rooms leave most of it:

*Signs*: the waveform at 4 kHz with its spectrum flattened, one bit a sample. Where two files share the same
audio, their signs agree at the right delay and nowhere else. One bit costs a third of the signal-to-noise
ratio (Van Vleck and Middleton 1966; every radio telescope correlates so); flattening is the phase transform
of Knapp and Carter 1976, softened so that what is far below its neighbours stays there.

*Notes*: pitch classes (Fujishima 1999) against the recording's own tuning, and level rises in twelve bands,
every 20 ms, in four bits. They follow the music where it was played anew.
"""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from server.sound.kept_arrays import pack, unpack

RATE = 4000  # samples a second of the signs
FRAMES_PER_SECOND = 50
LEVEL_SECONDS = 0.08
PITCHES, BANDS = 12, 12
ONSET_STEP_DB = 1.5
SILENT_DB = -80.0
# Noise, hum and an offset that go on for long agree with themselves at any delay; nobody hears them so far below.
_LOUD_PERCENT, _SILENT_BELOW_LOUD_DB = 95, 45.0
_SOFT_DB, _WEIGHS = (20.0, 40.0), (1.0, 0.1)
_FORMAT = 2

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Traces:
    """``duration``: seconds. ``tuning``: semitones (-0.5 to 0.5) above A = 440 Hz.

    ``packed_signs``: uint8, eight samples each. ``levels``: uint8 (one per 80 ms), dB above -128 dBFS.
    ``packed_chroma``: uint8 (frames, 6), ``packed_rises``: uint8 (frames, 6): two values of four bits each.
    """

    duration: float
    tuning: float
    packed_signs: Bytes
    levels: Bytes
    packed_chroma: Bytes
    packed_rises: Bytes

    def to_bytes(self) -> bytes:
        return pack(
            {field.name: np.asarray(getattr(self, field.name)) for field in fields(self)}, format=_FORMAT
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> "Traces":
        """Raises ValueError for traces of another format."""
        kept = unpack(content, format=_FORMAT)
        duration, tuning = (float(kept.pop(name)) for name in ("duration", "tuning"))
        return cls(duration=duration, tuning=tuning, **kept)

    @cached_property
    def signs(self) -> NDArray[np.int8]:
        """(samples at 4 kHz,): 1 and -1, and 0 where there is silence."""
        signs = np.unpackbits(self.packed_signs).astype(np.int8) * 2 - 1
        silent = np.repeat(self.silent, round(LEVEL_SECONDS * RATE))
        length = min(len(signs), len(silent), round(self.duration * RATE))
        signs = signs[:length]
        signs[silent[:length]] = 0
        return signs

    @cached_property
    def silent(self) -> NDArray[np.bool_]:
        """(steps of 80 ms,)"""
        return (self.levels < SILENT_DB + 128) | (self._below_loud > _SILENT_BELOW_LOUD_DB)

    @cached_property
    def weights(self) -> Floats:
        """(steps of 80 ms,): how much each counts where it is to decide, less the softer it is."""
        return np.interp(self._below_loud, _SOFT_DB, _WEIGHS).astype(np.float32)

    @cached_property
    def _below_loud(self) -> Floats:
        """(steps of 80 ms,): by how many dB each is softer than what is loud."""
        loud = np.percentile(self.levels, _LOUD_PERCENT) if len(self.levels) else 0
        return np.asarray(np.float32(loud) - self.levels)

    @cached_property
    def chroma(self) -> Floats:
        """(frames of 20 ms, 12 from C): 0 to 1, the strongest of a frame is 1."""
        return _unpacked(self.packed_chroma) / np.float32(15)

    @cached_property
    def rises(self) -> Floats:
        """(frames of 20 ms, 12 bands from 100 Hz to 2 kHz): dB by which each band rose."""
        return _unpacked(self.packed_rises) * np.float32(ONSET_STEP_DB)


def packed(values: Floats) -> Bytes:
    """(n, 2m) of 0 to 15 to (n, m)."""
    whole = np.clip(np.rint(values), 0, 15).astype(np.uint8)
    return np.asarray(whole[:, ::2] << 4 | whole[:, 1::2], dtype=np.uint8)


def _unpacked(both: Bytes) -> Floats:
    values = np.empty((len(both), 2 * both.shape[1]), dtype=np.float32)
    values[:, ::2], values[:, 1::2] = both >> 4, both & 15
    return values
