"""Review links: made, shown, ended, brought back; and the guests who come by one."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlmodel import Session, col, select

from server.database import now, recheck_rights
from server.errors import AppError, invalid, not_found
from server.events.objects import Shape
from server.fields import Form, Label, Moment, Password
from server.people.models import Guest, ReviewLink
from server.people.secrets import hash_of, new_secret
from server.people.visitors import Credentials, is_open
from server.songs.access import Access, song_to_change
from server.songs.models import Song, Version

WhichVersions = Literal["all", "latest"] | list[Annotated[uuid.UUID, Field(strict=False)]]


class NewLink(Form):
    name: Label = ""
    password: Password | None = None
    expires_at: Moment | None = None
    may_comment: bool = True
    may_download: bool = False
    versions: WhichVersions = "all"


class LinkShape(Shape):
    id: uuid.UUID
    song: uuid.UUID
    name: str
    may_comment: bool
    may_download: bool
    has_password: bool
    expires_at: datetime | None
    expired: bool
    versions: WhichVersions
    created_at: datetime
    revoked_at: datetime | None
    guests: int
    last_used_at: datetime | None


class MadeLink(LinkShape):
    """The one answer that holds the link's address: afterwards only its hash is kept."""

    url: str
    qr: str


def add_link(
    session: Session, access: Access, form: NewLink, password_hash: str | None
) -> tuple[ReviewLink, str]:
    """The link, and its secret."""
    if form.expires_at is not None and form.expires_at <= now():
        raise invalid("The link would end before it begins.", expires_at="This moment has passed already.")
    assert access.person is not None
    secret = new_secret()
    link = ReviewLink(
        secret_hash=hash_of(secret),
        song_id=access.song.id,
        name=form.name,
        password_hash=password_hash,
        may_comment=form.may_comment,
        may_download=form.may_download,
        versions=_written(session, access.song, form.versions),
        created_by=access.person.id,
        expires_at=form.expires_at,
    )
    session.add(link)
    session.flush()
    return link, secret


def links_of(session: Session, song_id: uuid.UUID) -> list[LinkShape]:
    found = (
        select(ReviewLink).where(ReviewLink.song_id == song_id).order_by(col(ReviewLink.created_at).desc())
    )
    return [link_shape(session, link) for link in session.exec(found)]


def link_to_change(session: Session, given: Credentials, link_id: uuid.UUID) -> ReviewLink:
    link = session.get(ReviewLink, link_id)
    if link is None:
        raise not_found()
    song_to_change(session, given, link.song_id)
    return link


def revoke_link(session: Session, link: ReviewLink) -> None:
    link.revoked_at = link.revoked_at or now()
    session.add(link)
    recheck_rights(session)


def restore_link(session: Session, link: ReviewLink) -> None:
    """The same address works again: it may be in twenty people's hands already."""
    link.revoked_at = None
    session.add(link)


def link_behind(session: Session, secret: str) -> ReviewLink:
    """The open link with this secret; raises 404, saying why where there was one."""
    link = session.exec(select(ReviewLink).where(ReviewLink.secret_hash == hash_of(secret))).first()
    if link is None:
        raise not_found()
    if not is_open(link, now()):
        raise AppError(404, "link_ended", "This link has ended. Ask whoever sent it for a new one.")
    song = session.get_one(Song, link.song_id)
    if song.removed_at is not None:
        raise not_found()
    return link


def let_in(session: Session, link: ReviewLink, name: str, secret: str | None) -> str:
    """Make the listener a guest of this link; answers the browser's secret, a new one if it had none."""
    known = _guests_with(session, secret) if secret else []
    if secret is None or not known:
        # Never one that the browser brought along: somebody else may have put it there.
        secret, known = new_secret(), []
    guest = next((row for row, to in known if to.id == link.id), None)
    guest = guest or Guest(secret_hash=hash_of(secret), link_id=link.id, name=name)
    guest.ended_at = None
    for row in [guest, *(row for row, to in known if to.song_id == link.song_id)]:
        row.name = name
    link.last_used_at = now()
    session.add_all([guest, link])
    return secret


def _guests_with(session: Session, secret: str) -> list[tuple[Guest, ReviewLink]]:
    found = select(Guest, ReviewLink).join(ReviewLink, col(ReviewLink.id) == col(Guest.link_id))
    return list(session.exec(found.where(Guest.secret_hash == hash_of(secret))))


def link_shape(session: Session, link: ReviewLink) -> LinkShape:
    guests = session.exec(select(sa.func.count()).select_from(Guest).where(Guest.link_id == link.id)).one()
    return LinkShape(
        **link.model_dump(include=set(LinkShape.model_fields) - {"versions"}),
        expired=link.expires_at is not None and link.expires_at <= now(),
        song=link.song_id,
        has_password=link.password_hash is not None,
        versions=_read(link.versions),
        guests=guests,
    )


def _written(session: Session, song: Song, versions: WhichVersions) -> str:
    if isinstance(versions, str):
        return versions
    known = set(session.exec(select(Version.id).where(Version.song_id == song.id)))
    if not versions or not set(versions) <= known:
        sentence = "Choose versions of this song."
        raise invalid(sentence, versions=sentence)
    return " ".join(str(id) for id in versions)


def _read(versions: str) -> WhichVersions:
    if versions == "all" or versions == "latest":
        return versions  # type: ignore[return-value]
    return [uuid.UUID(id) for id in versions.split()]
