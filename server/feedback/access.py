"""Which comment, and whether this visitor may change it."""

import uuid

from sqlmodel import Session

from server.errors import forbidden, not_found
from server.feedback.comments import is_own
from server.feedback.models import Comment
from server.listening.first_listen import only_of
from server.people.visitors import Credentials
from server.songs.access import Access, version_to_hear


def comment_to_see(
    session: Session, given: Credentials, comment_id: uuid.UUID, *, removed: bool = False
) -> tuple[Access, Comment]:
    comment = session.get(Comment, comment_id)
    if comment is None:
        raise not_found()
    access, version = version_to_hear(session, given, comment.version_id)
    own = is_own(access, comment)
    if (comment.removed_at is not None and not (removed and own)) or (
        not own and only_of(session, access, version) is not None
    ):
        raise not_found()
    return access, comment


def comment_to_edit(
    session: Session, given: Credentials, comment_id: uuid.UUID, *, removed: bool = False
) -> tuple[Access, Comment]:
    """One's own: nobody puts words into somebody else's mouth, or takes them out of it."""
    access, comment = comment_to_see(session, given, comment_id, removed=removed)
    if not is_own(access, comment):
        raise forbidden("This is somebody else's comment; only they can change it.")
    if not access.may_comment:
        raise forbidden("This link is for listening only now.")
    return access, comment


def comment_to_tick_off(
    session: Session, given: Credentials, comment_id: uuid.UUID
) -> tuple[Access, Comment]:
    """The band decides what is done; a guest may say so of their own."""
    access, comment = comment_to_see(session, given, comment_id)
    if not access.member and not (access.may_comment and is_own(access, comment)):
        raise forbidden("Only the band, or who wrote it, can mark this as done.")
    return access, comment
