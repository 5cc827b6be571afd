"""Whoever may hear both versions may compare them; to everybody else there is nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import SQLModel
from starlette.testclient import TestClient, WebSocketTestSession

from server.compare.models import Comparison
from server.database import Database
from tests.cast import Cast, another_version, browser
from tests.databases import both_databases
from tests.sockets import hello

pytestmark = both_databases
Count = Callable[[type[SQLModel]], int]


@pytest.fixture
def second(cast: Cast, database: Database) -> UUID:
    return another_version(cast, database)


@pytest.fixture
def hanna(client: TestClient, cast: Cast, second: UUID) -> TestClient:
    """In by a link to the second version alone."""
    made = cast.ada.post(f"/api/songs/{cast.song}/links", json={"versions": [str(second)]})
    new = browser(client)
    assert new.post(made.json()["url"], data={"name": "Hanna"}).status_code == 200
    return new


def calls(a: UUID, b: UUID) -> tuple[str, str]:
    pair = f"a={a}&b={b}"
    return f"/api/compare?{pair}", f"/api/compare/difference?{pair}&start=0&end=1"


def test_the_band_and_its_guests_may(cast: Cast, second: UUID) -> None:
    for who in (cast.ada, cast.ben, cast.gil, cast.lou):
        compare, only_what_changed = calls(cast.version, second)
        assert who.get(compare).status_code == 202
        assert who.get(only_what_changed).json()["error"]["code"] == "not_compared_yet"


def test_who_only_looks_has_nothing_made(cast: Cast, second: UUID, count: Count) -> None:
    assert cast.ada.head(calls(cast.version, second)[0]).status_code == 202
    assert cast.ada.head(f"/api/songs/{cast.song}/story").status_code == 200
    assert count(Comparison) == 0


def test_asked_by_many_it_is_made_once(cast: Cast, second: UUID, count: Count) -> None:
    answers = [who.get(calls(cast.version, second)[0]).json() for who in (cast.ada, cast.ben, cast.gil)]

    assert len({answer["comparison"]["id"] for answer in answers}) == 1
    assert count(Comparison) == 1


def test_outsiders_are_told_there_is_nothing(cast: Cast, second: UUID, count: Count) -> None:
    for outsider in cast.outsiders:
        for call in (*calls(cast.version, second), f"/api/songs/{cast.song}/story"):
            assert outsider.get(call).status_code == 404
    assert count(Comparison) == 0


def test_who_may_hear_only_one_of_the_two_is_told_there_is_nothing(
    cast: Cast, second: UUID, hanna: TestClient, count: Count
) -> None:
    for a, b in ((cast.version, second), (second, cast.version)):
        for call in calls(a, b):
            assert hanna.get(call).status_code == 404
    assert hanna.get(calls(second, second)[0]).status_code == 202
    assert hanna.get(f"/api/songs/{cast.song}/story").json() == {"items": [], "next": None}
    assert count(Comparison) == 1


def test_and_hears_nothing_of_it_on_the_socket(
    cast: Cast, second: UUID, hanna: TestClient, database: Database
) -> None:
    with hanna.websocket_connect(f"ws://earmark.test/api/songs/{cast.song}/live") as socket:
        hello(socket)
        asked = cast.ada.get(calls(cast.version, second)[0]).json()["comparison"]
        message = next_event(socket)

    assert message == {"seq": message["seq"], "type": "hidden"}
    assert asked["a"] == str(cast.version)


def next_event(socket: WebSocketTestSession) -> dict[str, Any]:
    """The next message from the log; who is here is told between."""
    while True:
        frame = socket.receive_json()
        for message in frame if isinstance(frame, list) else [frame]:
            if "seq" in message:
                event: dict[str, Any] = message
                return event


def test_versions_of_two_songs_are_not_compared(cast: Cast, second: UUID, database: Database) -> None:
    other_song = cast.ada.post("/api/songs", json={"title": "Day Train"}).json()["id"]
    stranger = another_version(replace(cast, song=UUID(other_song)), database)
    assert cast.ada.get(f"/api/versions/{stranger}").status_code == 200

    for a, b in ((cast.version, stranger), (stranger, second), (cast.version, uuid4())):
        assert cast.ada.get(calls(a, b)[0]).status_code == 404


def test_a_version_that_was_taken_away_is_not_compared(cast: Cast, second: UUID, database: Database) -> None:
    assert cast.ada.get(calls(cast.version, second)[0]).status_code == 202
    cast.ada.delete(f"/api/versions/{second}")

    assert cast.ada.get(calls(cast.version, second)[0]).status_code == 404
    cast.ada.post(f"/api/versions/{second}/restore")
    assert cast.ada.get(calls(cast.version, second)[0]).status_code == 202
