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
    """One part of the spectrum: its frames, and its band powers as they come.

    Kept for each band: |L|^2 + |R|^2 and the real part of L R*, from which mid and side follow.
    """

    def __init__(self, framing: Framing, hertz: tuple[float, float], rate: float) -> None:
        self._framing = framing
        self._matrix = band_matrix(*hertz, length=framing.length, rate=rate)
        self._bands: list[tuple[Floats, Floats]] = []

    def add(self, samples: Floats) -> Floats:
        """Takes samples (channels, n); gives |L|^2 + |R|^2 of the new frames, (frames, 2 * bins)."""
        return self._take(self._framing.add(samples))

    def finish(self, frames: int) -> Floats:
        return self._take(self._framing.finish(frames))

    def _take(self, frames: Floats) -> Floats:
        pairs = spectra(frames)
        left, right = pairs[0], pairs[-1]
        both: Floats = left * left
        product = left * right if len(pairs) > 1 else both.copy()
        both += right * right if len(pairs) > 1 else both
        self._bands.append((both @ self._matrix, product @ self._matrix))
        return both

    def mid_and_side(self, rows: int, per_row: int = 1) -> tuple[Floats, Floats]:
        """Mean powers per row of 100 ms: (rows, bands) each."""
        both, product = (np.concatenate(part)[: rows * per_row] for part in zip(*self._bands, strict=True))
        both, product = (part.reshape(rows, per_row, -1).mean(axis=1) for part in (both, product))
        return (both + 2 * product) / 4, (both - 2 * product) / 4


class FeatureMeter:
    """Feed blocks, take Features."""

    def __init__(self, sample_rate: int, speakers: tuple[str, ...]) -> None:
        self._hop, self._speakers = hop_frames(sample_rate), speakers
        channels = min(len(speakers), 2)
        self._decimator = Decimator(sample_rate, channels)
        self._skip = round(self._decimator.delay / self._decimator.factor)
        low_rate, low_hop = self._decimator.rate, self._hop / self._decimator.factor
        top_length = 1 << round(math.log2(_TOP_SECONDS * sample_rate))
        middle_length, low_length = (fast_length(span * low_rate) for span in (_MIDDLE_SECONDS, _LOW_SECONDS))
        self._top = Zone(Framing(top_length, self._hop / _PER_ROW, channels), (800, 20000), sample_rate)
        self._middle = Zone(Framing(middle_length, low_hop, channels), (100, 630), low_rate)
        self._low = Zone(Framing(low_length, low_hop, channels), (25, 80), low_rate)
        self._onset_bands = edge_matrix(_onset_edges(), length=top_length, rate=sample_rate)
        self._pitch_classes = _pitch_class_matrix(low_length, low_rate)
        self.hum = HumMeter(low_length, low_rate)
        self._last_levels = np.full((1, _ONSET_BANDS), np.log10(_ONSET_FLOOR), dtype=np.float32)
        self._onsets: list[Floats] = []
        self._chroma: list[Floats] = []
        self._space: list[Floats] = []
        self._channels, self._frames = channels, 0

    def add(self, block: Block) -> None:
        samples = fold_to_stereo(block.samples, self._speakers)
        self._frames += block.frames
        self._space.append(space_over_time(samples, self._hop))
        self._add_onsets(self._top.add(samples))
        self._add_low(samples)

    def _add_onsets(self, powers: Floats) -> None:
        levels = np.log10(np.maximum(powers @ self._onset_bands, np.float32(_ONSET_FLOOR)))
        rises = np.diff(levels, axis=0, prepend=self._last_levels)
        self._onsets.append(10 * np.maximum(rises, 0).mean(axis=1))
        self._last_levels = levels[-1:] if len(levels) else self._last_levels

    def _add_low(self, samples: Floats) -> None:
        if missing := -samples.shape[1] % ROW:
            samples = np.pad(samples, ((0, 0), (0, missing)))
        thin = self._decimator.add(samples)
        # What the filter gives before its delay has passed belongs to no sample.
        thin, self._skip = thin[:, self._skip :], max(0, self._skip - thin.shape[1])
        self._middle.add(thin)
        self._add_low_powers(self._low.add(thin))

    def _add_low_powers(self, powers: Floats) -> None:
        self.hum.add(powers)
        self._chroma.append(np.sqrt(powers) @ self._pitch_classes)

    def result(self) -> Features:
        rows = max(1, math.ceil(self._frames / self._hop))
        self._add_low(np.zeros((self._channels, 2 * self._decimator.delay), dtype=np.float32))
        self._add_onsets(self._top.finish(rows * _PER_ROW))
        self._middle.finish(rows)
        self._add_low_powers(self._low.finish(rows))
        zones = (
            self._low.mid_and_side(rows),
            self._middle.mid_and_side(rows),
            self._top.mid_and_side(rows, _PER_ROW),
        )
        mid, side = (np.concatenate(part, axis=1) for part in zip(*zones, strict=True))
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
            onsets=np.concatenate(self._onsets)[: rows * _PER_ROW].astype(np.float16),
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
