"""What happens to a version: it arrives, is relabelled, taken away, brought back. Each change is an event."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from server.database import now
from server.events import log
from server.events.types import VersionEvent
from server.songs.access import Access
from server.songs.models import Song, Version
from server.songs.shapes import version_shape
from server.stages import StageKey


@dataclass(frozen=True)
class Arrival:
    """An uploaded file whose bytes are already in the blob store."""

    file_name: str
    size: int
    sha256: str
    stage: StageKey
    label: str
    notes: str


def original_key(sha256: str) -> str:
    return f"originals/{sha256}"


def add_version(session: Session, song: Song, uploaded_by: uuid.UUID, arrival: Arrival) -> Version:
    # The song's row is updated first, so two uploads at once wait for each other and get different numbers.
    session.execute(sa.update(Song).where(col(Song.id) == song.id).values(last_seq=Song.last_seq))
    highest = session.exec(select(sa.func.max(Version.number)).where(Version.song_id == song.id)).one()
    version = Version(
        song_id=song.id,
        number=(highest or 0) + 1,
        uploaded_by=uploaded_by,
        stage=arrival.stage,
        label=arrival.label,
        notes=arrival.notes,
        file_name=arrival.file_name[:255],
        size=arrival.size,
        sha256=arrival.sha256,
    )
    session.add(version)
    session.flush()
    tell(session, version, "version.added")
    return version


def change_version(
    session: Session,
    access: Access,
    version: Version,
    *,
    label: str | None,
    notes: str | None,
    stage: str | None,
    first_listen_protected: bool | None = None,
) -> None:
    before = (version.label, version.notes, version.stage, version.first_listen_protected)
    version.label = version.label if label is None else label
    version.notes = version.notes if notes is None else notes
    version.stage = version.stage if stage is None else stage
    if first_listen_protected is not None:
        version.first_listen_protected = first_listen_protected
    if (version.label, version.notes, version.stage, version.first_listen_protected) != before:
        tell(session, version, "version.changed")


def remove_version(session: Session, version: Version) -> None:
    if version.removed_at is None:
        version.removed_at = now()
        tell(session, version, "version.removed")


def restore_version(session: Session, version: Version) -> None:
    if version.removed_at is not None:
        version.removed_at = None
        tell(session, version, "version.changed")


def tell(session: Session, version: Version, kind: str) -> None:
    """Save the version and log the event that says how it is now."""
    session.add(version)
    session.flush()
    event = VersionEvent.model_validate({"type": kind, "version": version_shape(session, version)})
    log.append(session, version.song_id, event)
