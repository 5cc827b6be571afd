"""Reactions: one tap at a second, for which nobody needs a word. Row and event are one transaction, as for comments."""

from uuid import UUID

from pydantic import Field
from sqlmodel import Session, col, or_, select, tuple_

from server.database import new_id, now
from server.errors import AppError, invalid
from server.events import log
from server.events.objects import ReactionKind, ReactionShape
from server.events.types import ReactionEvent
from server.feedback.comments import author_of, is_own
from server.feedback.forms import Id
from server.feedback.models import Reaction
from server.fields import Form, Seconds
from server.songs.access import Access
from server.songs.models import Version

MERGED_WITHIN = 3.0
"""Seconds of the music: the same feeling of the same listener this close is the same tap."""
# A player's idea of a file's length and ours differ by a few milliseconds at its very end.
_PAST_THE_END = 0.5


class NewReaction(Form):
    """The client makes the id, so a tap sent twice over a bad connection exists once."""

    id: Id = Field(default_factory=new_id)
    kind: ReactionKind
    at: Seconds


def add_reaction(
    session: Session, access: Access, version: Version, form: NewReaction
) -> tuple[ReactionShape, bool]:
    """The reaction, and whether it is new: what was sent before, or means one that is there, is given back."""
    there = session.get(Reaction, form.id)
    if there is not None:
        if there.version_id != version.id or not is_own(access, there):
            raise AppError(409, "taken", "Another reaction has this id already; make a new one.")
        return reaction_shape(session, there), False
    if version.duration is not None and form.at > version.duration + _PAST_THE_END:
        raise invalid("That second is after the end of the song.", at="After the end of the song.")
    same = _same_tap(session, access, version.id, form.kind, form.at)
    if same is not None:
        return reaction_shape(session, same), False
    reaction = Reaction(
        id=form.id,
        song_id=version.song_id,
        version_id=version.id,
        person_id=access.person.id if access.person else None,
        guest_id=access.guest.id if access.guest else None,
        kind=form.kind,
        at=form.at,
    )
    return _saved(session, reaction), True


def remove_reaction(session: Session, reaction: Reaction) -> None:
    if reaction.removed_at is None:
        reaction.removed_at = now()
        _saved(session, reaction)


def restore_reaction(session: Session, access: Access, reaction: Reaction) -> ReactionShape:
    """Brought back, unless the same was tapped anew in the meantime: then that one is given."""
    if reaction.removed_at is None:
        return reaction_shape(session, reaction)
    same = _same_tap(session, access, reaction.version_id, reaction.kind, reaction.at)
    if same is not None:
        return reaction_shape(session, same)
    reaction.removed_at = None
    return _saved(session, reaction)


def reactions_of(
    session: Session,
    version_id: UUID,
    *,
    only_of: UUID | None = None,
    after: tuple[float, UUID] | None = None,
    limit: int | None = None,
) -> list[ReactionShape]:
    """In the order of the music, everybody's or one author's."""
    found = select(Reaction).where(Reaction.version_id == version_id, col(Reaction.removed_at).is_(None))
    if only_of is not None:
        found = found.where(or_(Reaction.person_id == only_of, Reaction.guest_id == only_of))
    if after is not None:
        found = found.where(tuple_(col(Reaction.at), col(Reaction.id)) > after)
    rows = session.exec(found.order_by(col(Reaction.at), col(Reaction.id)).limit(limit))
    return [reaction_shape(session, row) for row in rows]


def reaction_shape(session: Session, reaction: Reaction) -> ReactionShape:
    return ReactionShape.model_validate(
        {
            "id": reaction.id,
            "song": reaction.song_id,
            "version": reaction.version_id,
            "kind": reaction.kind,
            "at": reaction.at,
            "author": author_of(session, reaction),
            "created_at": reaction.created_at,
            "removed": reaction.removed_at is not None,
        }
    )


def _same_tap(session: Session, access: Access, version: UUID, kind: str, at: float) -> Reaction | None:
    """The nearest of this listener's that means the same."""
    who = access.person or access.guest
    assert who is not None
    found = select(Reaction).where(
        Reaction.version_id == version,
        Reaction.kind == kind,
        Reaction.person_id == who.id if access.person else Reaction.guest_id == who.id,
        col(Reaction.removed_at).is_(None),
        col(Reaction.at) > at - MERGED_WITHIN,
        col(Reaction.at) < at + MERGED_WITHIN,
    )
    return min(session.exec(found), key=lambda row: abs(row.at - at), default=None)


def _saved(session: Session, reaction: Reaction) -> ReactionShape:
    session.add(reaction)
    session.flush()
    shape = reaction_shape(session, reaction)
    kind = "reaction.removed" if shape.removed else "reaction.added"
    event = ReactionEvent.model_validate({"type": kind, "reaction": shape})
    log.append(session, reaction.song_id, event)
    return shape
