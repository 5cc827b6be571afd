import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import CheckConstraint, Field, SQLModel, UniqueConstraint

from server.database import new_id, now


class Comment(SQLModel, table=True):
    """Words at a second of a version, or over a range of it. Its id was made by the client that wrote it."""

    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (guest_id IS NULL)", name="one_author"),
        CheckConstraint("until IS NULL OR until > at", name="range_forward"),
    )

    id: uuid.UUID = Field(primary_key=True)
    song_id: uuid.UUID = Field(foreign_key="song.id", index=True)
    version_id: uuid.UUID = Field(foreign_key="version.id", index=True)
    person_id: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    guest_id: uuid.UUID | None = Field(default=None, foreign_key="guest.id")
    reply_to: uuid.UUID | None = Field(default=None, foreign_key="comment.id")
    at: float
    until: float | None = None
    body: str
    created_at: datetime = Field(default_factory=now)
    edited_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str | None = Field(default=None, max_length=80)
    removed_at: datetime | None = None
    voice: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)
    """Of a spoken comment: its length in seconds, and the hash under which its sound is kept."""
    mentions: list[dict[str, Any]] | None = Field(
        default=None, sa_column=sa.Column(sa.JSON(none_as_null=True), nullable=True)
    )
    """Whom it calls by name, as MentionShape."""
    seq: int | None = None
    """The event that said it first; None where that was before marks of what is read."""


class Verdict(SQLModel, table=True):
    """Whether a later version answered a comment, said by who wrote it. One per comment and version."""

    __table_args__ = (UniqueConstraint("comment_id", "version_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    comment_id: uuid.UUID = Field(foreign_key="comment.id")
    version_id: uuid.UUID = Field(foreign_key="version.id", index=True)
    verdict: str = Field(max_length=8)
    said_at: datetime = Field(default_factory=now)


class Reaction(SQLModel, table=True):
    """One tap at a second: a feeling for which nobody needs a word. Its id was made by the client."""

    __table_args__ = (CheckConstraint("(person_id IS NULL) <> (guest_id IS NULL)", name="one_author"),)

    id: uuid.UUID = Field(primary_key=True)
    song_id: uuid.UUID = Field(foreign_key="song.id")
    version_id: uuid.UUID = Field(foreign_key="version.id", index=True)
    person_id: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    guest_id: uuid.UUID | None = Field(default=None, foreign_key="guest.id")
    kind: str = Field(max_length=20)
    at: float
    created_at: datetime = Field(default_factory=now)
    removed_at: datetime | None = None


class SeenMark(SQLModel, table=True):
    """How much of a song's comments somebody has seen: the numbers of the events that said them."""

    __tablename__ = "seen_mark"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (guest_id IS NULL)", name="one_reader"),
        UniqueConstraint("song_id", "person_id"),
        UniqueConstraint("song_id", "guest_id"),
    )

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    song_id: uuid.UUID = Field(foreign_key="song.id")
    person_id: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    guest_id: uuid.UUID | None = Field(default=None, foreign_key="guest.id")
    upto: int = 0
    """Every comment up to this number."""
    beyond: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    """And these, after the first one that is still unread."""
    revision: int = 0
    """Counts the changes, so that a page knows which of two answers is the newer one."""
