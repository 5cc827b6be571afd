"""The waveform: minimum and maximum per pixel, in BBC audiowaveform's format version 2, 8 bit.

Format: https://github.com/bbc/audiowaveform/blob/master/doc/DataFormat.md. The values follow
audiowaveform's own rule: the channels are summed in 16 bits and divided by their number, truncated toward
zero; a value becomes 8 bit by dividing by 256, truncated toward zero. The coarser levels pool the finest,
so they are the same as measured anew.
"""

import itertools
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.sound.growing import Growing
from server.sound.reading import Block

SAMPLES_PER_PIXEL = 256
ZOOM_STEP = 4
LEVELS = (256, 1024, 4096, 16384, 65536)
_HEADER = struct.Struct("<iIiiIi")
_VERSION = 2
_EIGHT_BIT = 1


@dataclass(frozen=True)
class Waveform:
    """``peaks[level]``: int8 (pixels, 2), minimum and maximum, where ``level`` is samples per pixel."""

    sample_rate: int
    peaks: dict[int, NDArray[np.int8]]

    @property
    def levels(self) -> tuple[int, ...]:
        return tuple(self.peaks)

    def to_dat(self, level: int = SAMPLES_PER_PIXEL) -> bytes:
        """One level as an audiowaveform ``.dat`` file."""
        peaks = self.peaks[level]
        header = _HEADER.pack(_VERSION, _EIGHT_BIT, self.sample_rate, level, len(peaks), 1)
        return header + peaks.tobytes()

    def to_json(self) -> dict[str, Any]:
        """What there is, not the peaks themselves: those travel as ``.dat``."""
        return {
            "sample_rate": self.sample_rate,
            "levels": [
                {"samples_per_pixel": level, "length": len(peaks)} for level, peaks in self.peaks.items()
            ],
        }


def read_dat(data: bytes) -> tuple[int, int, NDArray[np.int8]]:
    """(sample rate, samples per pixel, int8 (pixels, 2)) of an 8-bit mono ``.dat`` file."""
    version, flags, sample_rate, level, length, channels = _HEADER.unpack_from(data)
    if (version, flags, channels) != (_VERSION, _EIGHT_BIT, 1):
        raise ValueError("not an 8-bit mono waveform of version 2")
    peaks = np.frombuffer(data, dtype=np.int8, count=2 * length, offset=_HEADER.size)
    return sample_rate, level, peaks.reshape(length, 2)


class WaveformMeter:
    """Feed blocks, take a Waveform."""

    def __init__(self, sample_rate: int, channels: int, block_frames: int) -> None:
        self._sample_rate = sample_rate
        self._channels = channels
        self._sums = np.empty(block_frames + SAMPLES_PER_PIXEL, dtype=np.int32)
        self._starts = np.arange(0, len(self._sums), SAMPLES_PER_PIXEL)
        self._waiting = 0
        self._finest = Growing(np.int8, (2,))

    def add(self, block: Block) -> None:
        end = self._waiting + block.frames
        block.add_up(self._sums[self._waiting : end])
        whole = end - end % SAMPLES_PER_PIXEL
        self._finest.add(self._pixels(self._sums[:whole]))
        self._sums[: end - whole] = self._sums[whole:end].copy()
        self._waiting = end - whole

    def _pixels(self, sums: NDArray[np.int32]) -> NDArray[np.int8]:
        # Minimum and maximum commute with both divisions, which are then one, done on one value in 256.
        starts = self._starts[: -(-len(sums) // SAMPLES_PER_PIXEL)]
        low_high = np.empty((len(starts), 2), dtype=np.int32)
        for column, extreme in enumerate((np.minimum, np.maximum)):
            extreme.reduceat(sums, starts, out=low_high[:, column])
        # A float becomes an integer by being truncated toward zero.
        return (low_high / (256 * self._channels)).astype(np.int8)

    def result(self) -> Waveform:
        if self._waiting:
            self._finest.add(self._pixels(self._sums[: self._waiting]))
            self._waiting = 0
        return Waveform(self._sample_rate, pyramid(self._finest.take()))


def pyramid(finest: NDArray[np.int8]) -> dict[int, NDArray[np.int8]]:
    """All levels by pooling the finest, as far as a level still has something to tell."""
    peaks = {SAMPLES_PER_PIXEL: finest}
    for finer, level in itertools.pairwise(LEVELS):
        if len(peaks[finer]) <= ZOOM_STEP:
            break
        peaks[level] = _pooled(peaks[finer])
    return peaks


def _pooled(peaks: NDArray[np.int8]) -> NDArray[np.int8]:
    missing = -len(peaks) % ZOOM_STEP
    groups = np.concatenate((peaks, np.repeat(peaks[-1:], missing, axis=0))).reshape(-1, ZOOM_STEP, 2)
    low, high = groups[:, :, 0].min(axis=1), groups[:, :, 1].max(axis=1)
    return np.stack((low, high), axis=1)
