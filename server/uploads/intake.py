"""From staged bytes to a version: look at the file, keep it, and only then write the row.

A crash in between leaves bytes that nobody refers to, never a row without its file. The file is looked at in a
confined child, and what is no recording is refused here, with a sentence, before anything is kept.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from pydantic import Field
from sqlmodel import Session

from server.blobs import Blobs
from server.database import Database
from server.errors import AppError, invalid
from server.events.objects import VersionShape
from server.fields import Label, Notes, PageForm
from server.people.visitors import Credentials
from server.rendering import clock, size
from server.settings import Settings
from server.songs.access import song_to_change
from server.songs.models import Version
from server.songs.shapes import version_shape
from server.songs.versions import Arrival, add_version, original_key
from server.sound.confined import ConfinedProcesses
from server.sound.errors import UnreadableAudio
from server.sound.facts import Facts
from server.sound.strangers import look_at
from server.stages import StageKey

_BLOCK = 1 << 20
Also = Callable[[Session, Version], None]


class About(PageForm):
    """What comes with a file."""

    filename: str = Field(default="recording", max_length=1000)
    stage: StageKey
    label: Label = ""
    notes: Notes = ""


@dataclass(frozen=True)
class Intake:
    database: Database
    blobs: Blobs
    looker: ConfinedProcesses
    settings: Settings

    def take(
        self,
        given: Credentials,
        song_id: UUID,
        staged: Path,
        about: About,
        also: Also = lambda session, version: None,
    ) -> VersionShape:
        """Blocking: call it in a thread. The staged file is the caller's to delete.

        `also` is done in the transaction that makes the version.
        """
        self._look(staged)
        sha256 = _sha256(staged)
        self.blobs.put_file(original_key(sha256), staged)
        name = label_of_file(about.filename)
        arrival = Arrival(name, staged.stat().st_size, sha256, about.stage, about.label, about.notes)

        def add(session: Session) -> VersionShape:
            access = song_to_change(session, given, song_id)
            assert access.person is not None
            version = add_version(session, access.song, access.person.id, arrival)
            also(session, version)
            return version_shape(session, version)

        return self.database.write(add)

    def _look(self, staged: Path) -> Facts:
        try:
            facts = look_at(self.looker, staged)
        except UnreadableAudio as error:
            raise refused(str(error), error.code) from None
        longest = self.settings.longest_hours * 3600
        if facts.duration > longest:
            raise refused(
                f"This recording is {clock(facts.duration)} long; the longest taken is {clock(longest)}."
            )
        return facts


def refused(sentence: str, code: str = "too-long") -> AppError:
    error = invalid(sentence, file=sentence)
    error.code = code.replace("-", "_")
    return error


def too_large(settings: Settings) -> AppError:
    words = size(settings.upload_limit)
    sentence = (
        f"This file is larger than {words}, the most that is taken here. Send a FLAC or MP3 of it instead."
    )
    return AppError(413, "too_large", sentence, limit=int(settings.upload_limit), fields={"file": sentence})


def label_of_file(name: str) -> str:
    """A file's name as something to show: the last part of whatever path a browser sent, never used as a path."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if letter.isprintable()).strip()
    return shown[-255:] or "recording"


def stage_bytes(source: BinaryIO, target: Path) -> None:
    with target.open("wb") as file:
        while block := source.read(_BLOCK):
            file.write(block)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
