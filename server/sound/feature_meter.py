"""Measuring Features, block by block."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from server.sound.background import Hum, HumMeter
from server.sound.blocks import hop_frames
from server.sound.features import FLOOR_DB, Features
from server.sound.growing import Growing
from server.sound.reading import Block
from server.sound.space import fold_to_stereo, space_over_time
from server.sound.tone_meter import OnsetMeter, ToneMeter

_CHROMA_HERTZ = (65.0, 1000.0)
_C4 = 261.6256

Floats = NDArray[np.float32]


class FeatureMeter:
    """Feed blocks to all parts, take Features and the hum."""

    def __init__(self, sample_rate: int, speakers: tuple[str, ...]) -> None:
        self._hop, self._speakers = hop_frames(sample_rate), speakers
        self._mid = ToneMeter(sample_rate, self._hop)
        self._side = ToneMeter(sample_rate, self._hop) if len(speakers) > 1 else None
        self._onsets = OnsetMeter(self._mid.top_length, sample_rate)
        self._pitch_classes = _pitch_class_matrix(self._mid.low_length, self._mid.low_rate)
        self._hum = HumMeter(self._mid.low_length, self._mid.low_rate)
        self._chroma = Growing(np.uint8, (12,))
        self._space = Growing(np.float32, (3,))
        self._frames = 0

    @property
    def parts(self) -> tuple[Callable[[Block], None], ...]:
        """What each block has to be given to; independent of one another, so they may run side by side."""
        side = (self._add_to_side,) if self._side else ()
        return self._add_to_mid, *side, self._add_to_space

    def _add_to_mid(self, block: Block) -> None:
        samples = fold_to_stereo(block.samples, self._speakers)
        self._frames += block.frames
        mid = samples[0] + samples[-1]
        mid *= np.float32(0.5)
        self._take(*self._mid.add(mid))

    def _add_to_side(self, block: Block) -> None:
        samples = fold_to_stereo(block.samples, self._speakers)
        side = samples[0] - samples[-1]
        side *= np.float32(0.5)
        if self._side:
            self._side.add(side)

    def _add_to_space(self, block: Block) -> None:
        self._space.add(space_over_time(fold_to_stereo(block.samples, self._speakers), self._hop))

    def _take(self, top: Floats, low: Floats) -> None:
        self._onsets.add(top)
        self._hum.add(low)
        chroma = np.sqrt(low) @ self._pitch_classes
        chroma /= np.maximum(chroma.max(axis=1, keepdims=True, initial=0), 1e-9)
        self._chroma.add(np.rint(255 * chroma))

    def result(self) -> tuple[Features, Hum | None]:
        rows = max(1, math.ceil(self._frames / self._hop))
        self._take(*self._mid.finish(rows))
        hum = self._hum.result()  # first: over hours it makes room for the rest
        mid = self._mid.levels(rows)
        side = np.full_like(mid, round(100 * FLOOR_DB))
        if self._side:
            self._side.finish(rows)
            side = self._side.levels(rows)
        correlation, balance, crest = self._space.take()[:rows].T
        features = Features(
            mid_cdb=mid,
            side_cdb=side,
            correlation=np.rint(100 * correlation).astype(np.int8),
            balance_cdb=np.rint(100 * balance).astype(np.int16),
            crest_cdb=np.rint(100 * crest).astype(np.int16),
            chroma=self._chroma.take()[:rows],
            onsets=self._onsets.onsets(rows),
        )
        return features, hum


def _pitch_class_matrix(length: int, rate: float) -> Floats:
    """(2 * bins, 12): how much each bin belongs to each pitch class, a third of a semitone wide."""
    hertz = np.arange(length // 2 + 1) * rate / length
    semitones = 12 * np.log2(np.maximum(hertz, 1.0) / _C4)
    away = (semitones[:, None] - np.arange(12) + 6) % 12 - 6
    used = (hertz >= _CHROMA_HERTZ[0]) & (hertz <= _CHROMA_HERTZ[1])
    shares = np.exp(-0.5 * (away / 0.33) ** 2) * used[:, None]
    # Numbers too small for a normal float32 would slow the product down twentyfold.
    shares[shares < np.finfo(np.float32).tiny] = 0
    return np.repeat(shares, 2, axis=0).astype(np.float32)
