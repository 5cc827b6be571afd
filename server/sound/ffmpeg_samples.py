"""What a decoder gives, frames of any length and format, as blocks of float32."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from server.sound.errors import UnreadableAudio

# sample format, packed or planar: (type, full scale)
_TYPES: dict[str, tuple[type[np.generic], int]] = {
    "s16": (np.int16, 1 << 15),
    "s32": (np.int32, 1 << 31),
    "flt": (np.float32, 1),
}


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

    def cut(self, frame: AudioFrame, start: int, end: int) -> AudioFrame:
        """Samples ``start`` to ``end`` of a frame, as a frame."""
        width = 1 if self.planar else self.channels
        samples: NDArray[Any] = np.ascontiguousarray(frame.to_ndarray()[:, width * start : width * end])
        part = AudioFrame.from_ndarray(samples, self.name, frame.layout.name)
        part.sample_rate = frame.sample_rate
        return part

    def regular_blocks(self, frames: Iterator[AudioFrame], length: int) -> Iterator[NDArray[np.float32]]:
        """Frames of any length to float32 (channels, ``length``), full scale 1.0; the last one shorter.

        FFmpeg's filters would join them as well, at three times the cost.
        """
        fifo = AudioFifo()
        for frame in frames:
            frame.pts = None  # what cannot be decoded leaves gaps, which the FIFO does not accept
            if frame.layout.nb_channels != self.channels:  # the FIFO would read channels that are not there
                raise UnreadableAudio("damaged")
            try:
                fifo.write(frame)
            except ValueError as error:  # another format or sample rate
                raise UnreadableAudio("damaged") from error
            while fifo.samples >= length and (joined := fifo.read(length)):
                yield self._floats(joined)
        if rest := fifo.read():
            yield self._floats(rest)

    def _floats(self, frame: AudioFrame) -> NDArray[np.float32]:
        """(channels, n), full scale 1.0."""
        planes: list[NDArray[Any]] = [np.frombuffer(memoryview(plane), self.type) for plane in frame.planes]
        channels = planes if self.planar else planes[0].reshape(-1, self.channels).T
        floats = np.empty((self.channels, frame.samples), dtype=np.float32)
        for channel, samples in zip(floats, channels, strict=True):
            channel[:] = samples[: frame.samples]
        if self.full_scale != 1:
            floats *= np.float32(1 / self.full_scale)
        return floats
