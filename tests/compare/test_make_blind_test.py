from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import SQLModel

from server.compare.models import BlindTest
from server.database import Database
from server.settings import Settings
from tests.cast import Cast, another_version
from tests.compare.blind import SECONDS, Pair, asked, compared, pair
from tests.databases import both_databases
from tests.sound.signals import sine

Count = Callable[[type[SQLModel]], int]


@both_databases
def test_the_band_makes_one(
    cast: Cast, versions: Pair, events: Callable[[], list[dict[str, Any]]], settings: Settings
) -> None:
    made = asked(cast.ben, cast, versions, question="Which verse is  clearer?")

    assert made | {"id": 0, "created_at": 0} == {
        "id": 0,
        "song": str(cast.song),
        "a": str(versions.a),
        "b": str(versions.b),
        "at": 2.0,
        "until": 8.0,
        "question": "Which verse is clearer?",
        "votes": 0,
        "created_at": 0,
        "revealed": False,
        "removed": False,
    }
    last = events()[-1]
    assert (last["type"], last["blind_test"]) == ("blind-test.added", made)
    assert list(settings.staging.iterdir()) == []


def test_without_a_question_it_asks_the_usual_one(cast: Cast, versions: Pair) -> None:
    assert asked(cast.ada, cast, versions, question=" ")["question"] == "Which one do you prefer?"


@both_databases
def test_they_are_listed_newest_first(cast: Cast, versions: Pair) -> None:
    made = [asked(cast.ada, cast, versions, at=float(second)) for second in (1, 2, 3)]

    for listener in (cast.ben, cast.gil, cast.lou):
        listed = listener.get(f"/api/songs/{cast.song}/blind-tests").json()
        assert listed == {"items": made[::-1], "next": None}


def test_who_may_not_hear_both_is_not_told_of_it(cast: Cast, test: dict[str, Any]) -> None:
    only_one = {"versions": [test["a"]], "name": "one"}
    url = cast.ada.post(f"/api/songs/{cast.song}/links", json=only_one).json()["url"]
    cast.stranger.post("/r/" + url.rpartition("/")[2], data={"name": "Hal"})

    assert cast.stranger.get(f"/api/versions/{test['a']}").status_code == 200
    assert cast.stranger.get(f"/api/songs/{cast.song}/blind-tests").json()["items"] == []
    for path in ("", "/audio/x", "/audio/y"):
        assert cast.stranger.get(f"/api/blind-tests/{test['id']}{path}").status_code == 404
    vote = cast.stranger.put(f"/api/blind-tests/{test['id']}/vote", json={"choice": "x"})
    assert vote.status_code == 404


@both_databases
def test_guests_make_none(cast: Cast, versions: Pair, count: Count) -> None:
    wanted = {"a": str(versions.a), "b": str(versions.b), "at": 2, "until": 8}
    statuses = {
        name: getattr(cast, name).post(f"/api/songs/{cast.song}/blind-tests", json=wanted).status_code
        for name in ("gil", "lou", "cleo", "stranger")
    }

    assert statuses == {"gil": 403, "lou": 403, "cleo": 404, "stranger": 404}
    assert count(BlindTest) == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"until": 2.0}, "1 to 60 seconds"),
        ({"until": 1.0}, "1 to 60 seconds"),
        ({"until": 62.5}, "1 to 60 seconds"),
        ({"at": -1}, "greater than or equal to 0"),
        ({"at": "2"}, "number"),
        ({"at": None}, "number"),
        ({"b": "same as a"}, "two different versions"),
        ({"b": "no id"}, "UUID"),
        ({"question": "?" * 201}, "200"),
        ({"question": "\x00"}, "control characters"),
        ({"winner": "a"}, "Extra"),
        ({"at": 20.0, "until": 25.0}, "Choose a part that both versions have"),
    ],
)
def test_what_cannot_be_is_named(
    cast: Cast, versions: Pair, count: Count, change: dict[str, Any], says: str
) -> None:
    if change.get("b") == "same as a":
        change = {"b": str(versions.a)}
    wanted = {"a": str(versions.a), "b": str(versions.b), "at": 2, "until": 8} | change

    answer = cast.ada.post(f"/api/songs/{cast.song}/blind-tests", json=wanted)

    assert answer.status_code == 422
    assert says in answer.json()["error"]["message"]
    assert count(BlindTest) == 0


def test_a_version_of_another_song_is_none_of_this_one(
    cast: Cast, versions: Pair, database: Database
) -> None:
    other = cast.ada.post("/api/songs", json={"title": "Another"}).json()["id"]
    wanted = {"a": str(versions.a), "b": str(versions.b), "at": 2, "until": 8}

    assert cast.ada.post(f"/api/songs/{other}/blind-tests", json=wanted).status_code == 404
    gone = wanted | {"b": str(uuid4())}
    assert cast.ada.post(f"/api/songs/{cast.song}/blind-tests", json=gone).status_code == 404


@pytest.mark.parametrize(
    ("status", "says"),
    [("preparing", "in a moment"), ("failed", "No music in it. Try again"), (None, "in a moment")],
)
def test_two_that_are_not_compared_have_to_wait(
    cast: Cast, database: Database, status: str | None, says: str
) -> None:
    two = Pair(cast.version, another_version(cast, database))
    if status:
        compared(cast, database, two, status=status)
    wanted = {"a": str(two.a), "b": str(two.b), "at": 2, "until": 8}

    answer = cast.ada.post(f"/api/songs/{cast.song}/blind-tests", json=wanted)

    assert answer.status_code == 409
    assert says in answer.json()["error"]["message"]


def test_two_that_nobody_compared_are_compared_then(
    cast: Cast, database: Database, events: Callable[[], list[dict[str, Any]]]
) -> None:
    two = Pair(cast.version, another_version(cast, database))
    wanted = {"a": str(two.a), "b": str(two.b), "at": 2, "until": 8}

    assert cast.gil.post(f"/api/songs/{cast.song}/blind-tests", json=wanted).status_code == 403
    assert "comparison.added" not in {event["type"] for event in events()}
    for _ in range(2):
        assert cast.ada.post(f"/api/songs/{cast.song}/blind-tests", json=wanted).status_code == 409

    added = [event["comparison"] for event in events() if event["type"] == "comparison.added"]
    assert [(one["a"], one["b"], one["status"]) for one in added] == [(str(two.a), str(two.b), "preparing")]


def test_a_recording_that_cannot_be_decoded_makes_no_test(
    cast: Cast, database: Database, count: Count
) -> None:
    two = Pair(cast.version, another_version(cast, database))
    compared(cast, database, two)
    wanted = {"a": str(two.a), "b": str(two.b), "at": 2, "until": 8}

    answer = cast.ada.post(f"/api/songs/{cast.song}/blind-tests", json=wanted)

    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == "This is not an audio file Earmark can read."
    assert count(BlindTest) == 0


@pytest.mark.parametrize(
    ("segments", "at", "until", "possible"),
    [
        ([(0, 5, 0, 5), (5, 12, 8, 15)], 3, 6, False),  # three seconds came in between
        ([(0, 5, 0, 5), (8, 12, 5, 9)], 4, 9, False),  # three seconds went
        ([(0, 5, 7, 12), (5, 12, 0, 7)], 4, 7, False),  # the two halves changed places
        ([(0, 5, 0, 5), (5, 12, 8, 15)], 5.5, 9, True),
        ([(0, 5, 0, 5), (5.01, 12, 5.03, 12.02)], 3, 7, True),  # a joint nobody hears
        ([(2, 12, 0, 10)], 1, 5, False),  # begins before B does
        ([(0, 10, 0, 10)], 6, 11, False),  # ends after B does
    ],
)
def test_only_what_both_have_in_one_go(
    cast: Cast,
    database: Database,
    tmp_path: Path,
    segments: list[tuple[float, float, float, float]],
    at: float,
    until: float,
    possible: bool,
) -> None:
    sound = sine(441.0, SECONDS, dbfs=-20.0)
    two = pair(cast, database, tmp_path, sound, sound * 0.5, segments=segments)
    wanted = {"a": str(two.a), "b": str(two.b), "at": at, "until": until}

    answer = cast.ada.post(f"/api/songs/{cast.song}/blind-tests", json=wanted)

    assert answer.status_code == (201 if possible else 422)
    if not possible:
        assert "Choose a part that both versions have" in answer.json()["error"]["message"]


def test_a_removed_version_takes_its_tests_along_and_brings_them_back(
    cast: Cast, test: dict[str, Any], address: str
) -> None:
    cast.ada.delete(f"/api/versions/{test['b']}")
    assert cast.ada.get(f"/api/songs/{cast.song}/blind-tests").json()["items"] == []
    assert cast.ada.get(address).status_code == 404

    cast.ada.post(f"/api/versions/{test['b']}/restore")
    assert cast.ada.get(address).json()["id"] == test["id"]


def test_a_test_that_never_was(cast: Cast) -> None:
    for path in ("", "/audio/x"):
        assert cast.ada.get(f"/api/blind-tests/{uuid4()}{path}").status_code == 404
    assert cast.ada.get(f"/api/songs/{UUID(int=0)}/blind-tests").status_code == 404
