"""Comments follow the music: an open comment on an earlier version, at the same place in a newer one.

The comment's own row is never rewritten: where it is now is worked out from the time maps whenever it is asked for,
so it gets better as comparisons are made, and a version that is taken away takes nothing along.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from server.events.objects import CommentShape, Seconds, Shape, VerdictShape
from server.feedback.changed import around, change_around
from server.feedback.comments import comment_shape, is_own
from server.feedback.maps import Maps
from server.feedback.models import Comment
from server.feedback.placing import Map, Placed, placed
from server.feedback.verdicts import answered_before, verdicts_on
from server.listening.first_listen import kept_back
from server.songs.access import Access, visible_versions
from server.songs.models import Version

_LONGEST_LOOP = 30.0
PictureOf = Callable[[Version, Version], dict[str, Any] | None]


class ChangeShape(Shape):
    """What was measured around the place; `amount` is the newer version minus the older one."""

    plain: str
    detail: str
    kind: str
    amount: float | None
    unit: str | None


class Passage(Shape):
    """A piece of a version to hear, and the gain that makes it as loud as the other one."""

    version: UUID
    start: Seconds
    end: Seconds
    gain_db: float


class Hear(Shape):
    before: Passage
    after: Passage


class CarriedShape(Shape):
    """A comment from an earlier version, and where it is in this one."""

    comment: CommentShape
    version: UUID
    place: Literal["found", "cut", "unsure", "waiting"]
    at: Seconds | None
    until: Seconds | None
    confidence: float
    via: list[UUID]
    """The versions between the two, where no comparison of just these two is there yet."""
    changed: ChangeShape | None
    verdict: VerdictShape | None
    replies: int
    hear: Hear | None


@dataclass
class Carried:
    """`compared`: by the version where they were written, the A and the B of the comparison that tells what changed
    since. `missing`: the earlier versions that nobody has compared with this one."""

    items: list[CarriedShape]
    compared: dict[UUID, tuple[Version, Version]] = field(default_factory=dict)
    missing: list[UUID] = field(default_factory=list)


def carried_comments(session: Session, access: Access, version: Version) -> Carried:
    """The open comments that began a thread on an earlier version, in the order of those versions and the music.

    Only what this visitor may hear plays a part, the versions on the way included. A comment that its author called
    "fixed" on a version in between stays behind; on the version where they said so it is shown, with the answer.
    """
    visible = visible_versions(session, access)
    earlier = {each.id: each for each in visible if each.number < version.number}
    if version.status == "failed" or not earlier:
        return Carried([])
    comments = _seen(session, access, version, _open_comments(session, list(earlier)))
    answered = answered_before(session, version, [each.id for each in comments])
    comments = [each for each in comments if each.id not in answered]
    maps = Maps(session, version, {each.id for each in visible})
    verdicts, replies = verdicts_on(session, version.id, comments), _replies(session, comments)
    found = Carried([])
    for comment in comments:
        old = earlier[comment.version_id]
        way = maps.way(old.id)
        where = _place(way, maps, comment)
        found.items.append(
            CarriedShape(
                comment=comment_shape(session, comment),
                version=version.id,
                place="waiting" if where is None else where.place,
                at=where.at if where else None,
                until=where.until if where else None,
                confidence=where.confidence if where else 0.0,
                via=[each.b for each in way[:-1]],
                changed=None,
                verdict=verdicts.get(comment.id),
                replies=replies.get(comment.id, 0),
                hear=_hear(comment, old, version, where, sum(each.gain_db for each in way)),
            )
        )
    written_on = dict.fromkeys(comment.version_id for comment in comments)
    for id in written_on:
        if (turned := maps.made_with(id)) is not None:
            found.compared[id] = (version, earlier[id]) if turned else (earlier[id], version)
    found.missing = [id for id in written_on if not maps.asked_for(id) and earlier[id].status != "failed"]
    return found


def tell_what_changed(carried: Carried, picture_of: PictureOf) -> list[CarriedShape]:
    """Fills in `changed` from the pictures, each looked at once; blocking."""
    pictures = {id: picture_of(*pair) for id, pair in carried.compared.items()}
    for item in carried.items:
        picture = pictures.get(item.comment.version)
        if picture is None or item.place != "found" or item.at is None:
            continue
        turned = carried.compared[item.comment.version][0].id == item.version
        place = (item.at, item.until) if turned else (item.comment.at, item.comment.until)
        change = change_around(picture, around(*place), item.comment.body, turned=turned)
        item.changed = ChangeShape(**asdict(change)) if change else None
    return carried.items


_IS_OPEN = (
    col(Comment.done_at).is_(None),
    col(Comment.removed_at).is_(None),
    col(Comment.reply_to).is_(None),
)


def _open_comments(session: Session, versions: list[UUID]) -> list[Comment]:
    found = select(Comment).join(Version, col(Version.id) == Comment.version_id)
    found = found.where(col(Comment.version_id).in_(versions), *_IS_OPEN)
    return list(session.exec(found.order_by(col(Version.number), col(Comment.at), col(Comment.id))))


def _seen(session: Session, access: Access, version: Version, comments: list[Comment]) -> list[Comment]:
    """Before a first listen that is protected, only one's own."""
    waiting = kept_back(session, access)
    return [
        each
        for each in comments
        if is_own(access, each) or not (version.id in waiting or each.version_id in waiting)
    ]


def _replies(session: Session, comments: Iterable[Comment]) -> dict[UUID, int]:
    count = select(Comment.reply_to, sa.func.count()).where(
        col(Comment.reply_to).in_([comment.id for comment in comments]), col(Comment.removed_at).is_(None)
    )
    return {id: number for id, number in session.exec(count.group_by(col(Comment.reply_to))) if id}


def _place(way: list[Map], maps: Maps, comment: Comment) -> Placed | None:
    """None while it is not known; where the comparison failed there is nothing to wait for."""
    if way:
        return placed(way, comment.at, comment.until)
    return Placed("unsure") if maps.failed_with(comment.version_id) else None


def _hear(comment: Comment, old: Version, new: Version, where: Placed | None, gain_db: float) -> Hear | None:
    """The same music in both, at equal loudness: the louder side is turned down."""
    if where is None or where.place != "found" or where.at is None or not old.duration or not new.duration:
        return None
    start, end = around(comment.at, comment.until)
    ratio = where.speed
    if comment.until is not None and where.until is not None:
        ratio = (where.until - where.at) / (comment.until - comment.at)
    start = max(start, comment.at - where.at / ratio)
    begin = max(0.0, where.at - (comment.at - start) * ratio)
    length = min(end - start, _LONGEST_LOOP, old.duration - start, (new.duration - begin) / ratio)
    if length <= 0:
        return None
    return Hear(
        before=_passage(old, start, length, -gain_db), after=_passage(new, begin, length * ratio, gain_db)
    )


def _passage(version: Version, start: float, length: float, gain_db: float) -> Passage:
    quieter = round(min(0.0, gain_db), 2)
    return Passage(version=version.id, start=round(start, 3), end=round(start + length, 3), gain_db=quieter)
