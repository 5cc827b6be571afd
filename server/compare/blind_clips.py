"""The two clips of a blind test: found through the time map, made when the test is, and kept, so that every
listener hears the same and nobody waits longer for the one than for the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from uuid import UUID

from server.blobs import Blobs
from server.compare.models import Comparison
from server.difference.side_by_side import Side, make_side_by_side
from server.errors import AppError, invalid
from server.songs.models import Version
from server.songs.versions import original_key
from server.sound.confined import ConfinedProcesses
from server.sound.errors import UnreadableAudio

_SECONDS_TO_MAKE = 60.0
_NOBODYS = 0.1  # seconds between two lines of the map that no ear would miss


@dataclass(frozen=True)
class Clips:
    """What is to be cut: where the piece begins in each, and the gain for B that makes the songs equally loud."""

    a_sha256: str
    b_sha256: str
    a_start: float
    b_start: float
    seconds: float
    gain_db: float


def clip_key(test: UUID, version: Literal["a", "b"]) -> str:
    return f"blind/{test}/{version}.wav"


def clips_of(a: Version, b: Version, comparison: Comparison, at: float, until: float) -> Clips:
    """Raises 409 while the two are not compared, 422 where the music from ``at`` to ``until`` of A is not in B."""
    if comparison.status == "failed":
        raise AppError(409, "comparison_failed", f"{comparison.error} Try again in a minute.")
    if comparison.time_map is None:
        sentence = f"v{a.number} and v{b.number} are being compared. Make the blind test in a moment."
        raise AppError(409, "not_compared", sentence)
    if a.duration is not None and until > a.duration + _NOBODYS:
        raise invalid(f"v{a.number} ends before this part does.", until="The recording ends before that.")
    b_start = counterpart(comparison.time_map, at, until)
    if b_start is None:
        sentence = (
            f"This part is not the same in both: it was cut, or moved, or is new in v{b.number}. "
            "Choose a part that both versions have."
        )
        raise invalid(sentence, at=sentence)
    return Clips(a.sha256, b.sha256, at, b_start, until - at, comparison.matched_gain_db or 0.0)


def counterpart(time_map: dict[str, Any], at: float, until: float) -> float | None:
    """The second of B at which the music begins that A plays at ``at``; None unless B has all of it in one go."""
    lines = [line for line in time_map["segments"] if line["a_end"] > at and line["a_start"] < until]
    if not lines or lines[0]["a_start"] > at + _NOBODYS or lines[-1]["a_end"] < until - _NOBODYS:
        return None
    for line, following in pairwise(lines):
        for side in ("a", "b"):
            if abs(following[f"{side}_start"] - line[f"{side}_end"]) > _NOBODYS:
                return None
    first = lines[0]
    pace = (first["b_end"] - first["b_start"]) / (first["a_end"] - first["a_start"])
    return max(0.0, float(first["b_start"] + (at - first["a_start"]) * pace))


def make_clips(blobs: Blobs, processes: ConfinedProcesses, staging: Path, test: UUID, clips: Clips) -> None:
    with (
        _refusals(),
        TemporaryDirectory(dir=staging, prefix="blind-") as folder,
        blobs.as_file(original_key(clips.a_sha256)) as a,
        blobs.as_file(original_key(clips.b_sha256)) as b,
    ):
        made = (Path(folder) / "a.wav", Path(folder) / "b.wav")
        sides = (Side(a, clips.a_start), Side(b, clips.b_start))
        processes.run(make_side_by_side, *sides, made, clips.seconds, clips.gain_db, seconds=_SECONDS_TO_MAKE)
        blobs.put_file(clip_key(test, "a"), made[0])
        blobs.put_file(clip_key(test, "b"), made[1])


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except UnreadableAudio as error:
        raise invalid(str(error)) from None
