"""Whether a later version answered a comment: said by who wrote it, kept with the version, taken back by them alone.

It decides nothing: what is done stays for a person to tick off.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from server.database import now
from server.errors import invalid, not_found
from server.events import log
from server.events.objects import Verdict as Word
from server.events.objects import VerdictShape
from server.events.types import VerdictEvent
from server.feedback.comments import author_of
from server.feedback.models import Comment, Verdict
from server.songs.models import Version


def give_verdict(session: Session, comment: Comment, version: Version, word: Word | None) -> VerdictShape:
    """None takes it back. The same again changes nothing."""
    _check_that_it_was_carried(session, comment, version)
    found = select(Verdict).where(Verdict.comment_id == comment.id, Verdict.version_id == version.id)
    row = session.exec(found).first()
    if (row.verdict if row else None) == word:
        return _shape(session, comment, version.id, word, row.said_at if row else now())
    if row is not None and word is None:
        session.delete(row)
    if word is not None:
        row = row or Verdict(comment_id=comment.id, version_id=version.id, verdict=word)
        row.verdict, row.said_at = word, now()
        session.add(row)
    session.flush()
    shape = _shape(session, comment, version.id, word, row.said_at if row and word else now())
    event = VerdictEvent(type="verdict.changed", verdict=shape, on=comment.version_id)
    log.append(session, comment.song_id, event)
    return shape


def verdicts_on(session: Session, version_id: UUID, comments: Iterable[Comment]) -> dict[UUID, VerdictShape]:
    """By comment."""
    of = {comment.id: comment for comment in comments}
    found = select(Verdict).where(Verdict.version_id == version_id, col(Verdict.comment_id).in_(of))
    return {
        row.comment_id: _shape(session, of[row.comment_id], version_id, row.verdict, row.said_at)
        for row in session.exec(found)
    }


def answered_before(session: Session, version: Version, comments: Iterable[UUID]) -> set[UUID]:
    """Those whose author said "fixed", as their last word, of a version before this one that is still there."""
    found = (
        select(Verdict.comment_id, Verdict.verdict)
        .join(Version, col(Version.id) == Verdict.version_id)
        .where(col(Verdict.comment_id).in_(list(comments)))
        .where(Version.number < version.number, col(Version.removed_at).is_(None))
        .order_by(col(Version.number))
    )
    last = dict(session.exec(found).all())
    return {comment for comment, word in last.items() if word == "fixed"}


def _check_that_it_was_carried(session: Session, comment: Comment, version: Version) -> None:
    if comment.song_id != version.song_id:
        raise not_found()
    if comment.reply_to is not None:
        raise invalid("A verdict is about the comment that began the thread, not about a reply.")
    if session.get_one(Version, comment.version_id).number >= version.number:
        raise invalid("A verdict is said on a version that came after the comment.")


def _shape(
    session: Session, comment: Comment, version: UUID, word: str | None, said_at: datetime
) -> VerdictShape:
    return VerdictShape.model_validate(
        {
            "comment": comment.id,
            "version": version,
            "verdict": word,
            "author": author_of(session, comment),
            "said_at": said_at,
        }
    )
