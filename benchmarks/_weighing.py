"""What one call takes, measured inside the confined child that does it; so it imports little."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from server.difference.kept import listen_and_keep

Progress = Callable[[float], None]


def hear(path: Path, *, progress: Progress | None = None) -> None:
    """All that the server does to measure a recording."""
    with TemporaryDirectory() as folder:
        listen_and_keep(path, Path(folder) / "heard.zip", Path(folder) / "outline", progress=progress)


def weighed(
    work: Callable[..., object], path: Path, *, progress: Progress | None = None
) -> tuple[tuple[float, float], int]:
    """((seconds on the clock, of the processors), the process's highest memory in bytes)."""
    began, worked = time.perf_counter(), time.process_time()
    work(path, progress=progress)
    seconds = time.perf_counter() - began, time.process_time() - worked
    # Not ru_maxrss, which a child inherits from whoever started it.
    (line,) = (
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    return seconds, int(line.split()[1]) * 1024
