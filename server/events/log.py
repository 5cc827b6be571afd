"""The log of what happened to a song: the truth that every open page follows.

An event is written in the transaction that makes its change. Its number is taken by updating the song's row
there, which holds the row until the commit, so the order of numbers is the order of commits on every database.
"""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from server.database import wake_listeners
from server.events.models import LoggedEvent
from server.events.types import AnyEvent

# The song's table belongs to songs/, which stands above: only this one number of it is ours.
_song = sa.table("song", sa.column("id", sa.Uuid()), sa.column("last_seq", sa.Integer()))
# Written once: a room asks it after every commit, and putting it together takes longer than its answer.
_SINCE = (
    select(LoggedEvent)
    .where(LoggedEvent.song_id == sa.bindparam("song"), col(LoggedEvent.seq) > sa.bindparam("seq"))
    .order_by(col(LoggedEvent.seq))
    .limit(sa.bindparam("limit", type_=sa.Integer()))
)


def next_number(session: Session, song: uuid.UUID) -> int:
    """The number of the next event, for an object that carries it; the event has to follow, or a number is missing."""
    taken = sa.update(_song).where(_song.c.id == song).values(last_seq=_song.c.last_seq + 1)
    return int(session.execute(taken.returning(_song.c.last_seq)).scalar_one())


def append(session: Session, song: uuid.UUID, event: AnyEvent, number: int | None = None) -> int:
    """Log the event with the song's next number, and wake who listens once the transaction is committed."""
    seq = next_number(session, song) if number is None else number
    version, *others = event.versions
    row = LoggedEvent(
        song_id=song,
        seq=seq,
        type=event.type,
        version_id=version,
        other_version_id=others[0] if others else None,
        body=event.model_dump(mode="json"),
    )
    session.add(row)
    wake_listeners(session, song)
    return seq


def since(session: Session, song: uuid.UUID, seq: int, limit: int) -> list[LoggedEvent]:
    """The events after number `seq`, oldest first."""
    return list(session.exec(_SINCE, params={"song": song, "seq": seq, "limit": limit}))


def last_seq(session: Session, song: uuid.UUID) -> int:
    return int(session.execute(sa.select(_song.c.last_seq).where(_song.c.id == song)).scalar_one())


def as_message(event: LoggedEvent) -> dict[str, Any]:
    return {"seq": event.seq, "song": str(event.song_id), **event.body}
