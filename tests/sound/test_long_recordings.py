"""Rehearsals run for hours: memory does not grow with them."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from server.sound.analysis import analyze
from server.sound.confined import ConfinedProcesses
from tests.sound.signals import noise, write

RATE = 8000


def high_water_mark() -> float:
    """MiB; not ``ru_maxrss``, which a child inherits from whoever started it."""
    (line,) = (
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    return int(line.split()[1]) / 1024


def most_memory(path: Path, *, progress: Callable[[float], None]) -> float:
    """MiB of the child that analysed ``path`` on one core, at its highest: what two meters need at once is chance."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    analyze(path, progress=progress)
    return high_water_mark()


def test_half_an_hour_takes_little_more_memory_than_a_minute(tmp_path: Path) -> None:
    minute = noise(60, rate=RATE, dbfs=-20)
    short = write(tmp_path, minute, rate=RATE, name="minute")
    long = write(tmp_path, np.tile(minute, 30), rate=RATE, name="half-hour")
    processes = ConfinedProcesses()
    try:
        before = processes.run(most_memory, short, seconds=200)
        after = processes.run(most_memory, long, seconds=200)
    finally:
        processes.close()
    assert after < 150
    assert after - before < 20  # three hours of 16-bit samples would be sixty times as much
