"""Everybody who may comment answers, once each save for moments; the latest counts, and each can be taken back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from server.database import Database
from server.listening.answers import MOST_MOMENTS, NewAnswer, give_answer
from server.listening.models import Answer, Question
from server.songs.access import version_to_comment_on
from tests.cast import Cast
from tests.databases import at_once, both_databases
from tests.listening.asking import ANSWERS, answered, answers, asked, credentials_of

pytestmark = both_databases

Events = Callable[[], list[dict[str, Any]]]
Count = Callable[[type[Answer]], int]
EMPTY = dict.fromkeys(("at", "across", "away", "loudness", "body"))


@pytest.mark.parametrize("kind", list(ANSWERS))
def test_members_and_guests_answer_and_all_see_it(cast: Cast, events: Events, kind: str) -> None:
    question = asked(cast, kind)

    given = [answered(who, question) for who in (cast.gil, cast.ben)]

    assert [{name: one[name] for name in EMPTY} for one in given] == [EMPTY | ANSWERS[kind]] * 2
    assert [(one["author"]["name"], one["author"]["kind"]) for one in given] == [
        ("Gil", "guest"),
        ("Ben", "person"),
    ]
    for anybody in (cast.ada, cast.gil, cast.lou):
        assert answers(anybody, cast.version) == given
    assert [(event["type"], event["answer"]) for event in events()[2:]] == [
        ("answer.added", one) for one in given
    ]


def test_sent_twice_it_is_given_once(cast: Cast, events: Events, count: Count) -> None:
    question = asked(cast, "slider")
    sent = {"id": str(uuid4()), "revision": 1, "loudness": -30}

    tried = [cast.gil.post(f"/api/questions/{question['id']}/answers", json=sent) for _ in range(2)]

    assert [answer.status_code for answer in tried] == [201, 200]
    assert tried[0].json() == tried[1].json()
    assert (count(Answer), len(events())) == (1, 3)


@pytest.mark.parametrize("kind", ["pad", "slider", "words"])
def test_a_later_answer_takes_the_place_of_the_earlier(cast: Cast, events: Events, kind: str) -> None:
    question = asked(cast, kind)
    first = answered(cast.gil, question)
    others = answered(cast.ben, question)
    second = answered(cast.gil, question)

    assert answers(cast.ada, cast.version) == [others, second]
    assert [(event["type"], event["answer"]["id"]) for event in events()[4:]] == [
        ("answer.removed", first["id"]),
        ("answer.added", second["id"]),
    ]
    # The first one, sent once more over a bad line, changes nothing.
    again = {"id": first["id"], "revision": 1, **ANSWERS[kind]}
    assert cast.gil.post(f"/api/questions/{question['id']}/answers", json=again).json()["removed"] is True
    assert answers(cast.ada, cast.version) == [others, second]


def test_moments_add_up_until_they_are_enough(cast: Cast) -> None:
    question = asked(cast, "moment")
    for number in range(MOST_MOMENTS):
        answered(cast.gil, question, at=float(number))

    more = cast.gil.post(f"/api/questions/{question['id']}/answers", json={"revision": 1, "at": 50.0})

    assert more.status_code == 409
    assert len(answers(cast.ada, cast.version)) == MOST_MOMENTS
    answered(cast.ben, question)


def test_two_answers_at_once_are_one(cast: Cast, database: Database) -> None:
    question, given = asked(cast, "slider"), credentials_of(cast.gil)

    def answer(session: Any) -> Any:
        row = session.get_one(Question, UUID(question["id"]))
        access, version = version_to_comment_on(session, given, cast.version)
        return give_answer(session, access, version, row, NewAnswer(revision=1, loudness=10))

    outcomes = at_once(database, answer, answer)

    assert not any(isinstance(one, Exception) for one in outcomes)
    assert len(answers(cast.ada, cast.version)) == 1


def test_one_takes_ones_own_back_and_brings_it_back(cast: Cast) -> None:
    question = asked(cast, "pad")
    given = answered(cast.gil, question)
    one = f"/api/answers/{given['id']}"

    assert [cast.gil.delete(one).status_code for _ in range(2)] == [204, 204]
    assert answers(cast.ada, cast.version) == []
    assert [cast.gil.post(f"{one}/restore").json() for _ in range(2)] == [given, given]
    assert answers(cast.ada, cast.version) == [given]


def test_brought_back_it_takes_the_place_of_the_newer(cast: Cast) -> None:
    question = asked(cast, "slider")
    first = answered(cast.gil, question, loudness=-80)
    answered(cast.gil, question, loudness=80)

    cast.gil.post(f"/api/answers/{first['id']}/restore")

    assert [one["loudness"] for one in answers(cast.ada, cast.version)] == [-80]


def test_nobody_takes_back_somebody_elses(cast: Cast) -> None:
    given = answered(cast.gil, asked(cast, "words"))
    one = f"/api/answers/{given['id']}"

    for path in ("DELETE", one), ("POST", f"{one}/restore"):
        assert [who.request(*path).status_code for who in (cast.ada, cast.lou)] == [403, 403]
        assert [who.request(*path).status_code for who in cast.outsiders] == [404, 404]
    assert answers(cast.ada, cast.version) == [given]


def test_who_may_only_listen_does_not_answer_and_outsiders_find_nothing(cast: Cast, count: Count) -> None:
    question = asked(cast, "words")
    sent = {"revision": 1, "body": "Me too"}

    tried = [
        who.post(f"/api/questions/{question['id']}/answers", json=sent).status_code
        for who in (cast.lou, cast.cleo, cast.stranger)
    ]

    assert (tried, count(Answer)) == ([403, 404, 404], 0)


def test_an_answer_given_in_a_tunnel_to_what_was_withdrawn_meanwhile_is_kept(cast: Cast) -> None:
    question = asked(cast, "words")
    cast.ada.delete(f"/api/questions/{question['id']}")

    given = answered(cast.gil, question)

    assert answers(cast.ada, cast.version) == []
    cast.ada.post(f"/api/questions/{question['id']}/restore")
    assert answers(cast.ada, cast.version) == [given]


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("moment", {}),
        ("moment", {"at": -1.0}),
        ("moment", {"at": 61.0}),
        ("moment", {"at": 1.0, "body": "x"}),
        ("pad", {"across": 0.0}),
        ("pad", {"across": 1.01, "away": 0.5}),
        ("pad", {"across": 0.5, "away": -0.01}),
        ("pad", {"loudness": 3}),
        ("slider", {"loudness": 101}),
        ("slider", {"loudness": 0.5}),
        ("slider", {"loudness": "loud"}),
        ("words", {"body": " "}),
        ("words", {"body": "x" * 5001}),
        ("words", {"body": "x", "revision": "1"}),
        ("words", {"body": "x", "extra": 1}),
    ],
)
def test_what_is_no_answer_to_this_question_is_refused(
    cast: Cast, count: Count, kind: str, wrong: dict[str, Any]
) -> None:
    question = asked(cast, kind)

    refused = cast.gil.post(f"/api/questions/{question['id']}/answers", json={"revision": 1, **wrong})

    assert (refused.status_code, count(Answer)) == (422, 0)


def test_the_page_is_drawn_with_them(cast: Cast) -> None:
    given = answered(cast.gil, asked(cast, "words"))

    assert given["id"] in cast.lou.get(f"/songs/{cast.song}").text
