"""One pass over a recording: first what people wait for, then what takes long.

The quick meters follow the decoder. The slow ones hear the same blocks once it is done, from a nameless file
(the system's page cache, as a rule), so that the waveform is there before the tone is known, and nothing is decoded
twice. Long recordings are taken in stretches, or the file would grow with them.
"""

import collections
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from typing import IO

import numpy as np

from server.sound.blocks import block_frames
from server.sound.freed_memory import give_back_freed_memory
from server.sound.reading import Block, Reader

STRETCH_BYTES = 256 << 20  # twelve minutes of 44.1 kHz in stereo
# How far the decoder may be in front of a meter: enough that none waits, and little memory.
_BLOCKS_AHEAD = 4

Progress = Callable[[float], None]
Meter = Callable[[Block], None]


class OnePass:
    """``waiting``: an open file, empty, for what the slow meters have not heard yet."""

    def __init__(
        self,
        reader: Reader,
        quick: Sequence[Meter],
        slow: Sequence[Meter],
        waiting: IO[bytes],
        progress: Progress | None = None,
    ) -> None:
        self._reader, self._quick, self._slow = reader, quick, slow
        self._waiting = _Waiting(waiting, reader.channels)
        self._told = _Told(progress, 2 * (reader.promised_frames or 0))
        self._is_long = False

    def decode(self) -> int:
        """Until the quick meters have heard everything, and the slow ones nearly: the number of samples."""
        frames = block_frames(self._reader.sample_rate)
        stretch = max(1, STRETCH_BYTES // (4 * self._reader.channels * frames))
        blocks, heard = self._reader.blocks(frames), 0
        while True:
            follow(self._told.through(itertools.islice(blocks, stretch)), [*self._quick, self._waiting.add])
            heard += self._waiting.frames
            if self._waiting.blocks < stretch:
                return heard
            self._is_long = True
            self.catch_up()

    def catch_up(self) -> None:
        """The slow meters hear what they have not."""
        follow(self._told.through(self._waiting.take()), self._slow)
        if self._is_long:  # of a song it is little, and the next one needs it again
            give_back_freed_memory()


class _Waiting:
    """Blocks in a file."""

    def __init__(self, file: IO[bytes], channels: int) -> None:
        self._file, self._channels = file, channels
        self._lengths: list[int] = []

    @property
    def blocks(self) -> int:
        return len(self._lengths)

    @property
    def frames(self) -> int:
        return sum(self._lengths)

    def add(self, block: Block) -> None:
        self._file.write(block.samples.data)
        self._lengths.append(block.frames)

    def take(self) -> Iterator[Block]:
        """All of them, in order; afterwards there is room again."""
        self._file.seek(0)
        for frames in self._lengths:
            samples = np.empty((self._channels, frames), dtype=np.float32)
            self._file.readinto(samples)  # type: ignore[attr-defined]
            yield Block(samples)
        self._file.seek(0)
        self._lengths = []


class _Told:
    """Progress of everything together."""

    def __init__(self, progress: Progress | None, frames: int) -> None:
        self._progress, self._frames, self._done = progress, frames, 0

    def through(self, blocks: Iterable[Block]) -> Iterator[Block]:
        for block in blocks:
            yield block
            self._done += block.frames
            if self._progress and self._frames:
                self._progress(min(1.0, self._done / self._frames))


def follow(blocks: Iterable[Block], meters: Sequence[Meter]) -> None:
    """Give every block to every meter, each at its own pace, while the next is decoded."""
    lines: list[Queue[Block | None]] = [Queue(_BLOCKS_AHEAD) for _ in meters]
    with ThreadPoolExecutor(max_workers=len(meters)) as pool:
        measuring = [pool.submit(_measure, line, meter) for line, meter in zip(lines, meters, strict=True)]
        try:
            for block in blocks:
                for line in lines:
                    line.put(block)
        finally:
            for line in lines:
                line.put(None)
    for done in measuring:
        done.result()


def _measure(line: "Queue[Block | None]", meter: Meter) -> None:
    """Measure what arrives in ``line``; should that fail, take the rest out, for others wait to put it in."""
    blocks = iter(line.get, None)
    try:
        for block in blocks:
            meter(block)
    except BaseException:
        collections.deque(blocks, maxlen=0)
        raise
