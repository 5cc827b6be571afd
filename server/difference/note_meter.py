"""Notes of the stream at 4 kHz: pitch classes and the rises of twelve bands, every 20 ms."""

from collections.abc import Iterator
from typing import IO

import numpy as np
from numpy.typing import NDArray

from server.difference.features import BANDS, ONSET_STEP_DB, PITCHES, RATE, Bytes, packed
from server.sound.framing import single_precision_rfft

NOTE_HOP = 80  # 20 ms at 4 kHz
_CHROMA_LENGTH, _RISE_LENGTH = 1024, 256
_CHROMA_HERTZ = (120.0, 1900.0)
_PER_SEMITONE = 3  # finer than a semitone until the tuning is known
_FINE = PITCHES * _PER_SEMITONE
_A4 = 440.0
_CHUNK = 4096  # frames

Floats = NDArray[np.float32]


class NoteMeter:
    """Pitch classes follow from the tuning, which is known only at the end: until then what they are made of waits in
    ``waiting``, for three hours of it are a hundred megabytes."""

    def __init__(self, waiting: IO[bytes]) -> None:
        self._waiting = waiting
        self._buffer = np.zeros(_CHROMA_LENGTH // 2, dtype=np.float32)
        self._chroma_window, self._rise_window = (
            length * hann(length) for length in (_CHROMA_LENGTH, _RISE_LENGTH)
        )
        self._pitch_matrix, self._band_matrix = _pitch_matrix(), _band_matrix()

    def add(self, samples: Floats) -> None:
        self._buffer = np.concatenate((self._buffer, samples))
        count = (len(self._buffer) - _CHROMA_LENGTH) // NOTE_HOP + 1
        if count <= 0:
            return
        starts = np.arange(count) * NOTE_HOP
        views = np.lib.stride_tricks.sliding_window_view(self._buffer, _CHROMA_LENGTH)
        frames = views[starts]
        middle = slice((_CHROMA_LENGTH - _RISE_LENGTH) // 2, (_CHROMA_LENGTH + _RISE_LENGTH) // 2)
        tones = np.abs(single_precision_rfft(frames * self._chroma_window))
        bands = np.square(np.abs(single_precision_rfft(frames[:, middle] * self._rise_window)))
        row = np.concatenate((tones @ self._pitch_matrix, bands @ self._band_matrix), axis=1)
        self._waiting.write(row.astype(np.float32, copy=False).data)
        self._buffer = self._buffer[count * NOTE_HOP :]

    def result(self, frames: int) -> tuple[Bytes, Bytes, float]:
        """Chroma (frames, 6) and rises (frames, 6), packed, and the tuning."""
        self.add(np.zeros(_CHROMA_LENGTH + NOTE_HOP, dtype=np.float32))
        profile, highest = np.zeros(_FINE), 0.0
        for fine, bands in self._rows(frames):
            profile += fine.sum(axis=0, dtype=np.float64)
            highest = max(highest, float(bands.max(initial=0)))
        tuning = _tuning(profile)
        shares = _shares(tuning)
        loudest = max(float(_chroma(fine, shares).max(initial=0)) for fine, _ in self._rows(frames))
        chroma, rises = (np.empty((frames, count // 2), dtype=np.uint8) for count in (PITCHES, BANDS))
        done, levels = 0, np.empty((0, BANDS), dtype=np.float32)
        for fine, bands in self._rows(frames):
            now = slice(done, done := done + len(fine))
            chroma[now] = _standing_out(_chroma(fine, shares), loudest)
            before, levels = levels[-1:], 10 * np.log10(bands + max(1e-9, 1e-5 * highest))
            rises[now] = _steps(levels, before if len(before) else levels[:1])
        return chroma[:done], rises[:done], tuning

    def _rows(self, frames: int) -> Iterator[tuple[Floats, Floats]]:
        """(n, 36) pitches and (n, 12) bands of the first ``frames``, some at a time, one chunk at least."""
        self._waiting.seek(0)
        width = _FINE + BANDS
        for first in range(0, max(1, frames), _CHUNK):
            content = self._waiting.read(4 * width * min(_CHUNK, frames - first))
            rows = np.frombuffer(content, dtype=np.float32).reshape(-1, width)
            yield rows[:, :_FINE], rows[:, _FINE:]


def hann(length: int) -> Floats:
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)).astype(np.float32)


def _pitch_matrix() -> Floats:
    """(bins, 36): each bin to its thirds of a semitone, from C."""
    hertz = np.arange(_CHROMA_LENGTH // 2 + 1) * RATE / _CHROMA_LENGTH
    used = (hertz >= _CHROMA_HERTZ[0]) & (hertz <= _CHROMA_HERTZ[1])
    thirds = _PER_SEMITONE * (12 * np.log2(np.maximum(hertz, 1) / _A4) + 9)
    whole = PITCHES * _PER_SEMITONE
    away = (thirds[:, None] - np.arange(whole) + whole / 2) % whole - whole / 2
    # A bin is broader than a third of a semitone below 400 Hz: it counts for all that it covers.
    width = np.maximum(0.8, _PER_SEMITONE * 12 * np.log2(1 + 4 / np.maximum(hertz, 1)))[:, None]
    shares = np.exp(-0.5 * (away / width) ** 2) / width * used[:, None]
    # Numbers too small for a normal float32 would slow the product down twentyfold.
    shares[shares < np.finfo(np.float32).tiny] = 0
    return np.asarray(shares, dtype=np.float32)


def _band_matrix() -> Floats:
    """(bins, 12): bands of equal width on a logarithmic scale."""
    edges = np.geomspace(90, 1990, BANDS + 1)
    width = RATE / _RISE_LENGTH
    hertz = np.arange(_RISE_LENGTH // 2 + 1)[:, None] * width
    inside = np.minimum(hertz + width / 2, edges[1:]) - np.maximum(hertz - width / 2, edges[:-1])
    return np.asarray(np.clip(inside, 0, None) / width, dtype=np.float32)


def _tuning(profile: NDArray[np.float64]) -> float:
    """Semitones above A = 440 Hz: the phase of the profile over one semitone (Dressler and Streich 2007)."""
    thirds = profile.reshape(PITCHES, _PER_SEMITONE).sum(axis=0)
    turn = np.sum(thirds * np.exp(2j * np.pi * np.arange(_PER_SEMITONE) / _PER_SEMITONE))
    return float(np.angle(turn) / (2 * np.pi)) if abs(turn) > 0 else 0.0


def _shares(tuning: float) -> Floats:
    """(36, 12): how much of each third of a semitone belongs to each pitch class of this recording."""
    centres = _PER_SEMITONE * (np.arange(PITCHES) + tuning)
    away = (np.arange(_FINE)[:, None] - centres + _FINE / 2) % _FINE - _FINE / 2
    return np.asarray(np.exp(-0.5 * (away / 0.9) ** 2), dtype=np.float32)


def _chroma(fine: Floats, shares: Floats) -> Floats:
    """(frames, 36) to (frames, 12)."""
    chroma: Floats = fine @ shares
    # What all twelve have in common is noise and drums.
    chroma -= chroma.min(axis=1, keepdims=True)
    return chroma


def _standing_out(chroma: Floats, loudest: float) -> Bytes:
    """(frames, 12) to (frames, 6), packed: the strongest of a frame is 15."""
    floor = np.float32(0.01 * loudest + 1e-12)
    return packed(15 * (chroma / np.maximum(chroma.max(axis=1, keepdims=True), floor)))


def _steps(levels: Floats, before: Floats) -> Bytes:
    """(frames, 12) dB to (frames, 6), packed: by how many steps each is above the frame before."""
    return packed(np.diff(levels, axis=0, prepend=before) / ONSET_STEP_DB)
