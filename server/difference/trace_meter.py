"""Measuring Traces block by block, from one short-time spectrum of 160 ms every 80 ms, up to 2 kHz."""

import io
import math
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from server.difference.features import LEVEL_SECONDS, RATE, Bytes, Traces
from server.difference.note_meter import NOTE_HOP, NoteMeter, hann
from server.difference.thinning import Thinner
from server.sound.framing import single_precision_rfft
from server.sound.growing import Growing
from server.sound.reading import Block

_LENGTH = round(2 * LEVEL_SECONDS * RATE)  # of a frame at 4 kHz, twice its hop
_HOP = _LENGTH // 2
_LOWEST_HERTZ = 100.0
_NEIGHBOURS = 41  # bins of 6.25 Hz whose mean a bin is held against
_LEAN = 0.2
_FRAMES_AT_ONCE = 64  # small steps cost more than large ones

Floats = NDArray[np.float32]


class TraceMeter:
    """Feed blocks, take Traces. ``waiting``: an open file, empty, for what would fill the memory over hours."""

    def __init__(self, sample_rate: int, waiting: IO[bytes] | None = None) -> None:
        self._sample_rate = sample_rate
        self._thinner = Thinner(sample_rate)
        self._rate = sample_rate / self._thinner.factor
        self._length = round(2 * LEVEL_SECONDS * self._rate) // 2 * 2
        self._hop = LEVEL_SECONDS * self._rate
        self._window = np.sqrt(hann(self._length)) * np.float32(
            math.sqrt(self._thinner.factor * self._length)
        )
        self._buffer = np.zeros(self._length // 2, dtype=np.float32)
        self._buffer_start = -(self._length // 2)
        self._frames, self._done = 0, 0
        self._signs, self._plain = _Resynthesis(), _Resynthesis()
        self._levels, self._packed_signs = Growing(np.uint8), Growing(np.uint8)
        self._notes = NoteMeter(io.BytesIO() if waiting is None else waiting)

    def add(self, block: Block) -> None:
        self._frames += block.frames
        self._take(self._thinner.add(nearly_middle(block.samples)))

    def result(self) -> Traces:
        duration = self._frames / self._sample_rate
        silence = np.zeros(3 * self._length * self._thinner.factor, dtype=np.float32)
        self._take(self._thinner.add(silence), at_least=1)
        samples = round(duration * RATE)
        chroma, rises, tuning = self._notes.result(math.ceil(samples / NOTE_HOP))
        signs = self._packed_signs.take()[: math.ceil(samples / 8)]
        _clear_after(signs, samples)
        levels = self._levels.take()[: math.ceil(samples / _HOP)]
        return Traces(duration, tuning, signs, levels, chroma, rises)

    def _take(self, middle: Floats, at_least: int = _FRAMES_AT_ONCE) -> None:
        self._buffer = np.concatenate((self._buffer, middle))
        ready = math.floor(
            (self._buffer_start + len(self._buffer) - self._length / 2) / self._hop
        )  # the last frame whose end is there
        if ready + 1 - self._done < at_least:
            return
        numbers = np.arange(self._done, ready + 1)
        exact = numbers * self._hop - self._length / 2
        starts = np.floor(exact).astype(np.intp)
        views = np.lib.stride_tricks.sliding_window_view(self._buffer, self._length)
        spectra = single_precision_rfft(views[starts - self._buffer_start] * self._window)
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
            turns = np.outer(late / self._rate, np.arange(bins) * RATE / _LENGTH)
            kept *= np.exp(2j * np.pi * turns).astype(np.complex64)
        return kept  # type: ignore[return-value]

    def _spread(self, spectra: Floats) -> None:
        length = self._length * self._thinner.factor
        powers = 4 / length * np.square(np.abs(spectra)).sum(axis=1)  # the mean square
        self._levels.add(
            np.clip(np.rint(10 * np.log10(np.maximum(powers, 1e-13)) + 128), 0, 255).astype(np.uint8)
        )
        self._notes.add(self._plain.add(spectra))
        self._packed_signs.add(np.packbits(self._signs.add(_flattened(spectra)) >= 0))


def _clear_after(signs: Bytes, samples: int) -> None:
    """Set the bits after the last sample to zero; in place, for over hours they are megabytes."""
    if samples % 8:
        signs[-1] &= 0xFF << (8 - samples % 8) & 0xFF


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
        self._window = np.sqrt(hann(_LENGTH)) * np.float32(math.sqrt(_LENGTH))
        self._carried: Floats | None = None

    def add(self, spectra: Floats) -> Floats:
        """(frames, bins) to the samples (320 * frames,) that are complete, from the first centre on."""
        frames = np.fft.irfft(spectra, _LENGTH, axis=1) * self._window
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
