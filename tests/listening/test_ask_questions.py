"""The band asks up to three questions of a version; what was answered is withdrawn, never rewritten."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from server.database import Database
from server.errors import AppError
from server.events.objects import QuestionShape
from server.listening.answers import NewAnswer, give_answer
from server.listening.models import Answer, Question
from server.listening.questions import ChangedQuestion, NewQuestion, ask, rewrite
from server.listening.suggested import suggested_for
from server.songs.access import version_to_comment_on
from server.stages import STAGES
from tests.cast import Cast, another_version
from tests.databases import at_once, both_databases
from tests.listening.asking import ANSWERS, QUESTIONS, answered, answers, asked, credentials_of, questions

pytestmark = both_databases

Events = Callable[[], list[dict[str, Any]]]


@pytest.mark.parametrize("kind", list(QUESTIONS))
def test_the_band_asks_and_everybody_who_may_hear_reads_it(cast: Cast, events: Events, kind: str) -> None:
    question = asked(cast, kind)

    assert {name: question[name] for name in QUESTIONS[kind]} == QUESTIONS[kind]
    assert (question["version"], question["revision"], question["removed"]) == (str(cast.version), 1, False)
    for anybody in (cast.ada, cast.ben, cast.gil, cast.lou):
        assert questions(anybody, cast.version) == [question]
    assert [(event["type"], event["question"]) for event in events()[1:]] == [("question.added", question)]


def test_sent_twice_it_is_asked_once(cast: Cast, events: Events) -> None:
    address = f"/api/versions/{cast.version}/questions"
    sent = {"id": str(uuid4()), **QUESTIONS["words"]}

    statuses = [cast.ben.post(address, json=sent).status_code for _ in range(2)]

    assert (statuses, len(events())) == ([201, 200], 2)


def test_there_are_three_at_the_most(cast: Cast) -> None:
    first, *_ = [asked(cast, "words") for _ in range(3)]
    address = f"/api/versions/{cast.version}/questions"

    assert cast.ada.post(address, json=QUESTIONS["pad"]).status_code == 409
    cast.ada.delete(f"/api/questions/{first['id']}")
    asked(cast, "pad")
    assert cast.ada.post(f"/api/questions/{first['id']}/restore").status_code == 409
    assert len(questions(cast.gil, cast.version)) == 3


def test_two_of_the_band_who_ask_the_third_at_once_ask_one(cast: Cast, database: Database) -> None:
    for _ in range(2):
        asked(cast, "words")

    def third(session: Any) -> tuple[QuestionShape, bool]:
        access, version = version_to_comment_on(session, credentials_of(cast.ada), cast.version)
        return ask(session, access, version, NewQuestion(kind="words", text="And?"))

    outcomes = at_once(database, third, third)

    assert [isinstance(one, AppError) for one in outcomes] == [False, True]
    assert len(questions(cast.ada, cast.version)) == 3


def test_each_version_has_its_own(cast: Cast, database: Database) -> None:
    newer = another_version(cast, database)
    first, second = asked(cast, "pad"), asked(cast, "words", version=newer)

    assert (questions(cast.gil, cast.version), questions(cast.gil, newer)) == ([first], [second])


def test_it_is_rewritten_until_somebody_answers(cast: Cast, events: Events) -> None:
    question = asked(cast, "words")
    address = f"/api/questions/{question['id']}"

    changed = cast.ben.patch(address, json={"text": "What do you see?"}).json()
    same = cast.ben.patch(address, json={"text": "What do you see?"}).json()
    assert (changed["text"], changed["revision"]) == ("What do you see?", 2)
    assert (same, len(events())) == (changed, 3)

    given = answered(cast.gil, changed)
    assert cast.ada.patch(address, json={"text": "Why?"}).status_code == 409
    # Taken back or not: it can come back.
    cast.gil.delete(f"/api/answers/{given['id']}")
    assert cast.ada.patch(address, json={"text": "Why?"}).status_code == 409
    assert questions(cast.gil, cast.version) == [changed]


def test_an_answer_to_what_was_asked_before_is_refused(cast: Cast) -> None:
    question = asked(cast, "words")
    cast.ada.patch(f"/api/questions/{question['id']}", json={"text": "Something else?"})

    late = cast.gil.post(f"/api/questions/{question['id']}/answers", json={"revision": 1, **ANSWERS["words"]})

    assert (late.status_code, late.json()["error"]["code"]) == (409, "rewritten")


def test_an_answer_and_a_rewriting_at_once_never_both_happen(cast: Cast, database: Database) -> None:
    question = asked(cast, "words")
    id, given = UUID(question["id"]), credentials_of(cast.gil)

    def answer(session: Any) -> Any:
        row = session.get_one(Question, id)
        access, version = version_to_comment_on(session, given, cast.version)
        return give_answer(session, access, version, row, NewAnswer(revision=1, body="Yes"))

    def change(session: Any) -> Any:
        return rewrite(session, session.get_one(Question, id), ChangedQuestion(text="Not that?"))

    for first, second in ((answer, change), (change, answer)):
        outcomes = at_once(database, first, second)
        assert [isinstance(one, AppError) for one in outcomes] == [False, True]
        database.write(lambda session: _begin_again(session, id))


def _begin_again(session: Any, question: UUID) -> None:
    for answer in session.exec(select(Answer)):
        session.delete(answer)
    row = session.get_one(Question, question)
    row.revision, row.text = 1, "And?"
    session.add(row)


def test_what_was_withdrawn_comes_back_with_its_answers(cast: Cast, events: Events) -> None:
    question = asked(cast, "pad")
    given = answered(cast.gil, question)
    address = f"/api/questions/{question['id']}"

    assert [cast.ben.delete(address).status_code for _ in range(2)] == [204, 204]
    assert (questions(cast.gil, cast.version), answers(cast.ada, cast.version)) == ([], [])
    assert cast.ada.patch(address, json={"text": "x"}).status_code == 404

    restored = [cast.ada.post(f"{address}/restore").json() for _ in range(2)]
    assert restored == [question, question]
    assert answers(cast.ada, cast.version) == [given]
    # A page loaded in between has never heard of the answer, so it is told again.
    assert [event["type"] for event in events()[1:]] == [
        "question.added",
        "answer.added",
        "question.removed",
        "question.added",
        "answer.added",
    ]


def test_only_the_band_asks(cast: Cast) -> None:
    question = asked(cast, "pad")
    one, many = f"/api/questions/{question['id']}", f"/api/versions/{cast.version}/questions"
    for who, refused in ((cast.gil, 403), (cast.lou, 403), (cast.cleo, 404), (cast.stranger, 404)):
        tried = [
            who.post(many, json=QUESTIONS["words"]),
            who.patch(one, json={"text": "x"}),
            who.delete(one),
            who.post(f"{one}/restore"),
            who.get(f"{many}/suggested"),
        ]
        assert [answer.status_code for answer in tried] == [refused] * 5
    cast.ada.delete(one)
    for who in (cast.gil, *cast.outsiders):
        assert who.post(f"{one}/restore").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "dance"},
        {"text": ""},
        {"text": "x" * 121},
        {"text": 3},
        {"kind": "slider"},
        {"kind": "slider", "part": "x" * 41},
        {"kind": "slider", "part": " "},
        {"id": "no id"},
        {"extra": 1},
    ],
)
def test_what_is_no_question_is_refused(cast: Cast, events: Events, wrong: dict[str, Any]) -> None:
    address = f"/api/versions/{cast.version}/questions"

    assert cast.ada.post(address, json=QUESTIONS["words"] | wrong).status_code == 422
    assert len(events()) == 1


def test_an_id_of_another_version_is_taken(cast: Cast, database: Database) -> None:
    question = asked(cast, "pad")
    newer = another_version(cast, database)

    taken = cast.ada.post(f"/api/versions/{newer}/questions", json=QUESTIONS["pad"] | {"id": question["id"]})

    assert taken.status_code == 409


@pytest.mark.parametrize("stage", [stage.key for stage in STAGES])
def test_each_stage_has_questions_that_can_be_asked_as_they_are(cast: Cast, stage: str) -> None:
    cast.ada.patch(f"/api/versions/{cast.version}", json={"stage": stage})
    address = f"/api/versions/{cast.version}/questions"

    suggested = cast.ada.get(f"{address}/suggested").json()["items"]

    assert len(suggested) == len(suggested_for(stage)) >= 4
    assert "moment" in {one["kind"] for one in suggested}
    for one in suggested:
        wording = one if one["part"] else {"kind": one["kind"], "text": one["text"]}
        question = cast.ada.post(address, json=wording)
        assert question.status_code == 201, question.text
        cast.ada.delete(f"/api/questions/{question.json()['id']}")
