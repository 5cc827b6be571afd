"""The first listen in peace: where the band wants it, a guest sees what others said once they have heard the song.

Which parts were heard the page reports; how much that is, is counted here. It guards a listener's own ears, not a
secret: whoever claims to have heard what they have not, spoils it for nobody but themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from server.database import now, wake_listeners
from server.events.objects import Seconds, Shape
from server.listening.models import Hearing
from server.songs.access import Access
from server.songs.models import Version

HEARD_ENOUGH = 0.9
"""Of the length: nobody is kept waiting by the silence at the end."""
_JOINED = 0.3  # a player tells its place some times a second, so parts that touch are a little apart
_MOST_PARTS = 500
# What people say of a version. Whose it is stands in the object itself.
_SAID = ("comment", "reaction", "answer", "verdict")
# Written once, like the question for the log's events that it is asked with.
_VERSIONS = (
    select(Version.id, Version.removed_at, Version.status, Version.first_listen_protected)
    .where(Version.song_id == sa.bindparam("song"))
    .order_by(col(Version.number).desc())
)

Parts = list[list[float]]


class FirstListenShape(Shape):
    """`waits`: what others said is kept back; `left`: the seconds still to be heard, None while nobody knows."""

    version: UUID
    waits: bool
    heard: Seconds
    left: Seconds | None


@dataclass(frozen=True)
class Protected:
    """A song's versions whose first listen is protected, who has had it (pairs of version and guest), and the song's
    latest version, which is all that some links show."""

    versions: frozenset[UUID] = frozenset()
    heard: frozenset[tuple[UUID, UUID]] = frozenset()
    latest: UUID | None = None

    def kept_from(self, access: Access) -> frozenset[UUID]:
        """The versions of which this visitor sees only what they said themselves. The band works with all of it."""
        if not self.versions or access.member or access.guest is None:
            return frozenset()
        guest = access.guest.id
        return frozenset(
            one for one in self.versions if (one, guest) not in self.heard and access.sees(one, self.latest)
        )


def protected_of(session: Session, song: UUID, *, guest: UUID | None = None) -> Protected:
    """With a guest, what only they have heard: all that is needed for one of them."""
    rows = session.exec(_VERSIONS, params={"song": song}).all()
    latest = next((id for id, removed_at, *_ in rows if removed_at is None), None)
    # A recording that cannot be played can be heard by nobody.
    versions = frozenset(id for id, _, status, protected in rows if protected and status != "failed")
    if not versions:
        return Protected(latest=latest)
    heard = select(Hearing.version_id, Hearing.guest_id).where(
        col(Hearing.version_id).in_(versions), col(Hearing.completed_at).is_not(None)
    )
    if guest is not None:
        heard = heard.where(Hearing.guest_id == guest)
    pairs = frozenset((version, who) for version, who in session.exec(heard))
    return Protected(versions, pairs, latest)


def kept_back(session: Session, access: Access) -> frozenset[UUID]:
    """The versions of this song of which this visitor sees only what they said themselves."""
    if access.guest is None:
        return frozenset()
    return protected_of(session, access.song.id, guest=access.guest.id).kept_from(access)


def only_of(session: Session, access: Access, version: Version) -> UUID | None:
    """Whose words alone this visitor is shown on a version: their own while they have not heard it; None: all."""
    if access.member or not version.first_listen_protected:
        return None
    return access.you.id if version.id in kept_back(session, access) else None


def said_by(body: dict[str, Any]) -> UUID | None:
    """Of an event's body: whose words or gesture it tells of, where it tells of one."""
    return next((UUID(body[what]["author"]["id"]) for what in _SAID if what in body), None)


def hear(session: Session, access: Access, version: Version, parts: Iterable[tuple[float, float]]) -> None:
    """Adds what a guest has heard; the band's ears need no counting."""
    if access.guest is None:
        return
    hearing = _hearing(session, access, version) or Hearing(version_id=version.id, guest_id=access.guest.id)
    end = float("inf") if version.duration is None else version.duration
    hearing.parts = merged([*hearing.parts, *([start, min(until, end)] for start, until in parts)])
    if hearing.completed_at is None and _left(version, hearing) == 0:
        hearing.completed_at = now()
        # Every page of theirs is told that there is more to see.
        wake_listeners(session, version.song_id)
    session.add(hearing)
    session.flush()


def first_listen_shape(session: Session, access: Access, version: Version) -> FirstListenShape:
    hearing = _hearing(session, access, version)
    return FirstListenShape(
        version=version.id,
        waits=only_of(session, access, version) is not None,
        heard=round(_seconds(hearing), 3),
        left=_left(version, hearing),
    )


def merged(parts: Parts) -> Parts:
    """In order and apart; of more than anybody needs the longest."""
    found: Parts = []
    for start, end in sorted(parts):
        if end <= start:
            continue
        if found and start <= found[-1][1] + _JOINED:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return sorted(sorted(found, key=lambda part: part[0] - part[1])[:_MOST_PARTS])


def _hearing(session: Session, access: Access, version: Version) -> Hearing | None:
    if access.guest is None:
        return None
    found = select(Hearing).where(Hearing.version_id == version.id, Hearing.guest_id == access.guest.id)
    return session.exec(found).first()


def _seconds(hearing: Hearing | None) -> float:
    return sum(end - start for start, end in hearing.parts) if hearing else 0.0


def _left(version: Version, hearing: Hearing | None) -> float | None:
    if version.duration is None:
        return None
    return round(max(0.0, HEARD_ENOUGH * version.duration - _seconds(hearing)), 3)
