"""Which blind test, and whether this visitor may hear, vote in or end it."""

from uuid import UUID

from sqlmodel import Session

from server.compare.models import BlindTest
from server.errors import forbidden, not_found
from server.people.visitors import Credentials
from server.songs.access import Access, version_to_comment_on, version_to_hear


def blind_test_to_hear(
    session: Session, given: Credentials, id: UUID, *, removed: bool = False
) -> tuple[Access, BlindTest]:
    """For who may hear both of its versions."""
    test = session.get(BlindTest, id)
    if test is None or (test.removed_at is not None and not removed):
        raise not_found()
    version_to_hear(session, given, test.a_id)
    return version_to_hear(session, given, test.b_id)[0], test


def blind_test_to_vote_in(session: Session, given: Credentials, id: UUID) -> tuple[Access, BlindTest]:
    _, test = blind_test_to_hear(session, given, id)
    return version_to_comment_on(session, given, test.b_id)[0], test


def blind_test_to_change(
    session: Session, given: Credentials, id: UUID, *, removed: bool = False
) -> tuple[Access, BlindTest]:
    access, test = blind_test_to_hear(session, given, id, removed=removed)
    if not access.member:
        # A guest does not learn that there once was something.
        raise not_found() if test.removed_at is not None else forbidden("Only the band can change this.")
    return access, test
