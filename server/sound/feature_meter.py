"""Measuring Features block by block: spectra of three lengths, each where the ear needs it.

The top, from 800 Hz, comes from frames of some 20 ms every 10 ms; the middle, 100 to 630 Hz, and the low end
come from the stream at a sixteenth of its rate, with frames of 190 and 740 ms, or a third octave at 25 Hz
could not be told from the next.
"""

import math

import numpy as np
from numpy.typing import NDArray

from server.sound.background import HumMeter
from server.sound.blocks import ROW, hop_frames
from server.sound.decimation import Decimator
from server.sound.features import ONSETS_PER_SECOND, ROWS_PER_SECOND, Features, hundredths
from server.sound.framing import Framing, fast_length, spectra
from server.sound.reading import Block
from server.sound.space import fold_to_stereo, space_over_time
from server.sound.third_octaves import band_matrix, edge_matrix

_PER_ROW = ONSETS_PER_SECOND // ROWS_PER_SECOND
_TOP_SECONDS, _MIDDLE_SECONDS, _LOW_SECONDS = 0.0213, 0.185, 0.74
_ONSET_BANDS = 24
_ONSET_HERTZ = (40.0, 16000.0)
_ONSET_FLOOR = 1e-8  # a rise below this power is noise, no onset
_CHROMA_HERTZ = (65.0, 1000.0)
_C4 = 261.6256

Floats = NDArray[np.float32]


class Zone:
    """One part of the spectrum of one signal: its frames, and sums over its bins as they come."""

    def __init__(self, framing: Framing, matrix: Floats) -> None:
        self._framing, self._matrix = framing, matrix
        self._sums: list[Floats] = []

    def add(self, samples: Floats) -> Floats:
        """Takes samples (1, n); gives the powers of the new frames, (frames, 2 * bins)."""
        return self._take(self._framing.add(samples))

    def finish(self, frames: int) -> Floats:
        return self._take(self._framing.finish(frames))

    def _take(self, frames: Floats) -> Floats:
        powers = spectra(frames[0])
        powers *= powers
        self._sums.append(powers @ self._matrix)
        return powers

    def rows(self, count: int, per_row: int = 1) -> Floats:
        """Means per row of 100 ms: (count, columns of the matrix)."""
        sums = np.concatenate(self._sums)[: count * per_row]
        means: Floats = sums.reshape(count, per_row, -1).mean(axis=1)
        return means


class Tone:
    """Third-octave powers of one signal, the mid or the side."""

    def __init__(self, sample_rate: int, hop: int, *, with_onsets: bool) -> None:
        self._decimator = Decimator(sample_rate, 1)
        self._skip = round(self._decimator.delay / self._decimator.factor)
        low_rate, low_hop = self._decimator.rate, hop / self._decimator.factor
        top_length = 1 << round(math.log2(_TOP_SECONDS * sample_rate))
        middle_length, low_length = (fast_length(span * low_rate) for span in (_MIDDLE_SECONDS, _LOW_SECONDS))
        top = band_matrix(800, 20000, length=top_length, rate=sample_rate)
        self._top_bands = top.shape[1]
        if with_onsets:
            top = np.hstack((top, edge_matrix(_onset_edges(), length=top_length, rate=sample_rate)))
        self._top = Zone(Framing(top_length, hop / _PER_ROW, 1), top)
        middle = band_matrix(100, 630, length=middle_length, rate=low_rate)
        self._middle = Zone(Framing(middle_length, low_hop, 1), middle)
        low = band_matrix(25, 80, length=low_length, rate=low_rate)
        self._low = Zone(Framing(low_length, low_hop, 1), low)
        self.low_length, self.low_rate = low_length, low_rate

    def add(self, samples: Floats) -> Floats:
        """Takes samples (1, n); gives the powers of the low end's new frames."""
        self._top.add(samples)
        return self._add_low(samples)

    def _add_low(self, samples: Floats) -> Floats:
        if missing := -samples.shape[1] % ROW:
            samples = np.pad(samples, ((0, 0), (0, missing)))
        thin = self._decimator.add(samples)
        # What the filter gives before its delay has passed belongs to no sample.
        thin, self._skip = thin[:, self._skip :], max(0, self._skip - thin.shape[1])
        self._middle.add(thin)
        return self._low.add(thin)

    def finish(self, rows: int) -> Floats:
        rest = math.ceil(self._decimator.delay / ROW) * ROW
        last = self._add_low(np.zeros((1, rest), dtype=np.float32))
        self._top.finish(rows * _PER_ROW)
        self._middle.finish(rows)
        return np.concatenate((last, self._low.finish(rows)))

    def bands(self, rows: int) -> Floats:
        """(rows, 30)."""
        top = self._top.rows(rows, _PER_ROW)[:, : self._top_bands]
        return np.concatenate((self._low.rows(rows), self._middle.rows(rows), top), axis=1)

    def onsets(self, rows: int) -> Floats:
        """(10 a row,): the mean rise of the onset bands in dB."""
        powers = self._top.rows(rows * _PER_ROW)[:, self._top_bands :]
        levels = np.log10(np.maximum(powers, np.float32(_ONSET_FLOOR)))
        rises: Floats = np.maximum(np.diff(levels, axis=0, prepend=np.log10(_ONSET_FLOOR)), 0)
        onsets: Floats = 10 * rises.mean(axis=1)
        return onsets


class FeatureMeter:
    """Feed blocks, take Features; ``hum`` has listened along."""

    def __init__(self, sample_rate: int, speakers: tuple[str, ...]) -> None:
        self._hop, self._speakers = hop_frames(sample_rate), speakers
        self._mid = Tone(sample_rate, self._hop, with_onsets=True)
        self._side = Tone(sample_rate, self._hop, with_onsets=False) if len(speakers) > 1 else None
        self._pitch_classes = _pitch_class_matrix(self._mid.low_length, self._mid.low_rate)
        self.hum = HumMeter(self._mid.low_length, self._mid.low_rate)
        self._chroma: list[Floats] = []
        self._space: list[Floats] = []
        self._frames = 0

    def add(self, block: Block) -> None:
        samples = fold_to_stereo(block.samples, self._speakers)
        self._frames += block.frames
        self._space.append(space_over_time(samples, self._hop))
        if self._side:
            left, right = samples * np.float32(0.5)
            self._take_low(self._mid.add((left + right)[None]))
            self._side.add((left - right)[None])
        else:
            self._take_low(self._mid.add(samples))

    def _take_low(self, powers: Floats) -> None:
        self.hum.add(powers)
        self._chroma.append(np.sqrt(powers) @ self._pitch_classes)

    def result(self) -> Features:
        rows = max(1, math.ceil(self._frames / self._hop))
        self._take_low(self._mid.finish(rows))
        mid = self._mid.bands(rows)
        side = np.zeros_like(mid)
        if self._side:
            self._side.finish(rows)
            side = self._side.bands(rows)
        correlation, balance, crest = np.concatenate(self._space)[:rows].T
        chroma = np.concatenate(self._chroma)[:rows]
        chroma /= np.maximum(chroma.max(axis=1, keepdims=True), 1e-9)
        return Features(
            mid_cdb=hundredths(mid),
            side_cdb=hundredths(side),
            correlation=np.rint(100 * correlation).astype(np.int8),
            balance_cdb=np.rint(100 * balance).astype(np.int16),
            crest_cdb=np.rint(100 * crest).astype(np.int16),
            chroma=np.rint(255 * chroma).astype(np.uint8),
            onsets=self._mid.onsets(rows).astype(np.float16),
        )


def _onset_edges() -> NDArray[np.float64]:
    edges = np.geomspace(*_ONSET_HERTZ, _ONSET_BANDS + 1)
    return np.stack((edges[:-1], edges[1:]), axis=1)


def _pitch_class_matrix(length: int, rate: float) -> Floats:
    """(2 * bins, 12): how much each bin belongs to each pitch class, a third of a semitone wide."""
    hertz = np.arange(length // 2 + 1) * rate / length
    semitones = 12 * np.log2(np.maximum(hertz, 1.0) / _C4)
    away = (semitones[:, None] - np.arange(12) + 6) % 12 - 6
    used = (hertz >= _CHROMA_HERTZ[0]) & (hertz <= _CHROMA_HERTZ[1])
    shares = np.exp(-0.5 * (away / 0.33) ** 2) * used[:, None]
    return np.repeat(shares, 2, axis=0).astype(np.float32)
