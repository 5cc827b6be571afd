"""A stranger's file, looked at and measured in a confined child process, with limits that follow its length."""

from collections.abc import Callable
from pathlib import Path

from server.sound.analysis import Analysis, analyze
from server.sound.confined import ConfinedProcesses
from server.sound.facts import Facts, probe, seconds_allowed

_SECONDS_TO_LOOK = 60.0


def look_at(processes: ConfinedProcesses, path: Path) -> Facts:
    """What the file is; raises UnreadableAudio."""
    return processes.run(_probe, path, seconds=_SECONDS_TO_LOOK)


def analyze_confined(
    processes: ConfinedProcesses, path: Path, on_progress: Callable[[float], None] | None = None
) -> Analysis:
    """Everything about it; raises UnreadableAudio. ``on_progress`` is told fractions from 0 to 1."""
    allowed = seconds_allowed(look_at(processes, path))
    return processes.run(analyze, path, seconds=allowed, on_progress=on_progress)


def _probe(path: Path, *, progress: object) -> Facts:
    """Runs in the child; too quick to have progress worth telling."""
    return probe(path)
