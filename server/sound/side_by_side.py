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

_BLOCKS_AT_ONCE = 4  # what a meter needs beside the samples stays in the processor's cache

Meter = Callable[[Block], None]


def cores() -> int:
    """How many this thread may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def hear_side_by_side(waiting: Waiting, meters: Sequence[Meter], told: Callable[[int], None]) -> None:
    """``told`` is called from this thread alone, with how many samples have been heard since."""
    hearing = _Hearing(waiting, meters)
    helpers = min(cores(), len(meters)) - 1
    if helpers < 1:
        hearing.go_on(told)
        return
    with ThreadPoolExecutor(max_workers=helpers) as pool:
        helping = [pool.submit(hearing.go_on) for _ in range(helpers)]
        hearing.go_on(told)
    for helper in helping:
        helper.result()
    hearing.tell(told)


@dataclass(eq=False)
class _Line:
    meter: Meter
    heard: int = 0


class _Hearing:
    def __init__(self, waiting: Waiting, meters: Sequence[Meter]) -> None:
        self._waiting = waiting
        self._free = [_Line(meter) for meter in meters]
        self._changed = threading.Condition()
        self._busy = self._frames = 0
        self._is_over = False

    def go_on(self, told: Callable[[int], None] | None = None) -> None:
        """Until there is nothing more to do; raises what a meter raises, and ends it for all."""
        while line := self._next():
            try:
                frames = self._take_turn(line)
            except BaseException:
                self._end()
                raise
            self._give_back(line, frames)
            if told:
                self.tell(told)

    def tell(self, told: Callable[[int], None]) -> None:
        with self._changed:
            frames, self._frames = self._frames, 0
        told(frames)

    def _take_turn(self, line: _Line) -> int:
        end = min(line.heard + _BLOCKS_AT_ONCE, self._waiting.blocks)
        frames = 0
        for number in range(line.heard, end):
            block = self._waiting.read(number)
            line.meter(block)
            frames += block.frames
        line.heard = end
        return frames

    def _next(self) -> _Line | None:
        with self._changed:
            self._changed.wait_for(lambda: self._free or not self._busy)
            if not self._free:
                return None
            line = min(self._free, key=lambda line: line.heard)
            self._free.remove(line)
            self._busy += 1
            return line

    def _give_back(self, line: _Line, frames: int) -> None:
        with self._changed:
            self._busy -= 1
            self._frames += frames
            if line.heard < self._waiting.blocks and not self._is_over:
                self._free.append(line)
            self._changed.notify_all()

    def _end(self) -> None:
        with self._changed:
            self._busy -= 1
            self._free.clear()
            self._is_over = True
            self._changed.notify_all()
