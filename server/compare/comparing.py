"""Comparing two versions: what was kept of both is laid side by side in a confined child process.

The result is named by the audio of both and by how it was made: done twice it is the same, and a second pair of the
same files finds it done. A version whose analysis was not kept (it was prepared by an earlier release) is heard first.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from server.blobs import Blobs
from server.compare.comparisons import tell
from server.compare.models import Comparison
from server.compare.results import keep_result, result_key, result_of
from server.database import Database
from server.difference.kept import listen_and_keep
from server.jobs import JobKind
from server.songs.models import Version
from server.songs.preparing import heard_key, hopeless
from server.songs.versions import original_key
from server.sound.confined import ConfinedProcesses
from server.sound.errors import UnreadableAudio
from server.stages.every_stage import compare_kept

_TELL_EVERY = 0.5
_TIME_FOR_ANY_PAIR = 120.0
_TIME_PER_SECOND_OF_MUSIC = 1.0
_FAULT = "Something went wrong inside Earmark while these two versions were compared; its log says what."
_SENTENCES = {
    "took-too-long": "Comparing these two took longer than their length allows, so it was stopped.",
    "too-big-to-decode": "Comparing these two needs more memory than a comparison may take, so it was stopped.",
    "crashed": "Comparing these two broke off: one of the files breaks the audio decoder.",
}


class NothingToCompare(Exception):
    """One of the two could not be prepared. `str(error)` is a sentence for people."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Version {number} could not be read, so there is nothing to compare.")
        self.number = number


@dataclass(frozen=True)
class Comparing:
    database: Database
    blobs: Blobs
    decoders: ConfinedProcesses
    staging: Path

    def job(self) -> JobKind:
        steps = (("hear", self.hear), ("compare", self.compare))
        return JobKind("compare", self.waiting, steps, self.finish, self.fail, _hopeless)

    def waiting(self) -> list[str]:
        """Those asked for whose two versions are no longer being prepared, oldest first."""
        a, b = aliased(Version), aliased(Version)
        found = (
            select(Comparison.id)
            .join(a, col(Comparison.a_id) == a.id)
            .join(b, col(Comparison.b_id) == b.id)
            .where(Comparison.status == "preparing", a.status != "preparing", b.status != "preparing")
            .order_by(col(Comparison.created_at))
        )
        return [str(id) for id in self.database.read(lambda session: list(session.exec(found)))]

    def hear(self, id: str) -> None:
        for version in self._versions(id):
            if version.status == "failed":
                raise NothingToCompare(version.number)
            if self.blobs.size(heard_key(version.sha256)) is None:
                self._hear_anew(version)

    def _hear_anew(self, version: Version) -> None:
        with (
            self.blobs.as_file(original_key(version.sha256)) as original,
            TemporaryDirectory(dir=self.staging) as folder,
        ):
            kept, outline = Path(folder) / "heard.zip", Path(folder) / "outline"
            self.decoders.run(listen_and_keep, original, kept, outline, seconds=_seconds(version))
            self.blobs.put_file(heard_key(version.sha256), kept)

    def compare(self, id: str) -> None:
        a, b = self._versions(id)
        if self.blobs.size(result_key(a, b)) is not None:
            return
        report = _Reporter(self, id)
        report(0.0)
        with ExitStack() as files:
            both = [
                tuple(
                    files.enter_context(self.blobs.as_file(key))
                    for key in (heard_key(sha), original_key(sha))
                )
                for sha in (a.sha256, b.sha256)
            ]
            result = self.decoders.run(compare_kept, *both, seconds=_seconds(a, b), on_progress=report)
        keep_result(self.blobs, result_key(a, b), result)

    def finish(self, id: str) -> None:
        result = result_of(self.blobs, *self._versions(id))

        def save(row: Comparison) -> None:
            row.status, row.error, row.progress = "ready", None, None
            row.time_map, row.matched_gain_db = result["time_map"], result["matched_gain_db"]

        self._change(id, "comparison.ready", save)

    def fail(self, id: str, error: Exception) -> None:
        sentence = str(error) if isinstance(error, UnreadableAudio | NothingToCompare) else _FAULT
        if isinstance(error, UnreadableAudio):
            sentence = _SENTENCES.get(error.code, sentence)

        def save(row: Comparison) -> None:
            row.status, row.error, row.progress = "failed", sentence, None

        self._change(id, "comparison.failed", save)

    def _versions(self, id: str) -> tuple[Version, Version]:
        def find(session: Session) -> tuple[Version, Version]:
            row = session.get_one(Comparison, UUID(id))
            return session.get_one(Version, row.a_id), session.get_one(Version, row.b_id)

        return self.database.read(find)

    def _change(self, id: str, kind: str, save: Callable[[Comparison], None]) -> None:
        def action(session: Session) -> None:
            row = session.get_one(Comparison, UUID(id))
            save(row)
            tell(session, row, kind)

        self.database.write(action)


def _hopeless(error: BaseException) -> bool:
    return isinstance(error, NothingToCompare) or hopeless(error)


def _seconds(*versions: Version) -> float:
    return _TIME_FOR_ANY_PAIR + _TIME_PER_SECOND_OF_MUSIC * sum(version.duration or 0 for version in versions)


class _Reporter:
    """Passes progress on to the people watching, twice a second at most."""

    def __init__(self, comparing: Comparing, id: str) -> None:
        self._comparing, self._id = comparing, id
        self._told = float("-inf")

    def __call__(self, fraction: float) -> None:
        if time.monotonic() - self._told < _TELL_EVERY:
            return
        self._told = time.monotonic()

        def save(row: Comparison) -> None:
            row.progress = min(max(fraction, 0.0), 1.0)

        self._comparing._change(self._id, "comparison.progress", save)
