"""Comments: write, change, tick off, take away, bring back. Each writes its row and its event in one transaction."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select, tuple_

from server.database import now
from server.errors import AppError, invalid
from server.events import log
from server.events.objects import Author, CommentShape, Done, MentionShape, VoiceShape
from server.events.types import CommentEvent
from server.feedback.forms import NewComment
from server.feedback.mentions import called_by_name
from server.feedback.models import Comment, Reaction
from server.listening.first_listen import only_of
from server.people import authors
from server.songs.access import Access
from server.songs.models import Version

# A player's idea of a file's length and ours differ by a few milliseconds at its very end.
_PAST_THE_END = 0.5


def add_comment(
    session: Session, access: Access, version: Version, form: NewComment, voice: dict[str, Any] | None = None
) -> tuple[CommentShape, bool]:
    """The comment, and whether it is new: sent a second time, the one that is there is given back.

    `voice`: of one that is spoken, its length, peaks, and the hash it is kept under.
    """
    there = session.get(Comment, form.id)
    if there is not None:
        if there.version_id != version.id or not is_own(access, there):
            raise AppError(409, "taken", "Another comment has this id already; make a new one.")
        return comment_shape(session, there), False
    parent = _parent(session, access, version, form.reply_to)
    mentions = called_by_name(session, version, form.body, form.mentions)
    at, until = (parent.at, None) if parent else _place(version, form.at, form.until)
    comment = Comment(
        id=form.id,
        song_id=version.song_id,
        version_id=version.id,
        person_id=access.person.id if access.person else None,
        guest_id=access.guest.id if access.guest else None,
        reply_to=parent.id if parent else None,
        at=at,
        until=until,
        body=form.body,
        voice=voice,
    )
    comment.seq = log.next_number(session, comment.song_id)
    comment.mentions = [{**each, "seq": comment.seq} for each in mentions] or None
    return _saved(session, comment, "comment.added", comment.seq), True


def change_comment(
    session: Session,
    access: Access,
    comment: Comment,
    *,
    body: str | None,
    done: bool | None,
    mentions: list[UUID] | None = None,
) -> CommentShape:
    """What is None stays as it is."""
    words = comment.body if body is None else body
    before = comment.mentions or []
    calls = before
    if body is not None or mentions is not None:
        version = session.get_one(Version, comment.version_id)
        calls = called_by_name(session, version, words, mentions, before)
    rewritten = words != comment.body or calls != before
    ticked = done is not None and done != (comment.done_at is not None)
    if ticked:
        comment.done_at, comment.done_by = (now(), access.you.name) if done else (None, None)
    if not (rewritten or ticked):
        return comment_shape(session, comment)
    number = log.next_number(session, comment.song_id)
    if rewritten:
        comment.body, comment.edited_at = words, now()
        comment.mentions = [{"seq": number, **each} for each in calls] or None
    return _saved(session, comment, "comment.changed", number)


def remove_comment(session: Session, comment: Comment) -> None:
    if comment.removed_at is None:
        comment.removed_at = now()
        _saved(session, comment, "comment.removed")


def restore_comment(session: Session, comment: Comment) -> CommentShape:
    if comment.removed_at is None:
        return comment_shape(session, comment)
    comment.removed_at = None
    shape = _saved(session, comment, "comment.changed")
    # With it its replies are there again; a page that was loaded meanwhile has never heard of them.
    found = select(Comment).where(Comment.reply_to == comment.id, col(Comment.removed_at).is_(None))
    for reply in session.exec(found.order_by(col(Comment.created_at), col(Comment.id))):
        _saved(session, reply, "comment.changed")
    return shape


def comments_of(
    session: Session,
    version_id: UUID,
    *,
    only_of: UUID | None = None,
    after: tuple[float, UUID] | None = None,
    limit: int | None = None,
) -> list[CommentShape]:
    """In the order of the music, everybody's or one author's. A comment that was taken away takes its replies along."""
    found = select(Comment).where(Comment.version_id == version_id, col(Comment.removed_at).is_(None))
    taken_away = select(Comment.id).where(
        Comment.version_id == version_id, col(Comment.removed_at).is_not(None)
    )
    found = found.where(or_(col(Comment.reply_to).is_(None), col(Comment.reply_to).not_in(taken_away)))
    if only_of is not None:
        found = found.where(or_(Comment.person_id == only_of, Comment.guest_id == only_of))
    if after is not None:
        found = found.where(tuple_(col(Comment.at), col(Comment.id)) > after)
    rows = session.exec(found.order_by(col(Comment.at), col(Comment.id)).limit(limit))
    return [comment_shape(session, row) for row in rows]


def is_own(access: Access, comment: Comment | Reaction) -> bool:
    return access.you.id in (comment.person_id, comment.guest_id)


def comment_shape(session: Session, comment: Comment) -> CommentShape:
    done = Done(by=comment.done_by or "", at=comment.done_at) if comment.done_at else None
    return CommentShape(
        id=comment.id,
        song=comment.song_id,
        version=comment.version_id,
        at=comment.at,
        until=comment.until,
        body=comment.body,
        reply_to=comment.reply_to,
        author=author_of(session, comment),
        created_at=comment.created_at,
        edited_at=comment.edited_at,
        done=done,
        removed=comment.removed_at is not None,
        voice=VoiceShape.model_validate(_shown(comment.voice)) if comment.voice else None,
        mentions=[MentionShape.model_validate(each) for each in comment.mentions or []],
        seq=comment.seq,
    )


def _shown(voice: dict[str, Any]) -> dict[str, Any]:
    return {name: voice[name] for name in VoiceShape.model_fields}


def author_of(session: Session, comment: Comment | Reaction) -> Author:
    return authors.author_of(session, comment.person_id, comment.guest_id)


def _saved(session: Session, comment: Comment, kind: str, number: int | None = None) -> CommentShape:
    session.add(comment)
    session.flush()
    shape = comment_shape(session, comment)
    log.append(
        session, comment.song_id, CommentEvent.model_validate({"type": kind, "comment": shape}), number
    )
    return shape


def _parent(session: Session, access: Access, version: Version, id: UUID | None) -> Comment | None:
    if id is None:
        return None
    parent = session.get(Comment, id)
    there = parent is not None and parent.version_id == version.id and parent.removed_at is None
    seen = only_of(session, access, version)
    if parent is None or not there or (seen is not None and not is_own(access, parent)):
        sentence = "The comment you reply to is not there any more."
        raise invalid(sentence, reply_to=sentence)
    # One level: a reply to a reply belongs to the comment that began it.
    return session.get_one(Comment, parent.reply_to) if parent.reply_to else parent


def _place(version: Version, at: float, until: float | None) -> tuple[float, float | None]:
    end = None if version.duration is None else version.duration + _PAST_THE_END
    if end is not None and at > end:
        raise invalid("That second is after the end of the song.", at="After the end of the song.")
    if until is not None and until <= at:
        raise invalid("A range ends after it begins.", until="Ends before it begins.")
    return at, until if until is None or end is None else min(until, end)
