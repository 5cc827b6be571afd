"""Meters side by side on all cores, each hearing every block that waits, in order.

One thread a core, which takes whatever is furthest behind. With a thread for each meter they would wait for one
another at every step (eleven thousand changes from one to another for a song, now a tenth), and in the end for the
slowest of them.
"""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from server.sound.reading import Block
from server.sound.waiting import Waiting

_BLOCKS_AT_ONCE = 2  # what a meter needs beside the samples stays in the processor's cache

Meter = Callable[[Block], None]


def cores() -> int:
    """How many this thread may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(eq=False)
class _Line:
    meter: Meter
    heard: int = 0


class SideBySide:
    """``meters``: what is to hear all that ``waiting`` holds, each in a thread at a time."""

    def __init__(self, waiting: Waiting, meters: Sequence[Meter]) -> None:
        self._waiting = waiting
        self._lines = [_Line(meter) for meter in meters]
        self._free = list(self._lines)
        self._changed = threading.Condition()
        self._busy = self._frames = 0
        self._is_over = False

    def take_turn(self) -> bool:
        """Let one hear some of what it has not; False if there is nothing more. Raises what a meter raises, and ends
        it for all."""
        if not (line := self._next()):
            return False
        frames = 0
        try:
            frames = self._hear_some(line)
        except BaseException:
            self._is_over = True
            raise
        finally:
            self._give_back(line, frames)
        return True

    def hear_all(self, told: Callable[[int], None]) -> None:
        """The rest, on all cores; then there is room in ``waiting`` again. ``told`` is called from this thread alone,
        with how many samples have been heard since."""
        helpers = min(cores(), len(self._lines)) - 1
        with ThreadPoolExecutor(max_workers=max(1, helpers)) as pool:
            helping = [pool.submit(self._go_on) for _ in range(helpers)]
            self._go_on(told)
        for helper in helping:
            helper.result()
        self._tell(told)
        self._waiting.clear()
        for line in self._lines:
            line.heard = 0

    def _go_on(self, told: Callable[[int], None] | None = None) -> None:
        while self.take_turn():
            if told:
                self._tell(told)

    def _tell(self, told: Callable[[int], None]) -> None:
        with self._changed:
            frames, self._frames = self._frames, 0
        told(frames)

    def _hear_some(self, line: _Line) -> int:
        end = min(line.heard + _BLOCKS_AT_ONCE, self._waiting.blocks)
        frames = 0
        for number in range(line.heard, end):
            block = self._waiting.read(number)
            line.meter(block)
            frames += block.frames
        line.heard = end
        return frames

    def _next(self) -> _Line | None:
        """Whoever is furthest behind; waits while only those that are being heard are."""
        with self._changed:
            self._changed.wait_for(lambda: self._behind() or not self._busy)
            line = min(self._behind(), key=lambda line: line.heard, default=None)
            if line:
                self._free.remove(line)
                self._busy += 1
            return line

    def _behind(self) -> list[_Line]:
        return [] if self._is_over else [line for line in self._free if line.heard < self._waiting.blocks]

    def _give_back(self, line: _Line, frames: int) -> None:
        with self._changed:
            self._busy -= 1
            self._frames += frames
            self._free.append(line)
            self._changed.notify_all()
