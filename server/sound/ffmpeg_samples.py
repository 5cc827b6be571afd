"""What a decoder gives, frames of any length and format, as blocks of float32."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from server.sound.errors import UnreadableAudio

# sample format, packed or planar: (type, full scale)
_TYPES: dict[str, tuple[type[np.generic], int]] = {
    "s16": (np.int16, 1 << 15),
    "s32": (np.int32, 1 << 31),
    "flt": (np.float32, 1),
}
Piece = list[NDArray[Any]]  # an array per channel, all of one length


@dataclass(frozen=True)
class SampleFormat:
    """How the samples of a stream lie in its frames, all of them as in the first."""

    sample_rate: int
    name: str
    channels: int
    planar: bool
    type: type[np.generic]
    full_scale: int

    @classmethod
    def of(cls, frame: AudioFrame) -> "SampleFormat":
        kind = frame.format
        if not frame.sample_rate or kind.packed.name not in _TYPES:
            raise UnreadableAudio("damaged")
        channels = frame.layout.nb_channels
        return cls(frame.sample_rate, kind.name, channels, kind.is_planar, *_TYPES[kind.packed.name])

    def piece(self, frame: AudioFrame) -> Piece:
        """The samples where they lie; raises UnreadableAudio if they are of another format."""
        found = frame.sample_rate, frame.format.name, frame.layout.nb_channels
        if found != (self.sample_rate, self.name, self.channels):
            raise UnreadableAudio("damaged")
        planes: Piece = [np.frombuffer(memoryview(plane), self.type) for plane in frame.planes]
        channels = planes if self.planar else planes[0].reshape(-1, self.channels).T
        return [channel[: frame.samples] for channel in channels]

    def regular_blocks(self, pieces: Iterator[Piece], length: int) -> Iterator[NDArray[np.float32]]:
        """Pieces of any length to float32 (channels, ``length``), full scale 1.0; the last one shorter."""
        block, filled = self._empty(length), 0
        for piece in pieces:
            taken, there = 0, len(piece[0])
            while taken < there:
                part = min(there - taken, length - filled)
                for channel, samples in zip(block, piece, strict=True):
                    channel[filled : filled + part] = samples[taken : taken + part]
                taken, filled = taken + part, filled + part
                if filled == length:
                    yield self._scaled(block)
                    block, filled = self._empty(length), 0
        if filled:
            yield self._scaled(np.ascontiguousarray(block[:, :filled]))

    def _empty(self, length: int) -> NDArray[np.float32]:
        return np.empty((self.channels, length), dtype=np.float32)

    def _scaled(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.full_scale != 1:
            block *= np.float32(1 / self.full_scale)
        return block
