"""Answers of listeners, band and guests alike. Row and event are one transaction."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlmodel import Session, col, or_, select

from server.database import new_id, now
from server.errors import AppError, invalid
from server.events import log
from server.events.objects import AnswerShape
from server.events.types import AnswerEvent
from server.fields import Body, Form, Seconds
from server.listening.models import Answer, Question
from server.listening.questions import Id
from server.people.authors import author_of
from server.songs.access import Access
from server.songs.models import Version

MOST_MOMENTS = 20
# A player's idea of a file's length and ours differ by a few milliseconds at its very end.
_PAST_THE_END = 0.5
_NEEDED = {
    "moment": frozenset({"at"}),
    "pad": frozenset({"across", "away"}),
    "slider": frozenset({"loudness"}),
    "words": frozenset({"body"}),
}
_VALUES = ("at", "across", "away", "loudness", "body")


class NewAnswer(Form):
    """The client makes the id, so an answer sent twice is given once. `revision`: of the question that was read."""

    id: Id = Field(default_factory=new_id)
    revision: int
    at: Seconds | None = None
    across: Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)] | None = None
    away: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    loudness: Annotated[int, Field(ge=-100, le=100)] | None = None
    body: Body | None = None

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name in _VALUES if (value := getattr(self, name)) is not None}


def give_answer(
    session: Session, access: Access, version: Version, question: Question, form: NewAnswer
) -> tuple[AnswerShape, bool]:
    """The answer, and whether it is new: one sent before is given back, whatever became of it since.

    To all but a moment one listener has one answer: the later takes the place of the earlier. One to a question that
    was withdrawn meanwhile is kept: who gave it without a network could not know.
    """
    there = session.get(Answer, form.id)
    if there is not None:
        if there.question_id != question.id or not is_own(access, there):
            raise AppError(409, "taken", "Another answer has this id already; make a new one.")
        return answer_shape(session, there), False
    _check(version, question, form)
    _give_way(session, access, question)
    answer = Answer(
        id=form.id,
        question_id=question.id,
        song_id=question.song_id,
        version_id=question.version_id,
        person_id=access.person.id if access.person else None,
        guest_id=access.guest.id if access.guest else None,
        **form.values,
    )
    return _saved(session, answer, "answer.added"), True


def take_back(session: Session, answer: Answer) -> None:
    if answer.removed_at is None:
        answer.removed_at = now()
        _saved(session, answer, "answer.removed")


def bring_back(session: Session, access: Access, question: Question, answer: Answer) -> AnswerShape:
    """In the place of one that was given since."""
    if answer.removed_at is None:
        return answer_shape(session, answer)
    _give_way(session, access, question)
    answer.removed_at = None
    return _saved(session, answer, "answer.added")


def answers_of(session: Session, version_id: UUID, *, only_of: UUID | None = None) -> list[AnswerShape]:
    """To the questions that stand, in the order in which they were given; everybody's, or one listener's."""
    found = (
        select(Answer)
        .join(Question, col(Question.id) == Answer.question_id)
        .where(
            Answer.version_id == version_id,
            col(Answer.removed_at).is_(None),
            col(Question.removed_at).is_(None),
        )
    )
    if only_of is not None:
        found = found.where(or_(Answer.person_id == only_of, Answer.guest_id == only_of))
    rows = session.exec(found.order_by(col(Answer.created_at), col(Answer.id)))
    return [answer_shape(session, row) for row in rows]


def tell_again(session: Session, question: Question) -> None:
    """With a question that is brought back its answers are there again: a page loaded meanwhile knows none of them."""
    found = select(Answer).where(Answer.question_id == question.id, col(Answer.removed_at).is_(None))
    for answer in session.exec(found.order_by(col(Answer.created_at), col(Answer.id))):
        _saved(session, answer, "answer.added")


def is_own(access: Access, answer: Answer) -> bool:
    return access.you.id in (answer.person_id, answer.guest_id)


def answer_shape(session: Session, answer: Answer) -> AnswerShape:
    return AnswerShape.model_validate(
        {
            **answer.model_dump(include={"id", "created_at", *_VALUES}),
            "question": answer.question_id,
            "song": answer.song_id,
            "version": answer.version_id,
            "author": author_of(session, answer.person_id, answer.guest_id),
            "removed": answer.removed_at is not None,
        }
    )


def _check(version: Version, question: Question, form: NewAnswer) -> None:
    if form.revision != question.revision:
        raise AppError(409, "rewritten", "The question was changed meanwhile. Please read it again.")
    wrong = _NEEDED[question.kind] ^ form.values.keys()
    if wrong:
        needed = " and ".join(sorted(_NEEDED[question.kind]))
        raise invalid(f"An answer to this question has {needed}.", **dict.fromkeys(wrong, f"Give {needed}."))
    if form.at is not None and version.duration is not None and form.at > version.duration + _PAST_THE_END:
        raise invalid("That second is after the end of the song.", at="After the end of the song.")


def _give_way(session: Session, access: Access, question: Question) -> None:
    """Makes room for one more answer of this listener."""
    who = access.person or access.guest
    assert who is not None
    found = select(Answer).where(
        Answer.question_id == question.id,
        Answer.person_id == who.id if access.person else Answer.guest_id == who.id,
        col(Answer.removed_at).is_(None),
    )
    before = list(session.exec(found))
    if question.kind != "moment":
        for answer in before:
            take_back(session, answer)
    elif len(before) >= MOST_MOMENTS:
        raise AppError(409, "enough", f"{MOST_MOMENTS} moments are enough. Take one of them back first.")


def _saved(session: Session, answer: Answer, kind: str) -> AnswerShape:
    session.add(answer)
    session.flush()
    shape = answer_shape(session, answer)
    log.append(session, answer.song_id, AnswerEvent.model_validate({"type": kind, "answer": shape}))
    return shape
