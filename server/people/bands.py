"""Bands, who is in them, and the invitations that let people in."""

import uuid
from datetime import timedelta

from sqlmodel import Session, col, select

from server.database import now, recheck_rights
from server.errors import AppError, forbidden, not_found
from server.people.models import Band, Invitation, Membership, Person
from server.people.secrets import hash_of, new_secret

_INVITED_FOR = timedelta(days=14)


def add_band(session: Session, name: str, founder: Person) -> Band:
    band = Band(name=name)
    session.add(band)
    session.flush()
    add_member(session, band.id, founder.id, role="owner")
    return band


def add_member(session: Session, band_id: uuid.UUID, person_id: uuid.UUID, role: str = "member") -> None:
    """Joining twice is harmless."""
    if not is_member(session, band_id, person_id):
        session.add(Membership(band_id=band_id, person_id=person_id, role=role))
        session.flush()


def membership(session: Session, band_id: uuid.UUID, person_id: uuid.UUID) -> Membership | None:
    found = select(Membership).where(Membership.band_id == band_id, Membership.person_id == person_id)
    return session.exec(found).first()


def is_member(session: Session, band_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    return membership(session, band_id, person_id) is not None


def bands_of(session: Session, person_id: uuid.UUID) -> list[Band]:
    found = select(Band).join(Membership, col(Membership.band_id) == col(Band.id))
    return list(session.exec(found.where(Membership.person_id == person_id).order_by(Band.name)))


def member_and_band(session: Session, band_id: uuid.UUID, person: Person | None) -> tuple[Person, Band]:
    """For a member only; to anyone else there is no such band."""
    band = session.get(Band, band_id)
    if band is None or person is None or not is_member(session, band_id, person.id):
        raise not_found()
    return person, band


def members_of(session: Session, band_id: uuid.UUID) -> list[tuple[Person, Membership]]:
    found = select(Person, Membership).join(Membership, col(Membership.person_id) == col(Person.id))
    return list(session.exec(found.where(Membership.band_id == band_id).order_by(Person.name)))


def end_membership(session: Session, band: Band, person_id: uuid.UUID, *, by: Person) -> None:
    """Somebody leaves, or an owner takes them out; the last owner stays, or nobody could run the band."""
    row = membership(session, band.id, person_id)
    if row is None:
        raise not_found()
    if not may_end(session, row, by):
        raise forbidden("Only the band's owner can take somebody else out of it.")
    if is_last_owner(session, row):
        raise AppError(409, "last_owner", "This is the band's only owner, so they cannot be taken out.")
    session.delete(row)
    recheck_rights(session)


def may_end(session: Session, row: Membership, by: Person) -> bool:
    mine = membership(session, row.band_id, by.id)
    return mine is not None and (row.person_id == by.id or mine.role == "owner")


def is_last_owner(session: Session, row: Membership) -> bool:
    owners = [m for _, m in members_of(session, row.band_id) if m.role == "owner"]
    return row.role == "owner" and len(owners) == 1


def invite(session: Session, band: Band, inviter: Person, note: str) -> str:
    """The secret of a new invitation."""
    secret = new_secret()
    session.add(
        Invitation(
            secret_hash=hash_of(secret),
            band_id=band.id,
            invited_by=inviter.id,
            note=note,
            expires_at=now() + _INVITED_FOR,
        )
    )
    return secret


def open_invitations(session: Session, band_id: uuid.UUID) -> list[Invitation]:
    found = select(Invitation).where(
        Invitation.band_id == band_id, col(Invitation.used_at).is_(None), col(Invitation.expires_at) > now()
    )
    return list(session.exec(found.order_by(col(Invitation.created_at))))


def open_invitation(session: Session, secret: str) -> Invitation:
    found = select(Invitation).where(Invitation.secret_hash == hash_of(secret))
    row = session.exec(found).first()
    if row is None or row.used_at is not None or row.expires_at <= now():
        raise AppError(
            404, "used", "This invitation has been used, withdrawn, or is too old. Ask for a new one."
        )
    return row


def accept_invitation(session: Session, secret: str, person: Person) -> Invitation:
    """Makes the person a member. Somebody who is one already does not use the invitation up."""
    row = open_invitation(session, secret)
    if not is_member(session, row.band_id, person.id):
        row.used_at = now()
        session.add(row)
        add_member(session, row.band_id, person.id)
    return row


def withdraw_invitation(session: Session, invitation_id: uuid.UUID, person: Person | None) -> Invitation:
    row = session.get(Invitation, invitation_id)
    if row is None:
        raise not_found()
    member_and_band(session, row.band_id, person)
    session.delete(row)
    return row


def band_named(session: Session, name: str) -> Band | None:
    return session.exec(select(Band).where(Band.name == name).order_by(col(Band.created_at)).limit(1)).first()
