import uuid
from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from server.database import new_id, now


class Person(SQLModel, table=True):
    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    email: str = Field(unique=True, max_length=254)
    name: str = Field(max_length=80)
    password_hash: str
    created_at: datetime = Field(default_factory=now)


class Band(SQLModel, table=True):
    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=120)
    created_at: datetime = Field(default_factory=now)


class Membership(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("band_id", "person_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    band_id: uuid.UUID = Field(foreign_key="band.id")
    person_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    role: str = Field(max_length=10)
    created_at: datetime = Field(default_factory=now)


class SignIn(SQLModel, table=True):
    """A browser that somebody signed in with; the cookie holds a secret, this row its hash."""

    __tablename__ = "sign_in"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    secret_hash: str = Field(unique=True)
    person_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    device: str = Field(max_length=200)
    created_at: datetime = Field(default_factory=now)
    last_seen_at: datetime = Field(default_factory=now)
    expires_at: datetime


class ApiToken(SQLModel, table=True):
    __tablename__ = "api_token"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    secret_hash: str = Field(unique=True)
    person_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    name: str = Field(max_length=80)
    created_at: datetime = Field(default_factory=now)
    last_used_at: datetime | None = None


class Invitation(SQLModel, table=True):
    """An address that lets whoever holds it join a band, once."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    secret_hash: str = Field(unique=True)
    band_id: uuid.UUID = Field(foreign_key="band.id", index=True)
    invited_by: uuid.UUID = Field(foreign_key="person.id")
    note: str = Field(max_length=200)
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime
    used_at: datetime | None = None


class OneTimeAddress(SQLModel, table=True):
    """An address that signs a person in once, or (without a person) makes the first account."""

    __tablename__ = "one_time_address"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    secret_hash: str = Field(unique=True)
    person_id: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    next_page: str = "/"
    expires_at: datetime
    used_at: datetime | None = None


class ReviewLink(SQLModel, table=True):
    """A private link to one song. The secret in its address is shown once; the row keeps the hash."""

    __tablename__ = "review_link"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    secret_hash: str = Field(unique=True)
    song_id: uuid.UUID = Field(foreign_key="song.id", index=True)
    name: str = Field(max_length=120)
    password_hash: str | None = None
    may_comment: bool
    may_download: bool
    versions: str
    """'all', 'latest', or the ids of versions separated by spaces."""
    created_by: uuid.UUID = Field(foreign_key="person.id")
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


class Guest(SQLModel, table=True):
    """Somebody who came by a review link and gave a name. One browser holds one secret for all its links."""

    __table_args__ = (UniqueConstraint("secret_hash", "link_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    secret_hash: str = Field(index=True)
    link_id: uuid.UUID = Field(foreign_key="review_link.id", index=True)
    name: str = Field(max_length=80)
    created_at: datetime = Field(default_factory=now)
    ended_at: datetime | None = None
