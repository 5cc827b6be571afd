"""Load and decide, in one step: each function finds what an address names and answers whether this visitor may.

What a visitor may not see does not exist for them (404); what they may see but not do is refused (403). Every page,
file, call and socket comes through here, so a rule stands in one place.
"""

import uuid
from dataclasses import dataclass, replace
from functools import cached_property

from sqlmodel import Session, col, select

from server.errors import forbidden, not_found
from server.events.objects import Author, author
from server.people import bands
from server.people.models import Guest, Person, ReviewLink
from server.people.visitors import Credentials, Visitor, identify
from server.songs.models import Song, Version


@dataclass(frozen=True)
class Access:
    """A song, who is here to hear it, and by what right."""

    song: Song
    you: Author
    person: Person | None = None
    """A member of the band; else it is a guest."""
    guest: Guest | None = None
    links: tuple[ReviewLink, ...] = ()
    """All by which the guest came to this song: somebody who was sent two may do what either allows."""

    @property
    def member(self) -> bool:
        return self.person is not None

    @property
    def may_comment(self) -> bool:
        return self.member or any(link.may_comment for link in self.links)

    @property
    def may_download(self) -> bool:
        return self.member or any(link.may_download for link in self.links)

    @cached_property
    def sight(self) -> tuple[str, ...] | None:
        """Who has the same sees the same of the song; looked at for each of a thousand listeners."""
        return None if self.member else tuple(link.versions for link in self.links)

    def sees(self, version_id: uuid.UUID, latest: uuid.UUID | None) -> bool:
        return self.member or any(_shows(link, version_id, latest) for link in self.links)

    def to_version(self, version_id: uuid.UUID, latest: uuid.UUID | None) -> "Access":
        """The same visitor with the rights that they have to this version."""
        return replace(self, links=tuple(link for link in self.links if _shows(link, version_id, latest)))


def _shows(link: ReviewLink, version_id: uuid.UUID, latest: uuid.UUID | None) -> bool:
    if link.versions == "latest":
        return version_id == latest
    return link.versions == "all" or str(version_id) in link.versions.split()


def song_to_hear(
    session: Session, given: Credentials, song_id: uuid.UUID, *, removed: bool = False
) -> Access:
    song = session.get(Song, song_id)
    if song is None or (song.removed_at is not None and not removed):
        raise not_found()
    visitor = identify(session, given)
    access = _as_member(session, visitor, song) or _as_guest(visitor, song)
    if access is None:
        raise not_found()
    return access


def song_to_change(
    session: Session, given: Credentials, song_id: uuid.UUID, *, removed: bool = False
) -> Access:
    access = song_to_hear(session, given, song_id, removed=removed)
    _members_only(access, is_removed=access.song.removed_at is not None)
    return access


def version_to_hear(
    session: Session, given: Credentials, version_id: uuid.UUID, *, removed: bool = False
) -> tuple[Access, Version]:
    version = session.get(Version, version_id)
    if version is None or (version.removed_at is not None and not removed):
        raise not_found()
    access, latest = song_to_hear(session, given, version.song_id), latest_id(session, version.song_id)
    if not access.sees(version.id, latest):
        raise not_found()
    return access.to_version(version.id, latest), version


def version_to_change(
    session: Session, given: Credentials, version_id: uuid.UUID, *, removed: bool = False
) -> tuple[Access, Version]:
    access, version = version_to_hear(session, given, version_id, removed=removed)
    _members_only(access, is_removed=version.removed_at is not None)
    return access, version


def version_to_comment_on(
    session: Session, given: Credentials, version_id: uuid.UUID
) -> tuple[Access, Version]:
    access, version = version_to_hear(session, given, version_id)
    if not access.may_comment:
        raise forbidden("This link is for listening only. Ask the band for one that takes comments.")
    return access, version


def visible_versions(session: Session, access: Access) -> list[Version]:
    """Those not removed that this visitor may hear, oldest first."""
    found = select(Version).where(Version.song_id == access.song.id, col(Version.removed_at).is_(None))
    rows = list(session.exec(found.order_by(col(Version.number))))
    latest = rows[-1].id if rows else None
    return [row for row in rows if access.sees(row.id, latest)]


def latest_id(session: Session, song_id: uuid.UUID) -> uuid.UUID | None:
    found = select(Version.id).where(Version.song_id == song_id, col(Version.removed_at).is_(None))
    return session.exec(found.order_by(col(Version.number).desc()).limit(1)).first()


def _members_only(access: Access, *, is_removed: bool) -> None:
    if not access.member:
        # A guest does not learn that there once was something.
        raise not_found() if is_removed else forbidden("Only the band can change this.")


def _as_member(session: Session, visitor: Visitor, song: Song) -> Access | None:
    person = visitor.person
    if person is None or not bands.is_member(session, song.band_id, person.id):
        return None
    return Access(song, author(person.id, "person", person.name), person=person)


def _as_guest(visitor: Visitor, song: Song) -> Access | None:
    here = [(guest, link) for guest, link in visitor.guest_rows if link.song_id == song.id]
    if not here:
        return None
    # Whom they were first, so that what they wrote then is still theirs.
    guest = here[0][0]
    you = author(guest.id, "guest", guest.name)
    return Access(song, you, guest=guest, links=tuple(link for _, link in here))
