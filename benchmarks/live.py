"""How fast a room hears a comment, beside a bare broadcast and Node's `ws` sending the same bytes, in one run.

    python3 run.py bench live [--listeners 200 1000 2000] [--rounds 3] [--seconds 10]

A *burst* is 200 comments as fast as they can be said; *steady* is 20 a second. Earmark's comments are posted over
HTTP, written to SQLite and committed, and count from their 201; the others' count from being sent. The listeners
live in a process of their own. On two cores the crowd and the server have one each, so look at the ratios.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks._live_rooms import Room, bare_room, earmark_room, node_command, websockets_command

BURST, PER_SECOND = 200, 20
_OURS, _BARE = "Earmark, with its commits", "websockets broadcast"


@dataclass(frozen=True)
class Heard:
    """Seconds. ``whole``: from the first comment said until everybody has heard the last. ``last``: (comments,),
    from each comment's saying to its last listener. ``all``: (comments x listeners,), to each listener."""

    whole: float
    last: NDArray[np.float64]
    all: NDArray[np.float64]
    kilobytes_each: float
    processor: float


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench live", description="How fast a room hears a comment.")
    parser.add_argument("--listeners", type=int, nargs="+", default=[200, 1000, 2000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10, help="how long the steady part lasts")
    chosen = parser.parse_args(arguments)
    console = Console()
    with tempfile.TemporaryDirectory(prefix="earmark-bench-") as folder:
        node = node_command(Path(folder))
        for listeners in chosen.listeners:
            console.print(_compared(Path(folder), node, listeners, chosen.rounds, chosen.seconds))


def _compared(folder: Path, node: list[str] | None, listeners: int, rounds: int, seconds: float) -> Table:
    rooms: dict[str, Callable[[Path], AbstractContextManager[Room]]] = {
        _BARE: lambda _: bare_room(websockets_command()),
        _OURS: partial(earmark_room, listeners=listeners),
    }
    if node:
        rooms["Node ws"] = lambda _: bare_room(node)
    bursts: dict[str, list[Heard]] = {name: [] for name in rooms}
    steadies: dict[str, list[Heard]] = {name: [] for name in rooms}
    for _ in range(rounds):
        for name, room in rooms.items():
            with tempfile.TemporaryDirectory(dir=folder) as own, room(Path(own)) as running:
                bursts[name].append(_heard(running, listeners, BURST, _burst, Path(own)))
                steady = partial(_steady, every=1 / PER_SECOND)
                count = round(seconds * PER_SECOND)
                steadies[name].append(_heard(running, listeners, count, steady, Path(own)))
    return _table(listeners, rounds, bursts, steadies)


async def _burst(room: Room, count: int) -> NDArray[np.float64]:
    async with room.speaking() as say:
        return np.array(await asyncio.gather(*(say(number) for number in range(count))))


async def _steady(room: Room, count: int, *, every: float) -> NDArray[np.float64]:
    async with room.speaking() as say:
        began = time.monotonic()
        said: list[asyncio.Task[float]] = []
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number * every - time.monotonic()))
            said.append(asyncio.create_task(say(number)))
        return np.array(await asyncio.gather(*said))


def _heard(
    room: Room,
    listeners: int,
    comments: int,
    speak: Callable[[Room, int], Coroutine[Any, Any, NDArray[np.float64]]],
    folder: Path,
) -> Heard:
    output = folder / f"heard-{comments}.npz"
    before = _memory(room.pid)
    module = [sys.executable, "-m", "benchmarks._live_listeners"]
    words = [room.port, room.path, room.cookies or "", listeners, comments, output]
    crowd = subprocess.Popen([*module, *map(str, words)], stdout=subprocess.PIPE, text=True)
    assert crowd.stdout is not None
    if crowd.stdout.readline() != "ready\n":
        raise RuntimeError("the listeners did not come in")
    each = (_memory(room.pid) - before) / listeners
    worked = _processor(room.pid)
    said = asyncio.run(speak(room, comments))
    if crowd.stdout.readline() != "done\n":
        raise RuntimeError("the listeners did not hear everything")
    worked = _processor(room.pid) - worked
    crowd.wait()
    arrivals = np.load(output)
    last = np.full(comments, -np.inf)
    np.maximum.at(last, arrivals["comments"], arrivals["times"])
    # Some hear a comment before its author has read the 201: for them it took no time.
    late = np.maximum(arrivals["times"] - said[arrivals["comments"]], 0)
    return Heard(float(last.max() - said.min()), np.maximum(last - said, 0), late, each, worked)


def _table(
    listeners: int, rounds: int, bursts: dict[str, list[Heard]], steadies: dict[str, list[Heard]]
) -> Table:
    title = f"{listeners} listeners in one room, median of {rounds}; ratios are to the bare broadcast"
    columns = ["room", "burst: all heard", "ratio", "201 to last listener, worst", "ratio"]
    columns += ["steady p50", "p99", "ratio", "kB each", "processor s (burst, steady)"]
    table = Table(*columns, title=title)
    figures = {name: _figures(bursts[name], steadies[name]) for name in bursts}
    bare = figures[_BARE]
    for name, (whole, worst, middle, high, memory, burst_cpu, steady_cpu) in figures.items():
        table.add_row(
            name,
            f"{whole:.3f} s",
            f"{whole / bare[0]:.3f}",
            f"{worst:.3f} s",
            f"{worst / bare[1]:.3f}",
            f"{1000 * middle:.1f} ms",
            f"{1000 * high:.1f} ms",
            f"{high / bare[3]:.2f}",
            f"{memory:.0f}",
            f"{burst_cpu:.2f}, {steady_cpu:.2f}",
        )
    return table


def _figures(bursts: list[Heard], steadies: list[Heard]) -> tuple[float, ...]:
    rows = [
        (
            burst.whole,
            burst.last.max(),
            np.median(steady.all),
            np.percentile(steady.all, 99),
            burst.kilobytes_each,
            burst.processor,
            steady.processor,
        )
        for burst, steady in zip(bursts, steadies, strict=True)
    ]
    return tuple(np.median(rows, axis=0).tolist())


def _memory(pid: int) -> float:
    """Resident kB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("VmRSS")))


def _processor(pid: int) -> float:
    """Seconds of processor time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
