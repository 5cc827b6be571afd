"""Measuring Traces block by block, from one short-time spectrum of 160 ms every 80 ms."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.difference.features import (
    BANDS,
    LEVEL_SECONDS,
    ONSET_STEP_DB,
    PITCHES,
    RATE,
    Bytes,
    Traces,
    packed,
)
from server.sound.growing import Growing
from server.sound.reading import Block

_LENGTH = round(2 * LEVEL_SECONDS * RATE)  # of a frame at 4 kHz, twice its hop
_HOP = _LENGTH // 2
_LOWEST_HERTZ = 100.0
_NEIGHBOURS = 41  # bins of 6.25 Hz whose mean a bin is held against
_NOTE_HOP = 80  # 20 ms at 4 kHz
_CHROMA_LENGTH, _RISE_LENGTH = 1024, 256
_CHROMA_HERTZ = (120.0, 1900.0)
_PER_SEMITONE = 3  # finer than a semitone until the tuning is known
_A4 = 440.0
_LEAN = 0.2
_CHUNK = 4096  # frames

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]


class TraceMeter:
    """Feed blocks, take Traces."""

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._length = round(2 * LEVEL_SECONDS * sample_rate) // 2 * 2
        self._hop = LEVEL_SECONDS * sample_rate
        self._window = np.sqrt(_hann(self._length)) * np.float32(math.sqrt(1 / self._length))
        self._buffer = np.zeros(self._length // 2, dtype=np.float32)
        self._buffer_start = -(self._length // 2)
        self._frames, self._done = 0, 0
        self._signs, self._plain = _Resynthesis(), _Resynthesis()
        self._levels, self._packed_signs = Growing(np.uint8), Growing(np.uint8)
        self._notes = _NoteMeter()

    def add(self, block: Block) -> None:
        self._frames += block.frames
        self._take(nearly_middle(block.samples))

    def result(self) -> Traces:
        duration = self._frames / self._sample_rate
        self._take(np.zeros(2 * self._length, dtype=np.float32))
        samples = round(duration * RATE)
        chroma, rises, tuning = self._notes.result(math.ceil(samples / _NOTE_HOP))
        signs = self._packed_signs.take()[: math.ceil(samples / 8)]
        levels = self._levels.take()[: math.ceil(samples / _HOP)]
        return Traces(duration, tuning, _without(signs, samples), levels, chroma, rises)

    def _take(self, middle: Floats) -> None:
        self._buffer = np.concatenate((self._buffer, middle))
        ready = math.floor(
            (self._buffer_start + len(self._buffer) - self._length / 2) / self._hop
        )  # the last frame whose end is there
        if ready < self._done:
            return
        numbers = np.arange(self._done, ready + 1)
        exact = numbers * self._hop - self._length / 2
        starts = np.floor(exact).astype(np.intp)
        views = np.lib.stride_tricks.sliding_window_view(self._buffer, self._length)
        spectra = np.fft.rfft(views[starts - self._buffer_start] * self._window, axis=1)
        self._spread(self._below_two_kilohertz(spectra, exact - starts))
        self._done = ready + 1
        keep = math.floor(self._done * self._hop - self._length / 2) - self._buffer_start
        self._buffer, self._buffer_start = self._buffer[keep:], self._buffer_start + keep

    def _below_two_kilohertz(
        self, spectra: NDArray[np.complexfloating[Any, Any]], late: NDArray[np.float64]
    ) -> Floats:
        bins = _LENGTH // 2 + 1
        kept = np.zeros((len(spectra), bins), dtype=np.complex64)
        there = min(bins, spectra.shape[1])
        kept[:, :there] = spectra[:, :there]
        kept[:, -1] = 0
        if late.any():  # odd sample rates: frames begin between two samples
            turns = np.outer(late / self._sample_rate, np.arange(bins) * RATE / _LENGTH)
            kept *= np.exp(2j * np.pi * turns).astype(np.complex64)
        return kept  # type: ignore[return-value]

    def _spread(self, spectra: Floats) -> None:
        powers = 4 / self._length * np.square(np.abs(spectra)).sum(axis=1)  # the mean square
        self._levels.add(
            np.clip(np.rint(10 * np.log10(np.maximum(powers, 1e-13)) + 128), 0, 255).astype(np.uint8)
        )
        self._notes.add(self._plain.add(spectra))
        self._packed_signs.add(np.packbits(self._signs.add(_flattened(spectra)) >= 0))


def _without(signs: Bytes, samples: int) -> Bytes:
    """The same without the bits after the last sample."""
    signs = signs.copy()
    if samples % 8:
        signs[-1] &= 0xFF << (8 - samples % 8) & 0xFF
    return signs


def nearly_middle(samples: Floats) -> Floats:
    """All channels together, the first of each pair a little more: of a pair that cancels something is left."""
    if len(samples) == 1:
        return np.asarray(samples[0])
    shares = np.full(len(samples), 1 / len(samples), dtype=np.float32)
    shares[::2] *= 1 + _LEAN
    shares[1::2] *= 1 - _LEAN
    return np.asarray(shares @ samples, dtype=np.float32)


class _Resynthesis:
    """Overlapping spectra back to a stream at 4 kHz."""

    def __init__(self) -> None:
        self._window = np.sqrt(_hann(_LENGTH)) * np.float32(math.sqrt(_LENGTH))
        self._carried: Floats | None = None

    def add(self, spectra: Floats) -> Floats:
        """(frames, bins) to the samples (320 * frames,) that are complete, from the first centre on."""
        frames = np.fft.irfft(spectra, _LENGTH, axis=1).astype(np.float32) * self._window
        before, after = frames[:, :_HOP], frames[:, _HOP:].copy()
        if self._carried is None:
            out = before[1:] + after[:-1]
        else:
            out = before + np.concatenate((self._carried[None], after[:-1]))
        self._carried = after[-1]
        return np.asarray(out.ravel(), dtype=np.float32)


def _flattened(spectra: Floats) -> Floats:
    magnitudes = np.abs(spectra)
    half = _NEIGHBOURS // 2
    sums = np.cumsum(np.pad(magnitudes, ((0, 0), (half + 1, half)), mode="edge"), axis=1)
    neighbours = (sums[:, _NEIGHBOURS:] - sums[:, :-_NEIGHBOURS]) / _NEIGHBOURS
    flat = spectra / (magnitudes + np.float32(0.2) * neighbours + np.float32(1e-9))
    flat[:, : round(_LOWEST_HERTZ * _LENGTH / RATE)] = 0
    return np.asarray(flat)


class _NoteMeter:
    """Pitch classes and rises of the stream at 4 kHz."""

    def __init__(self) -> None:
        self._buffer = np.zeros(_CHROMA_LENGTH // 2, dtype=np.float32)
        self._chroma_window, self._rise_window = _hann(_CHROMA_LENGTH), _hann(_RISE_LENGTH)
        self._pitch_matrix, self._band_matrix = _pitch_matrix(), _band_matrix()
        # Half as exact as they come, and more than four bits need: three hours of them have to fit.
        self._pitches = Growing(np.float16, (PITCHES * _PER_SEMITONE,))
        self._bands = Growing(np.float32, (BANDS,))

    def add(self, samples: Floats) -> None:
        self._buffer = np.concatenate((self._buffer, samples))
        count = (len(self._buffer) - _CHROMA_LENGTH) // _NOTE_HOP + 1
        if count <= 0:
            return
        starts = np.arange(count) * _NOTE_HOP
        views = np.lib.stride_tricks.sliding_window_view(self._buffer, _CHROMA_LENGTH)
        frames = views[starts]
        middle = slice((_CHROMA_LENGTH - _RISE_LENGTH) // 2, (_CHROMA_LENGTH + _RISE_LENGTH) // 2)
        tones = np.abs(np.fft.rfft(frames * self._chroma_window, axis=1))
        bands = np.square(np.abs(np.fft.rfft(frames[:, middle] * self._rise_window, axis=1)))
        self._pitches.add(tones @ self._pitch_matrix)
        self._bands.add(bands @ self._band_matrix)
        self._buffer = self._buffer[count * _NOTE_HOP :]

    def result(self, frames: int) -> tuple[Bytes, Bytes, float]:
        """Chroma (frames, 6) and rises (frames, 6), packed, and the tuning."""
        self.add(np.zeros(_CHROMA_LENGTH + _NOTE_HOP, dtype=np.float32))
        fine, bands = self._pitches.take()[:frames], self._bands.take()[:frames]
        tuning = _tuning(fine)
        return _folded(fine, tuning), _rises(bands), tuning


def _hann(length: int) -> Floats:
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


def _tuning(fine: Halves) -> float:
    """Semitones above A = 440 Hz: the phase of the profile over one semitone (Dressler and Streich 2007)."""
    profile = fine.sum(axis=0, dtype=np.float64).reshape(PITCHES, _PER_SEMITONE).sum(axis=0)
    turn = np.sum(profile * np.exp(2j * np.pi * np.arange(_PER_SEMITONE) / _PER_SEMITONE))
    return float(np.angle(turn) / (2 * np.pi)) if abs(turn) > 0 else 0.0


def _folded(fine: Halves, tuning: float) -> Bytes:
    """(frames, 36) to (frames, 6), packed, each pitch class where this recording has it; the strongest is 15."""
    thirds = np.arange(PITCHES * _PER_SEMITONE)
    centres = _PER_SEMITONE * (np.arange(PITCHES) + tuning)
    whole = PITCHES * _PER_SEMITONE
    away = (thirds[:, None] - centres + whole / 2) % whole - whole / 2
    shares = np.exp(-0.5 * (away / 0.9) ** 2).astype(np.float32)
    loudest = max(float(_chroma(fine[some], shares).max(initial=0)) for some in _chunks(fine))
    floor = np.float32(0.01 * loudest + 1e-12)
    folded = []
    for some in _chunks(fine):
        chroma = _chroma(fine[some], shares)
        folded.append(packed(15 * (chroma / np.maximum(chroma.max(axis=1, keepdims=True), floor))))
    return np.concatenate(folded)


def _chroma(fine: Halves, shares: Floats) -> Floats:
    chroma: Floats = fine.astype(np.float32) @ shares
    # What all twelve have in common is noise and drums.
    chroma -= chroma.min(axis=1, keepdims=True)
    return chroma


def _rises(bands: Floats) -> Bytes:
    """(frames, 12) powers to (frames, 6), packed: by how many steps each rose."""
    floor = max(1e-9, 1e-5 * float(bands.max(initial=0)))
    rises = []
    for some in _chunks(bands):
        levels = 10 * np.log10(bands[max(0, some.start - 1) : some.stop] + floor)
        rises.append(
            packed(np.diff(levels, axis=0, prepend=levels[: 1 - min(1, some.start)]) / ONSET_STEP_DB)
        )
    return np.concatenate(rises)


def _chunks(rows: NDArray[Any]) -> Iterator[slice]:
    """Some rows at a time, one chunk at least: three hours are many."""
    return (slice(at, at + _CHUNK) for at in range(0, max(1, len(rows)), _CHUNK))
