"""Blocks that wait in a file until everybody has heard them."""

import os
from typing import IO

import numpy as np

from server.sound.reading import Block


class Waiting:
    """``add`` is for one thread, ``read`` for any number of them: each reads at its own place."""

    def __init__(self, file: IO[bytes], channels: int) -> None:
        self._file, self._channels = file.fileno(), channels
        self._lengths: list[int] = []
        self._places = [0]

    @property
    def blocks(self) -> int:
        return len(self._lengths)

    @property
    def frames(self) -> int:
        return sum(self._lengths)

    def add(self, block: Block) -> None:
        content, at = block.samples.data.cast("B"), self._places[-1]
        while content:
            written = os.pwrite(self._file, content, at)
            content, at = content[written:], at + written
        self._places.append(at)
        self._lengths.append(block.frames)

    def read(self, number: int) -> Block:
        frames = self._lengths[number]
        content = os.pread(self._file, 4 * self._channels * frames, self._places[number])
        return Block(np.frombuffer(content, dtype=np.float32).reshape(self._channels, frames))

    def clear(self) -> None:
        """There is room again."""
        self._lengths, self._places = [], [0]
