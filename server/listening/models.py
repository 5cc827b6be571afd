import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import CheckConstraint, Field, SQLModel, UniqueConstraint

from server.database import new_id, now


class Question(SQLModel, table=True):
    """What the band asks whoever hears a version. Its id was made by the client that asked it."""

    id: uuid.UUID = Field(primary_key=True)
    song_id: uuid.UUID = Field(foreign_key="song.id")
    version_id: uuid.UUID = Field(foreign_key="version.id", index=True)
    asked_by: uuid.UUID = Field(foreign_key="person.id")
    kind: str = Field(max_length=10)
    text: str = Field(max_length=200)
    part: str = Field(max_length=40)
    """Of a question about loudness: what of the song it is about."""
    revision: int = 1
    """Rewritten, it is another question: an answer says which one it is to."""
    created_at: datetime = Field(default_factory=now)
    removed_at: datetime | None = None


class Answer(SQLModel, table=True):
    """One listener's answer, by gesture or in words; one given later takes its place, save for moments."""

    __table_args__ = (CheckConstraint("(person_id IS NULL) <> (guest_id IS NULL)", name="one_author"),)

    id: uuid.UUID = Field(primary_key=True)
    question_id: uuid.UUID = Field(foreign_key="question.id", index=True)
    song_id: uuid.UUID = Field(foreign_key="song.id")
    version_id: uuid.UUID = Field(foreign_key="version.id", index=True)
    person_id: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    guest_id: uuid.UUID | None = Field(default=None, foreign_key="guest.id")
    at: float | None = None
    across: float | None = None
    """-1 is left, 1 is right."""
    away: float | None = None
    """0 is near, 1 is far."""
    loudness: int | None = None
    """-100 is too quiet, 0 is just right, 100 is too loud."""
    body: str | None = None
    created_at: datetime = Field(default_factory=now)
    removed_at: datetime | None = None


class Hearing(SQLModel, table=True):
    """Which parts of a version a guest has heard, and when that was all of it."""

    __table_args__ = (UniqueConstraint("version_id", "guest_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    version_id: uuid.UUID = Field(foreign_key="version.id")
    guest_id: uuid.UUID = Field(foreign_key="guest.id", index=True)
    parts: list[list[float]] = Field(default_factory=list, sa_type=sa.JSON)
    """[start, end] in seconds, in order, apart from one another."""
    completed_at: datetime | None = None
