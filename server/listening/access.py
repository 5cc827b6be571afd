"""Which question or answer, and whether this visitor may change it."""

import uuid

from sqlmodel import Session

from server.errors import forbidden, not_found
from server.listening.answers import is_own
from server.listening.first_listen import only_of
from server.listening.models import Answer, Question
from server.people.visitors import Credentials
from server.songs.access import Access, version_to_change, version_to_comment_on, version_to_hear
from server.songs.models import Version


def question_to_change(
    session: Session, given: Credentials, id: uuid.UUID, *, removed: bool = False
) -> tuple[Version, Question]:
    question = session.get(Question, id)
    if question is None:
        raise not_found()
    if question.removed_at is not None:
        # Of what was withdrawn a guest learns nothing.
        access, _ = version_to_hear(session, given, question.version_id)
        if not (removed and access.member):
            raise not_found()
    return version_to_change(session, given, question.version_id)[1], question


def question_to_answer(
    session: Session, given: Credentials, id: uuid.UUID
) -> tuple[Access, Version, Question]:
    question = session.get(Question, id)
    if question is None:
        raise not_found()
    return *version_to_comment_on(session, given, question.version_id), question


def answer_to_change(session: Session, given: Credentials, id: uuid.UUID) -> tuple[Access, Question, Answer]:
    """One's own: nobody takes back what somebody else said."""
    answer = session.get(Answer, id)
    if answer is None:
        raise not_found()
    access, version = version_to_hear(session, given, answer.version_id)
    if not is_own(access, answer):
        if answer.removed_at is not None or only_of(session, access, version) is not None:
            raise not_found()
        raise forbidden("This is somebody else's answer; only they can take it back.")
    if not access.may_comment:
        raise forbidden("This link is for listening only now.")
    return access, session.get_one(Question, answer.question_id), answer
