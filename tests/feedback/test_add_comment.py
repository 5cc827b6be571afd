from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from server.feedback.models import Comment
from tests.cast import Cast
from tests.databases import both_databases

pytestmark = both_databases

Events = Callable[[], list[dict[str, Any]]]
Count = Callable[[type[Comment]], int]


def address(cast: Cast) -> str:
    return f"/api/versions/{cast.version}/comments"


def test_a_member_comments_at_a_second(cast: Cast, events: Events) -> None:
    id = str(uuid4())

    answer = cast.ben.post(
        address(cast), json={"id": id, "at": 12.3456, "body": "  Too loud here\r\nand here "}
    )

    assert answer.status_code == 201
    comment = answer.json()
    assert comment["id"] == id
    assert comment["at"] == 12.346
    assert comment["until"] is None
    assert comment["body"] == "Too loud here\nand here"
    assert comment["author"]["name"] == "Ben"
    assert comment["author"]["kind"] == "person"
    assert cast.ada.get(address(cast)).json()["items"] == [comment]
    assert [(event["type"], event["comment"]) for event in events()[1:]] == [("comment.added", comment)]


def test_a_guest_comments_over_a_range(cast: Cast) -> None:
    answer = cast.gil.post(address(cast), json={"at": 10, "until": 14.5, "body": "Lovely"})

    assert answer.status_code == 201
    assert (answer.json()["at"], answer.json()["until"]) == (10, 14.5)
    assert answer.json()["author"] == {
        **answer.json()["author"],
        "id": str(cast.gil_id),
        "kind": "guest",
        "name": "Gil",
    }


def test_a_guest_whose_link_is_for_listening_is_refused(cast: Cast, count: Count) -> None:
    answer = cast.lou.post(address(cast), json={"at": 1, "body": "hello"})

    assert answer.status_code == 403
    assert "listening only" in answer.json()["error"]["message"]
    assert count(Comment) == 0


def test_outsiders_are_told_there_is_nothing(cast: Cast, count: Count) -> None:
    for outsider in cast.outsiders:
        assert outsider.post(address(cast), json={"at": 1, "body": "hello"}).status_code == 404
    assert count(Comment) == 0


def test_sent_twice_it_exists_once(cast: Cast, events: Events, count: Count) -> None:
    comment = {"id": str(uuid4()), "at": 3.0, "body": "Once"}

    first = cast.gil.post(address(cast), json=comment)
    second = cast.gil.post(address(cast), json=comment)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert count(Comment) == 1
    assert len([event for event in events() if event["type"] == "comment.added"]) == 1


def test_an_id_that_belongs_to_somebody_else_is_refused(cast: Cast) -> None:
    comment = {"id": str(uuid4()), "at": 3.0, "body": "Mine"}
    cast.gil.post(address(cast), json=comment)

    answer = cast.ben.post(address(cast), json=comment)

    assert answer.status_code == 409
    assert "new one" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"body": "   "}, "body"),
        ({"body": "x" * 5001}, "body"),
        ({"body": "nul \x00 in it"}, "body"),
        ({"body": 7}, "body"),
        ({"at": -1}, "at"),
        ({"at": 1e300}, "at"),
        ({"at": "1:23"}, "at"),
        ({"at": 61}, "at"),
        ({"until": 2}, "until"),
        ({"id": "not-an-id"}, "id"),
        ({"reply_to": str(uuid4())}, "reply_to"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_nonsense_is_named(cast: Cast, count: Count, wrong: dict[str, Any], field: str) -> None:
    answer = cast.ben.post(address(cast), json={"at": 3, "body": "fine"} | wrong)

    assert answer.status_code == 422
    assert field in answer.json()["error"]["details"]["fields"]
    assert count(Comment) == 0


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"at": NaN, "body": "x"}', b'{"at":1,"body":"\\ud800"}', b"\xff"]
)
def test_what_is_no_comment_at_all_is_refused(cast: Cast, content: bytes) -> None:
    answer = cast.ben.post(address(cast), content=content, headers={"content-type": "application/json"})

    assert answer.status_code == 422
    assert answer.json()["error"]["message"]


def test_a_form_where_json_is_wanted_is_refused(cast: Cast) -> None:
    assert cast.ben.post(address(cast), data={"at": "1", "body": "x"}).status_code == 415


def test_a_wrong_method_is_refused(cast: Cast) -> None:
    assert cast.ben.put(address(cast), json={}).status_code == 405


def test_the_log_counts_without_a_gap(cast: Cast, events: Events) -> None:
    for number in range(5):
        cast.ben.post(address(cast), json={"at": number, "body": str(number)})

    assert [event["seq"] for event in events()] == [1, 2, 3, 4, 5, 6]
