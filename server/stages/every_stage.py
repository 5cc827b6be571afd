"""Two recordings compared once for all eight stages: what a server makes and keeps of a pair."""

from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from typing import Any

from server.difference.analysed import Analysed
from server.difference.findings.structure import tempo
from server.difference.kept import unpacked
from server.difference.line import Line
from server.difference.measurements import measure_difference
from server.difference.picture import draw
from server.stages import STAGES
from server.stages.comparison import compare_for

# Raise it when findings, picture or map change their meaning or their value: results are kept under it.
COMPARISON_VERSION = 1
_MAPPED = 0.4  # of the work, about

Progress = Callable[[float], None]


def compare_kept(
    a: tuple[Path, Path], b: tuple[Path, Path], *, progress: Progress = lambda done: None
) -> dict[str, Any]:
    """The same for what was kept of two recordings: (what was heard, the recording itself) each; raises
    UnreadableAudio."""
    return compare_for_every_stage(unpacked(*a), unpacked(*b), progress=progress)


def compare_for_every_stage(
    a: Analysed, b: Analysed, *, progress: Progress = lambda done: None
) -> dict[str, Any]:
    """What ``earmark compare --json`` gives, with ``findings`` by stage, the ``picture``, the ``tempo`` where it
    changed (a finding), the ``lines`` of the map with all that is known of them, and ``gain_db``: what A has to be
    raised by so that least is left when it is taken away from B."""
    progress(0.02)
    difference = measure_difference(a, b)
    progress(_MAPPED)
    findings = {}
    for done, stage in enumerate(STAGES, start=1):
        comparison = compare_for(difference, stage.key)
        findings[stage.key] = [finding.to_json() for finding in comparison.findings]
        progress(_MAPPED + 0.9 * (1 - _MAPPED) * done / len(STAGES))
    result = comparison.to_json()
    del result["stage"]
    return {
        **result,
        "findings": findings,
        "picture": draw(difference).to_json(),
        "tempo": next((finding.to_json() for finding in tempo(difference)), None),
        "gain_db": difference.null.gain_db if difference.null else -difference.matched_gain_db,
        "lines": [astuple(line) for line in difference.time_map.lines],
    }


def lines_of(result: dict[str, Any]) -> tuple[Line, ...]:
    """The lines of a map as they were measured."""
    return tuple(Line(*line) for line in result["lines"])
