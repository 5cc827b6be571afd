"""Blind tests: made, voted in, revealed, taken away, brought back. Which side is X is different for every listener."""

import hmac
import secrets
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from pydantic import AfterValidator, Field, model_validator
from sqlmodel import Session, col, select

from server.compare.models import BlindTest, BlindVote
from server.compare.odds import chance_of, verdict
from server.database import now
from server.difference.side_by_side import LONGEST_SECONDS, SHORTEST_SECONDS
from server.errors import AppError
from server.events import log
from server.events.objects import Author, BlindTestShape, Shape, author
from server.events.types import BlindTestEvent
from server.fields import Form, PageForm, Question, Seconds
from server.people.models import Guest, Person
from server.songs.access import Access
from server.songs.models import Version

QUESTION = "Which one do you prefer?"
Side = Literal["x", "y"]
Choice = Literal["x", "y", "same"]
Id = Annotated[UUID, Field(strict=False)]


class NewBlindTest(Form):
    """`at` and `until` are seconds of A."""

    a: Id
    b: Id
    at: Seconds
    until: Seconds
    question: Annotated[Question, AfterValidator(lambda text: text or QUESTION)] = QUESTION

    @model_validator(mode="after")
    def _is_a_test(self) -> "NewBlindTest":
        if self.a == self.b:
            raise ValueError("A blind test needs two different versions")
        if not SHORTEST_SECONDS <= self.until - self.at <= LONGEST_SECONDS:
            raise ValueError(
                f"Choose {SHORTEST_SECONDS:g} to {LONGEST_SECONDS:g} seconds: a few bars, to be heard over and over"
            )
        return self


class Vote(Form):
    choice: Choice


class VoteForm(PageForm):
    """The same from a page without scripts."""

    choice: Choice


class Ballot(Shape):
    voter: Author
    choice: Literal["a", "b", "same"]


class BlindResult(Shape):
    """`chance` is the exact probability of votes at least as clear, from people who hear no difference."""

    a: int
    b: int
    same: int
    a_number: int
    b_number: int
    x: Literal["a", "b"]
    """Which of the two you heard as X."""
    ballots: list[Ballot]
    chance: float
    sentence: str


class BlindTestDetail(BlindTestShape):
    yours: Choice | None
    may_vote: bool
    result: BlindResult | None
    """None until the band reveals it."""


def add_blind_test(session: Session, access: Access, id: UUID, form: NewBlindTest) -> BlindTest:
    assert access.person is not None
    test = BlindTest(
        id=id,
        song_id=access.song.id,
        a_id=form.a,
        b_id=form.b,
        at=form.at,
        until=form.until,
        question=form.question,
        shuffle_key=secrets.token_hex(16),
        created_by=access.person.id,
    )
    _saved(session, test, "blind-test.added")
    return test


def vote(session: Session, access: Access, test: BlindTest, choice: Choice) -> None:
    """Once for each listener; said again, it replaces what they said before."""
    if test.revealed_at is not None:
        raise AppError(409, "revealed", "The answer is out, so the votes are closed.")
    told_apart = choice if choice == "same" else version_behind(test, access.you.id, choice)
    before = _vote_of(session, test, access)
    if before is not None:
        before.choice, before.voted_at = told_apart, now()
        session.add(before)
        return
    session.add(
        BlindVote(
            test_id=test.id,
            person_id=access.person.id if access.person else None,
            guest_id=access.guest.id if access.guest else None,
            choice=told_apart,
        )
    )
    _saved(session, test, "blind-test.changed")


def reveal(session: Session, test: BlindTest) -> None:
    if test.revealed_at is None:
        test.revealed_at = now()
        _saved(session, test, "blind-test.changed")


def remove_blind_test(session: Session, test: BlindTest) -> None:
    if test.removed_at is None:
        test.removed_at = now()
        _saved(session, test, "blind-test.removed")


def restore_blind_test(session: Session, test: BlindTest) -> None:
    if test.removed_at is not None:
        test.removed_at = None
        _saved(session, test, "blind-test.changed")


def blind_tests_of(session: Session, song_id: UUID, heard: set[UUID]) -> list[BlindTestShape]:
    """Newest first; those between two versions that the visitor may hear."""
    found = select(BlindTest).where(BlindTest.song_id == song_id, col(BlindTest.removed_at).is_(None))
    rows = session.exec(found.order_by(col(BlindTest.created_at).desc(), col(BlindTest.id)))
    return [shape(session, test) for test in rows if {test.a_id, test.b_id} <= heard]


def version_behind(test: BlindTest, listener: UUID, side: Side) -> Literal["a", "b"]:
    """Which version this listener hears as X or Y."""
    swapped = _digest(test, str(listener))[0] & 1 == 1
    return "b" if swapped == (side == "x") else "a"


def etag(test: BlindTest, listener: UUID, side: Side) -> str:
    """A name for those bytes that tells nobody else's, and nothing of which version it is."""
    return _digest(test, f"{listener} {side}").hex()[:32]


def shape(session: Session, test: BlindTest) -> BlindTestShape:
    votes = session.exec(select(sa.func.count()).select_from(BlindVote).where(BlindVote.test_id == test.id))
    return BlindTestShape(
        id=test.id,
        song=test.song_id,
        a=test.a_id,
        b=test.b_id,
        at=test.at,
        until=test.until,
        question=test.question,
        votes=votes.one(),
        created_at=test.created_at,
        revealed=test.revealed_at is not None,
        removed=test.removed_at is not None,
    )


def detail(session: Session, access: Access, test: BlindTest) -> BlindTestDetail:
    mine = _vote_of(session, test, access)
    return BlindTestDetail(
        **shape(session, test).model_dump(),
        yours=_as_heard(test, access.you.id, mine.choice) if mine else None,
        may_vote=access.may_comment,
        result=_result(session, access, test) if test.revealed_at is not None else None,
    )


def _result(session: Session, access: Access, test: BlindTest) -> BlindResult:
    cast = select(BlindVote).where(BlindVote.test_id == test.id).order_by(col(BlindVote.voted_at))
    ballots = [
        Ballot.model_validate({"voter": _voter(session, row), "choice": row.choice})
        for row in session.exec(cast)
    ]
    a, b, same = (sum(ballot.choice == choice for ballot in ballots) for choice in ("a", "b", "same"))
    a_number, b_number = (session.get_one(Version, id).number for id in (test.a_id, test.b_id))
    return BlindResult(
        a=a,
        b=b,
        same=same,
        a_number=a_number,
        b_number=b_number,
        x=version_behind(test, access.you.id, "x"),
        ballots=ballots,
        chance=float(chance_of(a, b)),
        sentence=verdict(a, b, same, f"v{a_number}", f"v{b_number}"),
    )


def _digest(test: BlindTest, what: str) -> bytes:
    return hmac.digest(bytes.fromhex(test.shuffle_key), what.encode(), "sha256")


def _as_heard(test: BlindTest, listener: UUID, told_apart: str) -> Choice:
    if told_apart == "same":
        return "same"
    return "x" if version_behind(test, listener, "x") == told_apart else "y"


def _vote_of(session: Session, test: BlindTest, access: Access) -> BlindVote | None:
    who = (
        BlindVote.person_id == access.person.id
        if access.person
        else col(BlindVote.guest_id) == (access.guest.id if access.guest else None)
    )
    return session.exec(select(BlindVote).where(BlindVote.test_id == test.id, who)).first()


def _voter(session: Session, row: BlindVote) -> Author:
    if row.person_id is not None:
        person = session.get_one(Person, row.person_id)
        return author(person.id, "person", person.name)
    guest = session.get_one(Guest, row.guest_id)
    return author(guest.id, "guest", guest.name)


def _saved(session: Session, test: BlindTest, kind: str) -> None:
    session.add(test)
    session.flush()
    event = BlindTestEvent.model_validate({"type": kind, "blind_test": shape(session, test)})
    log.append(session, test.song_id, event)
