from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, SQLModel
from starlette.testclient import TestClient

from server.compare import blind_tests
from server.compare.blind_access import blind_test_to_change, blind_test_to_vote_in
from server.compare.models import BlindTest, BlindVote
from server.database import Database
from server.errors import AppError
from server.people.visitors import GUEST_COOKIE, SIGN_IN_COOKIE, Credentials
from tests.cast import Cast
from tests.compare.blind import guests
from tests.compare.test_hear_blind_test import is_the_sine
from tests.databases import at_once, both_databases

Count = Callable[[type[SQLModel]], int]


def for_version(listener: TestClient, address: str, version: str) -> dict[str, Any]:
    """Votes for the sine (A) or the noise (B)."""
    letter = "x" if is_the_sine(listener, address, "x") == (version == "a") else "y"
    answer = listener.put(f"{address}/vote", json={"choice": letter})
    assert answer.status_code == 200, answer.text
    voted: dict[str, Any] = answer.json()
    return voted


@both_databases
def test_five_of_five(
    client: TestClient,
    cast: Cast,
    database: Database,
    address: str,
    events: Callable[[], list[dict[str, Any]]],
) -> None:
    for guest in guests(client, cast, database, 5):
        for_version(guest, address, "b")

    answer = cast.ben.post(f"{address}/reveal").json()

    result = answer["result"]
    assert (result["a"], result["b"], result["same"]) == (0, 5, 0)
    assert (result["a_number"], result["b_number"]) == (2, 3)
    assert result["chance"] == 1 / 16  # 2 · (1/2)^5
    assert result["sentence"] == (
        "5 of 5 preferred v3. By pure chance that happens 1 time in 16: a strong hint."
    )
    assert [ballot["voter"]["name"] for ballot in result["ballots"]] == [f"Guest {n}" for n in range(5)]
    assert {ballot["choice"] for ballot in result["ballots"]} == {"b"}
    assert answer["revealed"] is True
    assert events()[-1]["blind_test"] == {
        name: value for name, value in answer.items() if name not in ("yours", "may_vote", "result")
    }


def test_everybody_is_told_what_they_heard(cast: Cast, address: str) -> None:
    for_version(cast.ada, address, "a")
    for_version(cast.gil, address, "b")
    cast.ben.put(f"{address}/vote", json={"choice": "same"})
    cast.ada.post(f"{address}/reveal")

    for listener in (cast.ada, cast.ben, cast.gil, cast.lou):
        result = listener.get(address).json()["result"]
        assert result["x"] == ("a" if is_the_sine(listener, address, "x") else "b")
        assert (result["a"], result["b"], result["same"]) == (1, 1, 1)
        assert [(ballot["voter"]["name"], ballot["choice"]) for ballot in result["ballots"]] == [
            ("Ada", "a"),
            ("Gil", "b"),
            ("Ben", "same"),
        ]
        assert result["sentence"] == "1 preferred v2 and 1 preferred v3: a draw. 1 heard no difference."


@both_databases
def test_after_the_reveal_no_vote_counts(cast: Cast, address: str, count: Count) -> None:
    cast.gil.put(f"{address}/vote", json={"choice": "x"})
    cast.ada.post(f"{address}/reveal")
    before = cast.gil.get(address).json()

    for voter in (cast.gil, cast.ben):
        answer = voter.put(f"{address}/vote", json={"choice": "y"})
        assert answer.status_code == 409
        assert answer.json()["error"]["message"] == "The answer is out, so the votes are closed."

    assert cast.gil.get(address).json() == before
    assert count(BlindVote) == 1


@both_databases
def test_no_vote_slips_in_while_it_is_being_revealed(cast: Cast, address: str, database: Database) -> None:
    id = UUID(cast.ada.get(address).json()["id"])
    ada = Credentials(sign_in=cast.ada.cookies[SIGN_IN_COOKIE])
    gil = Credentials(guest=cast.gil.cookies[GUEST_COOKIE])

    def reveal(session: Session) -> str:
        blind_tests.reveal(session, blind_test_to_change(session, ada, id)[1])
        return "revealed"

    def vote(session: Session) -> str:
        access, test = blind_test_to_vote_in(session, gil, id)
        blind_tests.vote(session, access, test, "x")
        return "voted"

    first, second = at_once(database, reveal, vote)

    assert first == "revealed"
    assert isinstance(second, AppError)
    assert second.status == 409
    assert cast.ada.get(address).json()["votes"] == 0


@both_databases
def test_two_clicks_at_once_are_one_vote(cast: Cast, address: str, database: Database, count: Count) -> None:
    id = UUID(cast.ada.get(address).json()["id"])
    gil = Credentials(guest=cast.gil.cookies[GUEST_COOKIE])

    def vote(session: Session) -> str:
        access, test = blind_test_to_vote_in(session, gil, id)
        blind_tests.vote(session, access, test, "x")
        return "voted"

    assert at_once(database, vote, vote) == ["voted", "voted"]
    assert count(BlindVote) == 1


def test_revealed_twice_stays_as_it_was(
    cast: Cast, address: str, events: Callable[[], list[dict[str, Any]]]
) -> None:
    first = cast.ada.post(f"{address}/reveal").json()
    logged = len(events())

    assert cast.ada.post(f"{address}/reveal").json() == first
    assert len(events()) == logged
    assert first["result"]["sentence"] == "Nobody has voted."


@pytest.mark.parametrize(("name", "status"), [("gil", 403), ("lou", 403), ("cleo", 404), ("stranger", 404)])
def test_only_the_band_reveals(cast: Cast, address: str, name: str, status: int) -> None:
    assert getattr(cast, name).post(f"{address}/reveal").status_code == status
    assert cast.ada.get(address).json()["revealed"] is False


@both_databases
def test_taken_away_and_brought_back_with_its_votes(
    cast: Cast, address: str, count: Count, events: Callable[[], list[dict[str, Any]]]
) -> None:
    cast.gil.put(f"{address}/vote", json={"choice": "x"})
    before = cast.gil.get(address).json()

    for _ in range(2):
        assert cast.ben.delete(address).status_code == 204
    assert (events()[-1]["type"], events()[-1]["blind_test"]["removed"]) == ("blind-test.removed", True)
    for listener in (cast.ada, cast.gil):
        assert listener.get(address).status_code == 404
        assert listener.get(f"{address}/audio/x").status_code == 404
        assert listener.put(f"{address}/vote", json={"choice": "y"}).status_code == 404
        assert listener.get(f"/api/songs/{cast.song}/blind-tests").json()["items"] == []
    assert cast.gil.post(f"{address}/restore").status_code == 404
    assert cast.gil.delete(address).status_code == 404
    assert cast.ada.post(f"{address}/reveal").status_code == 404

    assert cast.ada.post(f"{address}/restore").status_code == 200
    assert cast.gil.get(address).json() == before
    assert events()[-1]["type"] == "blind-test.changed"
    assert count(BlindTest) == 1


def test_guests_take_none_away(cast: Cast, address: str) -> None:
    for guest in (cast.gil, cast.lou):
        assert guest.delete(address).status_code == 403
        assert guest.post(f"{address}/restore").status_code == 403
    for outsider in cast.outsiders:
        assert outsider.delete(address).status_code == 404
        assert outsider.post(f"{address}/restore").status_code == 404
    assert cast.gil.get(address).status_code == 200
