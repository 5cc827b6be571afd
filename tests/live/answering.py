"""Answers in the random schedules: what people gave, and whether every page, the log and the database agree on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from server.events.models import LoggedEvent
from server.listening.answers import answer_shape
from server.listening.models import Answer, Question

Json = dict[str, Any]
ANSWERING = ("answer", "unanswer", "reanswer")


@dataclass
class Answered:
    """What one person gave: to the slider only the last counts, of moments all that were not taken back."""

    slider: str | None = None
    moments: dict[str, bool] = field(default_factory=dict)

    def note(self, what: str, answer: Json) -> None:
        id = answer["id"]
        if answer["kind"] == "moment":
            self.moments[id] = what != "unanswer"
        elif what != "unanswer":
            self.slider = id
        elif self.slider == id:
            self.slider = None

    @property
    def there(self) -> set[str]:
        moments = {id for id, there in self.moments.items() if there}
        return moments | {self.slider} if self.slider else moments


def add_questions(session: Session, song: UUID, version: UUID, person: UUID) -> None:
    """Before the page is opened, so that there is something to answer; no part of the log."""
    about: Json = {"song_id": song, "version_id": version, "asked_by": person, "text": "?"}
    session.add(Question(id=UUID(int=song.int ^ 1), kind="slider", part="it", **about))
    session.add(Question(id=UUID(int=song.int ^ 2), kind="moment", part="", **about))


def compare_answers(
    session: Session, song: UUID, events: list[LoggedEvent], dumps: list[Json], given: list[Answered]
) -> None:
    rows = session.exec(select(Answer).where(Answer.song_id == song).order_by(col(Answer.id))).all()
    kept = {str(row.id): answer_shape(session, row).model_dump(mode="json") for row in rows}
    told = {event.body["answer"]["id"]: event.body["answer"] for event in events if "answer" in event.body}
    assert told == kept, "the log tells of other answers than the database holds"
    there = {id: one for id, one in kept.items() if not one["removed"]}
    for who, dump in enumerate(dumps):
        assert {one["id"]: one for one in dump["answers"]} == there, f"page {who} shows other answers"
        own = {id for id, one in there.items() if one["author"]["id"] == dump["you"]}
        assert own == given[who].there, f"page {who}: given is {given[who].there}, kept is {own}"
