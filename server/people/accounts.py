"""Accounts: making one, signing in and out, changing what is in it. Plain actions on a session."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from server.database import now, recheck_rights
from server.errors import AppError, invalid, not_found
from server.people.models import ApiToken, OneTimeAddress, Person, SignIn
from server.people.secrets import hash_of, new_secret

SIGNED_IN_FOR = timedelta(days=90)
_ONE_TIME_FOR = timedelta(days=2)


@dataclass(frozen=True)
class Signed:
    """A person who has just signed in, and the secret for the cookie."""

    person: Person
    secret: str


def add_person(session: Session, *, email: str, name: str, password_hash: str) -> Person:
    person = Person(email=email, name=name, password_hash=password_hash)
    session.add(person)
    try:
        session.flush()
    except IntegrityError:
        # Told by the table, not by looking first: on PostgreSQL two of the same could be made at once.
        sentence = "There is already an account with this e-mail address. Sign in with it instead."
        raise invalid(sentence, email=sentence) from None
    return person


def person_with_email(session: Session, email: str) -> Person | None:
    return session.exec(select(Person).where(Person.email == email)).first()


def there_are_accounts(session: Session) -> bool:
    return session.exec(select(Person.id).limit(1)).first() is not None


def sign_in(session: Session, person: Person, device: str) -> Signed:
    secret = new_secret()
    row = SignIn(
        secret_hash=hash_of(secret),
        person_id=person.id,
        device=device[:200],
        expires_at=now() + SIGNED_IN_FOR,
    )
    session.add(row)
    return Signed(person, secret)


def end_sign_in(session: Session, secret: str) -> None:
    row = session.exec(select(SignIn).where(SignIn.secret_hash == hash_of(secret))).first()
    if row is not None:
        session.delete(row)
        recheck_rights(session)


def end_own(session: Session, person: Person, row: SignIn | ApiToken | None) -> None:
    if row is None or row.person_id != person.id:
        raise not_found()
    session.delete(row)
    recheck_rights(session)


def change_password(session: Session, person: Person, new_hash: str, keep_secret: str | None) -> None:
    """Sets the password and ends every other sign-in: whoever knew the old one is out."""
    person.password_hash = new_hash
    session.add(person)
    for row in session.exec(select(SignIn).where(SignIn.person_id == person.id)):
        if keep_secret is None or row.secret_hash != hash_of(keep_secret):
            session.delete(row)
    recheck_rights(session)


def add_token(session: Session, person: Person, name: str) -> str:
    secret = new_secret()
    session.add(ApiToken(secret_hash=hash_of(secret), person_id=person.id, name=name))
    return secret


def sign_ins_of(session: Session, person_id: uuid.UUID) -> list[SignIn]:
    found = select(SignIn).where(SignIn.person_id == person_id, col(SignIn.expires_at) > now())
    return list(session.exec(found.order_by(col(SignIn.last_seen_at).desc())))


def tokens_of(session: Session, person_id: uuid.UUID) -> list[ApiToken]:
    return list(
        session.exec(
            select(ApiToken).where(ApiToken.person_id == person_id).order_by(col(ApiToken.created_at))
        )
    )


def add_one_time_address(session: Session, person: Person | None, next_page: str = "/") -> str:
    """A secret that signs the person in once, or, without a person, makes the first account."""
    secret = new_secret()
    session.add(
        OneTimeAddress(
            secret_hash=hash_of(secret),
            person_id=person.id if person else None,
            next_page=next_page,
            expires_at=now() + _ONE_TIME_FOR,
        )
    )
    return secret


def open_one_time_address(session: Session, secret: str) -> OneTimeAddress:
    found = select(OneTimeAddress).where(OneTimeAddress.secret_hash == hash_of(secret))
    row = session.exec(found).first()
    if row is None or row.used_at is not None or row.expires_at <= now():
        raise AppError(404, "used", "This address has been used already, or is too old. Ask for a new one.")
    return row


def use_one_time_address(session: Session, secret: str) -> OneTimeAddress:
    row = open_one_time_address(session, secret)
    row.used_at = now()
    session.add(row)
    return row


def open_welcome(session: Session, secret: str) -> None:
    """Raises 404 unless this address may still make the first account."""
    if there_are_accounts(session):
        raise AppError(404, "used", "This Earmark already has an account. Ask for an invitation instead.")
    if open_one_time_address(session, secret).person_id is not None:
        raise not_found()


def first_account(
    session: Session, secret: str, *, email: str, name: str, password_hash: str, device: str
) -> Signed:
    open_welcome(session, secret)
    use_one_time_address(session, secret)
    return sign_in(session, add_person(session, email=email, name=name, password_hash=password_hash), device)
