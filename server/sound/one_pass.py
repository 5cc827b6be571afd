"""One pass over a recording: first what people wait for, then what takes long.

One other thread follows the decoder with the quick meters, and with the slow ones while there is nothing to follow.
The rest they hear once it is done, from a nameless file (the system's page cache, as a rule), so that the waveform is
there before the tone is known, and nothing is decoded twice. Long recordings are taken in stretches, or the file would
grow with them.
"""

import collections
import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, Queue
from typing import IO

from server.sound.blocks import block_frames
from server.sound.freed_memory import give_back_freed_memory
from server.sound.reading import Block, Reader
from server.sound.side_by_side import SideBySide, cores
from server.sound.waiting import Waiting

STRETCH_BYTES = 256 << 20  # twelve minutes of 44.1 kHz in stereo
# How far the decoder may be in front of the meters: enough that neither waits, and little memory.
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
        self._reader = reader
        spool = Waiting(waiting, reader.channels)
        self._slow = SideBySide(spool, slow)
        self._quick = [*quick, spool.add] if slow else quick
        self._told = _Told(progress, (reader.promised_frames or 0) * (1 + len(slow)))
        self._is_long = False

    def decode(self) -> int:
        """Until the quick meters have heard everything, and the slow ones what there was time for: the number of
        samples."""
        frames = block_frames(self._reader.sample_rate)
        stretch = max(1, STRETCH_BYTES // (4 * self._reader.channels * frames))
        blocks = self._told.through(self._reader.blocks(frames))
        while True:
            before = self._told.blocks
            follow(itertools.islice(blocks, stretch), self._quick, self._slow.take_turn)
            if self._told.blocks - before < stretch:
                return self._told.decoded
            self._is_long = True
            self.catch_up()

    def catch_up(self) -> None:
        """The slow meters hear what they have not."""
        self._slow.hear_all(self._told.add)
        if self._is_long:  # of a song it is little, and the next one needs it again
            give_back_freed_memory()


class _Told:
    """Progress of everything together. ``frames``: those that all the meters together are to hear."""

    def __init__(self, progress: Progress | None, frames: int) -> None:
        self._progress, self._frames, self._done = progress, frames, 0
        self.blocks = self.decoded = 0

    def through(self, blocks: Iterable[Block]) -> Iterator[Block]:
        for block in blocks:
            self.blocks += 1
            self.decoded += block.frames
            yield block
            self.add(block.frames)

    def add(self, frames: int) -> None:
        self._done += frames
        if self._progress and self._frames:
            self._progress(min(1.0, self._done / self._frames))


def follow(
    blocks: Iterable[Block], meters: Sequence[Meter], meanwhile: Callable[[], bool] = lambda: False
) -> None:
    """Give every block to every meter, while the next is decoded if there is another core for it.

    That core calls ``meanwhile`` as long as no block is there, until it says that it has nothing to do either.
    """
    if cores() == 1:
        for block in blocks:
            for meter in meters:
                meter(block)
        return
    line: Queue[Block | None] = Queue(_BLOCKS_AHEAD)
    with ThreadPoolExecutor(max_workers=1) as pool:
        measuring = pool.submit(_measure, line, meters, meanwhile)
        try:
            for block in blocks:
                line.put(block)
        finally:
            line.put(None)
    measuring.result()


def _measure(line: "Queue[Block | None]", meters: Sequence[Meter], meanwhile: Callable[[], bool]) -> None:
    """Measure what arrives in ``line``; should that fail, take the rest out, for others wait to put it in."""
    try:
        while (block := _arriving(line, meanwhile)) is not None:
            for meter in meters:
                meter(block)
    except BaseException:
        collections.deque(iter(line.get, None), maxlen=0)
        raise


def _arriving(line: "Queue[Block | None]", meanwhile: Callable[[], bool]) -> Block | None:
    """The next one, None after the last."""
    while True:
        with contextlib.suppress(Empty):
            return line.get_nowait()
        if not meanwhile():
            return line.get()
