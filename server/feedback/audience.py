"""Who may hear a version: they, and nobody else, can be called by name in a comment on it."""

from collections.abc import Iterator
from itertools import groupby
from uuid import UUID

from sqlmodel import Session, col, select

from server.database import now
from server.events.objects import Author, author
from server.feedback.models import Comment, Reaction
from server.people import bands
from server.people.models import Guest, ReviewLink
from server.people.visitors import is_open
from server.songs.access import Access, latest_id, visible_versions
from server.songs.models import Song, Version


def audience(session: Session, version: Version) -> list[Author]:
    """The band, by name, then the guests of its open links who see this version, the latest to come first."""
    song = session.get_one(Song, version.song_id)
    members = bands.members_of(session, song.band_id)
    return [
        *(author(person.id, "person", person.name) for person, _ in members),
        *_guests(session, song, version),
    ]


def known_to(session: Session, access: Access, version: Version) -> list[Author]:
    """Those of them whom this visitor can know of already, without themselves.

    A member knows the band's own guests. A guest knows who has shown themselves on what the guest may hear; whoever
    is listening at this moment the page knows from the room.
    """
    others = [one for one in audience(session, version) if one.id != access.you.id]
    if access.member:
        return others
    seen = _seen_on(session, [each.id for each in visible_versions(session, access)])
    return [one for one in others if one.id in seen]


def _guests(session: Session, song: Song, version: Version) -> Iterator[Author]:
    """One for each browser, as whom it was first: that is who it is in the room and at its comments."""
    found = select(Guest, ReviewLink).join(ReviewLink, col(ReviewLink.id) == col(Guest.link_id))
    found = found.where(ReviewLink.song_id == song.id, col(Guest.ended_at).is_(None))
    moment, latest = now(), latest_id(session, song.id)
    rows = session.exec(found.order_by(col(Guest.secret_hash), col(Guest.created_at), col(Guest.id)))
    there: list[tuple[Guest, Author]] = []
    for _, browser in groupby(rows, key=lambda row: row[0].secret_hash):
        here = [(guest, link) for guest, link in browser if is_open(link, moment)]
        if not here:
            continue
        first = here[0][0]
        you = author(first.id, "guest", first.name)
        access = Access(song, you, guest=first, links=tuple(link for _, link in here))
        if access.sees(version.id, latest):
            there.append((first, you))
    there.sort(key=lambda one: one[0].created_at, reverse=True)
    return (you for _, you in there)


def _seen_on(session: Session, versions: list[UUID]) -> set[UUID]:
    """Who commented, reacted, or brought one of these versions."""
    seen: set[UUID] = set()
    for table in (Comment, Reaction):
        found = select(table.person_id, table.guest_id).distinct()
        found = found.where(col(table.version_id).in_(versions), col(table.removed_at).is_(None))
        seen |= {id for ids in session.exec(found) for id in ids if id is not None}
    uploaders = select(Version.uploaded_by).where(col(Version.id).in_(versions))
    return seen | set(session.exec(uploaders))
