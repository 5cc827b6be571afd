import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, UniqueConstraint

from server.database import new_id, now


class LoggedEvent(SQLModel, table=True):
    """One line of a song's log; `seq` counts from 1 in each song without a gap."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("song_id", "seq"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    song_id: uuid.UUID = Field(foreign_key="song.id")
    seq: int
    type: str
    version_id: uuid.UUID
    other_version_id: uuid.UUID | None = None
    """The second one, where it is about two: who may not hear both is not told."""
    body: dict[str, Any] = Field(sa_type=sa.JSON)
    created_at: datetime = Field(default_factory=now)

    @property
    def versions(self) -> tuple[uuid.UUID, ...]:
        return (
            (self.version_id,) if self.other_version_id is None else (self.version_id, self.other_version_id)
        )
