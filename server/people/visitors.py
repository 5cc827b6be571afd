"""Who is asking: told from a bearer token, the sign-in cookie and the guest cookie of a request or socket."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select
from starlette.requests import HTTPConnection

from server.database import now
from server.errors import sign_in_first
from server.people.models import ApiToken, Guest, Person, ReviewLink, SignIn
from server.people.secrets import hash_of

SIGN_IN_COOKIE = "earmark_sign_in"
GUEST_COOKIE = "earmark_guest"


@dataclass(frozen=True)
class Credentials:
    """The secrets that a request carries, not yet looked at."""

    bearer: str | None = None
    sign_in: str | None = None
    guest: str | None = None


@dataclass(frozen=True)
class Visitor:
    """Whoever is asking; `guest_rows` are the links this browser came by, still open, in that order."""

    person: Person | None
    guest_rows: tuple[tuple[Guest, ReviewLink], ...] = ()


def credentials(connection: HTTPConnection) -> Credentials:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else None
    return Credentials(bearer, connection.cookies.get(SIGN_IN_COOKIE), connection.cookies.get(GUEST_COOKIE))


def identify(session: Session, given: Credentials) -> Visitor:
    """A token that is wrong makes a stranger, whatever cookies come with it."""
    if given.bearer is not None:
        return Visitor(_person_of_token(session, given.bearer))
    person = _person_of_sign_in(session, given.sign_in) if given.sign_in else None
    return Visitor(person, _guest_rows(session, given.guest) if given.guest else ())


def is_open(link: ReviewLink, at: datetime) -> bool:
    return link.revoked_at is None and (link.expires_at is None or link.expires_at > at)


def sign_in_row(session: Session, secret: str) -> SignIn | None:
    row = session.exec(select(SignIn).where(SignIn.secret_hash == hash_of(secret))).first()
    return row if row is not None and row.expires_at > now() else None


def _person_of_sign_in(session: Session, secret: str) -> Person | None:
    row = sign_in_row(session, secret)
    return session.get(Person, row.person_id) if row else None


def _person_of_token(session: Session, secret: str) -> Person | None:
    row = token_row(session, secret)
    return session.get(Person, row.person_id) if row else None


def token_row(session: Session, secret: str) -> ApiToken | None:
    return session.exec(select(ApiToken).where(ApiToken.secret_hash == hash_of(secret))).first()


def _guest_rows(session: Session, secret: str) -> tuple[tuple[Guest, ReviewLink], ...]:
    found = (
        select(Guest, ReviewLink)
        .join(ReviewLink, col(ReviewLink.id) == col(Guest.link_id))
        .where(Guest.secret_hash == hash_of(secret), col(Guest.ended_at).is_(None))
        .order_by(col(Guest.created_at), col(Guest.id))
    )
    moment = now()
    return tuple((guest, link) for guest, link in session.exec(found) if is_open(link, moment))


def person_asking(session: Session, given: Credentials) -> Person:
    person = identify(session, given).person
    if person is None:
        raise sign_in_first()
    return person
