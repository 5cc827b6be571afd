"""What comparisons found, kept as blobs: named by the audio of both, so the same two files are compared once."""

import json
from typing import Any

from server.blobs import Blobs
from server.songs.models import Version
from server.sound.analysis import ANALYSIS_VERSION
from server.stages import StageKey
from server.stages.every_stage import COMPARISON_VERSION

_ALWAYS = (
    "a",
    "b",
    "analysis_version",
    "time_map",
    "only_in_a",
    "only_in_b",
    "moved",
    "matched_gain_db",
    "tone",
    "picture",
)


def result_key(a: Version, b: Version) -> str:
    return f"compared/{a.sha256}/{b.sha256}/{ANALYSIS_VERSION}-{COMPARISON_VERSION}.json"


def keep_result(blobs: Blobs, key: str, result: dict[str, Any]) -> None:
    blobs.put(key, json.dumps(result, separators=(",", ":")).encode())


def result_of(blobs: Blobs, a: Version, b: Version) -> dict[str, Any]:
    """All that was found, for every stage; the comparison must be ready."""
    result: dict[str, Any] = json.loads(blobs.get(result_key(a, b)))
    return result


def as_stage(result: dict[str, Any], stage: StageKey) -> dict[str, Any]:
    """What `earmark compare --json --stage` prints, and the picture."""
    return {
        **{name: result[name] for name in _ALWAYS},
        "stage": stage,
        "findings": result["findings"][stage],
    }
