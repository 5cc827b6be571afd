import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import CheckConstraint, Field, SQLModel, UniqueConstraint

from server.database import new_id, now


class Comparison(SQLModel, table=True):
    """What changed from version A to version B, made once and kept.

    Only what other folders ask for is in the row; the findings and the picture are a blob, named by the audio of
    both, so the same two files are never compared twice.
    """

    __table_args__ = (UniqueConstraint("a_id", "b_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    song_id: uuid.UUID = Field(foreign_key="song.id", index=True)
    a_id: uuid.UUID = Field(foreign_key="version.id")
    b_id: uuid.UUID = Field(foreign_key="version.id", index=True)
    status: str = Field(default="preparing", max_length=10, index=True)
    error: str | None = None
    progress: float | None = None
    time_map: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)
    """As `earmark compare --json` gives it: confidence and segments."""
    matched_gain_db: float | None = None
    created_at: datetime = Field(default_factory=now)


class BlindTest(SQLModel, table=True):
    """Two versions to be heard without knowing which is which, from `start` to `end` of A."""

    __tablename__ = "blind_test"
    __table_args__ = (CheckConstraint("until > at", name="range_forward"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    song_id: uuid.UUID = Field(foreign_key="song.id", index=True)
    a_id: uuid.UUID = Field(foreign_key="version.id")
    b_id: uuid.UUID = Field(foreign_key="version.id")
    at: float
    until: float
    question: str = Field(max_length=200)
    shuffle_key: str = Field(max_length=32)
    """Never leaves the server: with the listener's id it decides which of the two they hear as X."""
    created_by: uuid.UUID = Field(foreign_key="person.id")
    created_at: datetime = Field(default_factory=now)
    revealed_at: datetime | None = None
    removed_at: datetime | None = None


class BlindVote(SQLModel, table=True):
    """One listener's answer; voting again changes it, until the test is revealed."""

    __tablename__ = "blind_vote"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (guest_id IS NULL)", name="one_voter"),
        UniqueConstraint("test_id", "person_id"),
        UniqueConstraint("test_id", "guest_id"),
    )

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    test_id: uuid.UUID = Field(foreign_key="blind_test.id", index=True)
    person_id: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    guest_id: uuid.UUID | None = Field(default=None, foreign_key="guest.id")
    choice: str = Field(max_length=4)
    """`a`, `b` or `same`: already told apart, so that a reveal needs nothing but these rows."""
    voted_at: datetime = Field(default_factory=now)
