"""What is new to somebody: the comments of others that were not on their screen yet.

Each comment has the number of the event that said it, and each person and guest one mark a song: everything up to a
number, and single ones after it. Marks from several devices are joined, so they only ever grow; taking one back is
asked for expressly. What was said before somebody came is not new to them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from server.events import log
from server.events.objects import Shape
from server.feedback.models import Comment, SeenMark
from server.listening.first_listen import kept_back
from server.people import bands
from server.people.models import Person
from server.songs.access import Access, visible_versions
from server.songs.models import Song, Version


class UnreadShape(Shape):
    comment: UUID
    version: UUID
    thread: UUID
    """The comment that began it."""
    seq: int
    """The number that marks it as seen."""
    mention: bool
    """Whether it calls you by name."""


class SeenShape(Shape):
    """What you have not seen of a song, as of event `seq`; of two answers the one with the higher revision holds."""

    song: UUID
    seq: int
    revision: int
    unread: list[UnreadShape]


@dataclass(frozen=True)
class _Reader:
    id: UUID
    is_person: bool

    @property
    def marks(self) -> sa.ColumnElement[bool]:
        return col(SeenMark.person_id if self.is_person else SeenMark.guest_id) == self.id


def seen_of(session: Session, access: Access) -> SeenShape:
    """What is unread, oldest first."""
    reader, song = _Reader(access.you.id, access.member), access.song.id
    # First of all: what is committed while the rest is read has a higher number.
    seq = log.last_seq(session, song)
    mark = _mark(session, reader, song)
    # What waits for their first listen is not there yet, and new to them after it.
    waiting = kept_back(session, access)
    versions = [version.id for version in visible_versions(session, access) if version.id not in waiting]
    since = {song: _came(session, access)}
    unread = _unread(session, reader, since, {song: mark} if mark else {}, versions)
    return SeenShape(
        song=song,
        seq=seq,
        revision=mark.revision if mark else 0,
        unread=[_shape(row, number, reader) for row, number in unread],
    )


def mark_seen(session: Session, access: Access, numbers: Iterable[int]) -> SeenShape:
    """Joins these numbers with those seen before."""
    mark = _mark_to_change(session, access)
    before = seen_of(session, access)
    seen = {each.seq for each in before.unread} & set(numbers)
    # What they may not see yet (a hidden version, a first listen to come) is not passed over, or it would never be new.
    reader, song = _Reader(access.you.id, access.member), access.song.id
    everywhere = _unread(session, reader, {song: _came(session, access)}, {song: mark})
    first_unread = min({number for _, number in everywhere} - seen, default=before.seq + 1)
    _change(session, mark, max(mark.upto, first_unread - 1), {*mark.beyond, *seen})
    return seen_of(session, access)


def mark_unseen(session: Session, access: Access, numbers: Iterable[int]) -> SeenShape:
    """Takes that back: the others stay seen."""
    mark = _mark_to_change(session, access)
    taken_back = {each for each in numbers if each <= mark.upto or each in mark.beyond}
    if not taken_back:
        return seen_of(session, access)
    upto = min(mark.upto, min(taken_back) - 1)
    said = session.exec(select(Comment).where(Comment.song_id == access.song.id))
    passed = {number for each in said for number in (each.seq, *_numbers(each.mentions)) if number}
    seen = {number for number in passed if upto < number <= mark.upto} | set(mark.beyond)
    _change(session, mark, upto, seen - taken_back)
    return seen_of(session, access)


def unread_by_song(session: Session, person: Person, songs: list[Song]) -> dict[UUID, list[UnreadShape]]:
    """For a member of the bands of these songs."""
    reader = _Reader(person.id, is_person=True)
    joined = {band: bands.membership(session, band, person.id) for band in {song.band_id for song in songs}}
    since = {song.id: there.created_at for song in songs if (there := joined[song.band_id]) is not None}
    found = session.exec(select(SeenMark).where(reader.marks, col(SeenMark.song_id).in_(since)))
    unread: dict[UUID, list[UnreadShape]] = {id: [] for id in since}
    for row, number in _unread(session, reader, since, {mark.song_id: mark for mark in found}):
        unread[row.song_id].append(_shape(row, number, reader))
    return unread


def _unread(
    session: Session,
    reader: _Reader,
    since: dict[UUID, datetime],
    marks: dict[UUID, SeenMark],
    versions: list[UUID] | None = None,
) -> list[tuple[Comment, int]]:
    """With the numbers that mark them as seen. `since`: from when on, for each song."""
    theirs = sa.and_(col(SeenMark.song_id) == col(Comment.song_id), reader.marks)
    upto = sa.func.coalesce(col(SeenMark.upto), 0)
    gone = select(Comment.id).where(col(Comment.song_id).in_(since), col(Comment.removed_at).is_not(None))
    found = (
        select(Comment)
        .join(Version, col(Version.id) == Comment.version_id)
        .join(SeenMark, theirs, isouter=True)
        .where(
            col(Comment.song_id).in_(since),
            sa.or_(col(Comment.seq) > upto, col(Comment.mentions).is_not(None)),
            col(Comment.removed_at).is_(None),
            col(Version.removed_at).is_(None),
            sa.or_(col(Comment.reply_to).is_(None), col(Comment.reply_to).not_in(gone)),
        )
    )
    if versions is not None:
        found = found.where(col(Comment.version_id).in_(versions))
    unread = []
    for row in session.exec(found):
        number = _number(row, reader.id, since[row.song_id])
        there = marks.get(row.song_id)
        known = there is not None and number is not None and (number <= there.upto or number in there.beyond)
        if number is not None and not known and reader.id not in (row.person_id, row.guest_id):
            unread.append((row, number))
    return sorted(unread, key=lambda one: one[1])


def _number(comment: Comment, reader: UUID, since: datetime) -> int | None:
    """None for what was said before they came; a later edit may call them by name, and that is new again."""
    if calls := _numbers(comment.mentions, reader):
        return calls[0]
    return comment.seq if comment.created_at > since else None


def _numbers(mentions: list[dict[str, object]] | None, who: UUID | None = None) -> list[int]:
    return [int(str(each["seq"])) for each in mentions or [] if who is None or each["id"] == str(who)]


def _shape(row: Comment, number: int, reader: _Reader) -> UnreadShape:
    return UnreadShape(
        comment=row.id,
        version=row.version_id,
        thread=row.reply_to or row.id,
        seq=number,
        mention=bool(_numbers(row.mentions, reader.id)),
    )


def _came(session: Session, access: Access) -> datetime:
    if access.guest is not None:
        return access.guest.created_at
    there = bands.membership(session, access.song.band_id, access.you.id)
    assert there is not None
    return there.created_at


def _mark(session: Session, reader: _Reader, song: UUID) -> SeenMark | None:
    return session.exec(select(SeenMark).where(reader.marks, col(SeenMark.song_id) == song)).first()


def _mark_to_change(session: Session, access: Access) -> SeenMark:
    reader = _Reader(access.you.id, access.member)
    mark = _mark(session, reader, access.song.id)
    if mark is None:
        person, guest = (reader.id, None) if reader.is_person else (None, reader.id)
        mark = SeenMark(song_id=access.song.id, person_id=person, guest_id=guest)
        session.add(mark)
        session.flush()
    return mark


def _change(session: Session, mark: SeenMark, upto: int, seen: Iterable[int]) -> None:
    beyond = sorted(number for number in seen if number > upto)
    if (upto, beyond) == (mark.upto, mark.beyond):
        return
    mark.upto, mark.beyond, mark.revision = upto, beyond, mark.revision + 1
    session.add(mark)
    session.flush()
