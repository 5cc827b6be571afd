"""Two strangers' files, compared in a confined child process, with limits that follow their lengths."""

from collections.abc import Callable
from pathlib import Path

from server.difference.analysed import listen_to
from server.sound.confined import ConfinedProcesses
from server.sound.facts import seconds_allowed
from server.sound.strangers import look_at
from server.stages.comparison import Comparison, compare
from server.stages.stage import StageKey

Progress = Callable[[float], None]
# Of the whole: hearing both takes longer than laying one on the other.
_HEARING = 0.4


def compare_confined(
    processes: ConfinedProcesses, a: Path, b: Path, stage: StageKey, on_progress: Progress | None = None
) -> Comparison:
    """What changed from ``a`` to ``b``; raises UnreadableAudio.

    ``on_progress`` is told fractions from 0 to 1.
    """
    allowed = 2 * sum(seconds_allowed(look_at(processes, path)) for path in (a, b))
    return processes.run(_compare, a, b, stage, seconds=allowed, on_progress=on_progress)


def _compare(a: Path, b: Path, stage: StageKey, *, progress: Progress) -> Comparison:
    """Runs in the child."""
    heard_a = listen_to(a, progress=lambda done: progress(_HEARING * done))
    heard_b = listen_to(b, progress=lambda done: progress(_HEARING * (1 + done)))
    return compare(heard_a, heard_b, stage=stage)
