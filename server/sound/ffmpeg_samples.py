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
Channels = list[NDArray[Any]]  # the samples of each, (n,)


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

    def channels_of(self, frame: AudioFrame, start: int, end: int) -> Channels:
        """Samples ``start`` to ``end`` of a frame, as they lie in its memory; raises if it is of another
        format."""
        planes = frame.planes
        if (
            frame.sample_rate != self.sample_rate
            or frame.format.name != self.name
            or frame.layout.nb_channels != self.channels
        ):
            raise UnreadableAudio("damaged")
        if self.planar:
            return [np.frombuffer(memoryview(plane), self.type, frame.samples)[start:end] for plane in planes]
        together = np.frombuffer(memoryview(planes[0]), self.type, frame.samples * self.channels)
        return list(together.reshape(-1, self.channels)[start:end].T)

    def regular_blocks(self, pieces: Iterator[Channels], length: int) -> Iterator[NDArray[np.float32]]:
        """Pieces of any length to float32 (channels, ``length``), full scale 1.0; the last one shorter.

        FFmpeg's filters would join them as well, at three times the cost.
        """
        waiting: list[Channels] = []
        frames = 0
        for piece in pieces:
            while frames + len(piece[0]) >= length:
                missing = length - frames
                yield self._joined([*waiting, [channel[:missing] for channel in piece]])
                waiting, frames = [], 0
                piece = [channel[missing:] for channel in piece]
            waiting.append(piece)
            frames += len(piece[0])
        if frames:
            yield self._joined(waiting)

    def _joined(self, pieces: list[Channels]) -> NDArray[np.float32]:
        joined = np.empty((self.channels, sum(len(piece[0]) for piece in pieces)), dtype=np.float32)
        for channel, parts in zip(joined, zip(*pieces, strict=True), strict=True):
            np.concatenate(parts, out=channel, casting="unsafe")
        if self.full_scale != 1:
            joined *= np.float32(1 / self.full_scale)
        return joined
