import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, UniqueConstraint

from server.database import new_id, now


class Song(SQLModel, table=True):
    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    band_id: uuid.UUID = Field(foreign_key="band.id", index=True)
    title: str = Field(max_length=120)
    created_by: uuid.UUID = Field(foreign_key="person.id")
    created_at: datetime = Field(default_factory=now)
    removed_at: datetime | None = None
    last_seq: int = 0
    """The number of the song's latest event; taking the next one is what keeps the log in order."""


class Version(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("song_id", "number"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    song_id: uuid.UUID = Field(foreign_key="song.id")
    number: int
    stage: str = Field(max_length=20)
    label: str = Field(max_length=120)
    notes: str = Field(max_length=5000)
    file_name: str = Field(max_length=255)
    size: int = Field(sa_type=sa.BigInteger)
    sha256: str = Field(max_length=64, index=True)
    uploaded_by: uuid.UUID = Field(foreign_key="person.id")
    created_at: datetime = Field(default_factory=now)
    removed_at: datetime | None = None
    first_listen_protected: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """Guests see what others said of it once they have heard it themselves."""

    status: str = Field(default="preparing", max_length=10, index=True)
    error: str | None = None
    progress_step: str | None = Field(default=None, max_length=10)
    progress_fraction: float | None = None

    duration: float | None = None
    format: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)
    loudness: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)
    audio: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    zooms: list[int] = Field(default_factory=list, sa_type=sa.JSON)
