import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from server.database import new_id, now


class Upload(SQLModel, table=True):
    """A resumable upload under way. How much has arrived is told by the staged file itself, so it survives a crash."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    song_id: uuid.UUID = Field(foreign_key="song.id")
    person_id: uuid.UUID = Field(foreign_key="person.id")
    length: int = Field(sa_type=sa.BigInteger)
    about: dict[str, Any] = Field(sa_type=sa.JSON)
    version_id: uuid.UUID | None = Field(default=None, foreign_key="version.id")
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime
