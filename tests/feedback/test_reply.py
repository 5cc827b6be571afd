from collections.abc import Callable
from typing import Any

from server.database import Database
from tests.cast import Cast, another_version
from tests.databases import both_databases
from tests.feedback.saying import listed, said

pytestmark = both_databases


def test_a_reply_stands_at_the_second_of_what_it_answers(cast: Cast) -> None:
    first = said(cast.gil, cast, at=12.5, until=14)

    reply = said(cast.ada, cast, "Pulling it down", at=0, reply_to=first["id"])

    assert (reply["at"], reply["until"], reply["reply_to"]) == (12.5, None, first["id"])


def test_a_reply_to_a_reply_joins_the_thread(cast: Cast) -> None:
    first = said(cast.gil, cast)
    reply = said(cast.ada, cast, "Where?", reply_to=first["id"])

    assert said(cast.gil, cast, "In the bridge", reply_to=reply["id"])["reply_to"] == first["id"]


def test_what_is_gone_or_elsewhere_cannot_be_answered(cast: Cast, database: Database) -> None:
    gone, elsewhere = said(cast.gil, cast), said(cast.gil, cast, version=another_version(cast, database))
    cast.gil.delete(f"/api/comments/{gone['id']}")

    for parent in (gone, elsewhere):
        reply = {"at": 1, "body": "What?", "reply_to": parent["id"]}
        answer = cast.ada.post(f"/api/versions/{cast.version}/comments", json=reply)
        assert answer.status_code == 422
        assert "not there any more" in answer.json()["error"]["message"]


def test_taking_a_comment_away_takes_its_replies_along_and_back(cast: Cast) -> None:
    first = said(cast.gil, cast)
    reply = said(cast.ada, cast, "Where?", reply_to=first["id"])

    cast.gil.delete(f"/api/comments/{first['id']}")
    assert listed(cast.ada, cast) == []

    cast.gil.post(f"/api/comments/{first['id']}/restore")
    assert [comment["id"] for comment in listed(cast.ada, cast)] == sorted([first["id"], reply["id"]])


def test_the_reply_is_an_event(cast: Cast, events: Callable[[], list[dict[str, Any]]]) -> None:
    first = said(cast.gil, cast)
    reply = said(cast.ada, cast, "Where?", reply_to=first["id"])

    assert events()[-1]["type"] == "comment.added"
    assert events()[-1]["comment"] == reply
