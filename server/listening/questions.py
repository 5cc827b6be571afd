"""What the band asks its listeners: up to three questions for a version. Row and event are one transaction."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlmodel import Session, col, select

from server.database import new_id, now
from server.errors import AppError, invalid
from server.events import log
from server.events.objects import QuestionKind, QuestionShape
from server.events.types import QuestionEvent
from server.fields import Form, Title
from server.listening.models import Answer, Question
from server.songs.access import Access
from server.songs.models import Version

MOST = 3
"""More than that, and nobody answers any of them."""

Id = Annotated[UUID, Field(strict=False)]
Part = Annotated[Title, StringConstraints(max_length=40)]


class NewQuestion(Form):
    """The client makes the id, so a question sent twice is asked once."""

    id: Id = Field(default_factory=new_id)
    kind: QuestionKind
    text: Title
    part: Part | None = None


class ChangedQuestion(Form):
    kind: QuestionKind | None = None
    text: Title | None = None
    part: Part | None = None


def ask(session: Session, access: Access, version: Version, form: NewQuestion) -> tuple[QuestionShape, bool]:
    """The question, and whether it is new: one sent before is given back."""
    there = session.get(Question, form.id)
    if there is not None:
        if there.version_id != version.id:
            raise AppError(409, "taken", "Another question has this id already; make a new one.")
        return question_shape(there), False
    _room_for_one(session, version)
    assert access.person is not None
    question = Question(
        id=form.id,
        song_id=version.song_id,
        version_id=version.id,
        asked_by=access.person.id,
        kind=form.kind,
        text=form.text,
        part=_part(form.kind, form.part),
    )
    return _saved(session, question, "question.added"), True


def rewrite(session: Session, question: Question, form: ChangedQuestion) -> QuestionShape:
    """Only while nobody has answered: an answer stays one to what was asked."""
    kind = form.kind or question.kind
    new = (kind, form.text or question.text, _part(kind, form.part or question.part))
    if new == (question.kind, question.text, question.part):
        return question_shape(question)
    if session.exec(select(Answer.id).where(Answer.question_id == question.id).limit(1)).first():
        raise AppError(
            409, "answered", "Somebody has answered this already. Withdraw it and ask another one instead."
        )
    question.kind, question.text, question.part = new
    question.revision += 1
    return _saved(session, question, "question.changed")


def withdraw(session: Session, question: Question) -> None:
    """Its answers are kept, and come back with it."""
    if question.removed_at is None:
        question.removed_at = now()
        _saved(session, question, "question.removed")


def questions_of(session: Session, version_id: UUID) -> list[QuestionShape]:
    """In the order in which they were asked."""
    found = select(Question).where(Question.version_id == version_id, col(Question.removed_at).is_(None))
    rows = session.exec(found.order_by(col(Question.created_at), col(Question.id)))
    return [question_shape(row) for row in rows]


def restore(session: Session, version: Version, question: Question) -> QuestionShape:
    if question.removed_at is None:
        return question_shape(question)
    _room_for_one(session, version)
    question.removed_at = None
    return _saved(session, question, "question.added")


def question_shape(question: Question) -> QuestionShape:
    return QuestionShape.model_validate(
        {
            **question.model_dump(include={"id", "kind", "text", "part", "revision", "created_at"}),
            "song": question.song_id,
            "version": question.version_id,
            "removed": question.removed_at is not None,
        }
    )


def _room_for_one(session: Session, version: Version) -> None:
    if len(questions_of(session, version.id)) >= MOST:
        raise AppError(409, "enough", f"A version has up to {MOST} questions. Withdraw one of them first.")


def _part(kind: str, part: str | None) -> str:
    if kind != "slider":
        return ""
    if not part:
        raise invalid("Say what of the song the loudness is about.", part="Which part, such as the bass?")
    return part


def _saved(session: Session, question: Question, kind: str) -> QuestionShape:
    session.add(question)
    session.flush()
    shape = question_shape(question)
    log.append(session, question.song_id, QuestionEvent.model_validate({"type": kind, "question": shape}))
    return shape
