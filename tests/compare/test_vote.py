from collections.abc import Callable
from typing import Any

from sqlmodel import Session, SQLModel, select
from starlette.testclient import TestClient

from server.compare.models import BlindVote
from server.database import Database
from tests.cast import Cast
from tests.compare.blind import guests
from tests.compare.test_hear_blind_test import is_the_sine
from tests.databases import both_databases

Count = Callable[[type[SQLModel]], int]
MANY = 30  # a coin for each decides what they hear as X: so many never all hear the same


def choices(database: Database) -> list[str]:
    return database.read(lambda session: sorted(session.exec(select(BlindVote.choice)).all()))


@both_databases
def test_band_and_guests_vote_and_see_how_many_did(
    cast: Cast, address: str, events: Callable[[], list[dict[str, Any]]]
) -> None:
    for number, (voter, choice) in enumerate([(cast.ada, "x"), (cast.gil, "y"), (cast.ben, "same")], 1):
        answer = voter.put(f"{address}/vote", json={"choice": choice})
        assert answer.status_code == 200
        assert (answer.json()["yours"], answer.json()["votes"]) == (choice, number)
        assert (events()[-1]["type"], events()[-1]["blind_test"]["votes"]) == ("blind-test.changed", number)

    assert [who.get(address).json()["yours"] for who in (cast.ada, cast.gil, cast.ben)] == ["x", "y", "same"]
    assert cast.lou.get(address).json()["yours"] is None


def test_what_is_kept_is_the_version_and_not_the_letter(
    client: TestClient, cast: Cast, database: Database, address: str
) -> None:
    """Everybody votes for the sine, which is version A, by whatever letter they hear it."""
    letters = []
    for guest in guests(client, cast, database, MANY):
        letters.append("x" if is_the_sine(guest, address, "x") else "y")
        assert guest.put(f"{address}/vote", json={"choice": letters[-1]}).json()["yours"] == letters[-1]

    assert choices(database) == ["a"] * MANY
    assert set(letters) == {"x", "y"}


@both_databases
def test_a_vote_can_be_changed_and_stays_one(
    cast: Cast, address: str, database: Database, events: Callable[[], list[dict[str, Any]]]
) -> None:
    for choice in ("x", "y", "same", "y", "y"):
        answer = cast.gil.put(f"{address}/vote", json={"choice": choice}).json()
        assert (answer["yours"], answer["votes"]) == (choice, 1)

    assert len(choices(database)) == 1
    # Nobody else learns that somebody changed their mind.
    assert [event["type"] for event in events() if "blind_test" in event] == [
        "blind-test.added",
        "blind-test.changed",
    ]


@both_databases
def test_before_the_reveal_nobody_learns_how_others_voted(
    cast: Cast, address: str, events: Callable[[], list[dict[str, Any]]]
) -> None:
    before = {name: getattr(cast, name).get(address).json() for name in ("ada", "ben", "gil", "lou")}
    log = len(events())
    cast.gil.put(f"{address}/vote", json={"choice": "x"})

    for name, answer in before.items():
        now = getattr(cast, name).get(address).json()
        assert now == answer | {"votes": 1} | ({"yours": "x"} if name == "gil" else {})
        assert now["result"] is None
    assert [set(event["blind_test"]) for event in events()[log:]] == [set(before["ada"]) - _ONE_S_OWN]


_ONE_S_OWN = {"yours", "may_vote", "result"}


def test_an_answer_reads_the_same_whichever_version_is_x(
    client: TestClient, cast: Cast, database: Database, address: str
) -> None:
    """Not by a key, nor by their order, nor by how long the answer is."""
    listeners = guests(client, cast, database, MANY)
    texts = {listener.get(address).text for listener in listeners}
    assert len(texts) == 1

    for listener in listeners:
        listener.put(f"{address}/vote", json={"choice": "x"})
    assert len({listener.get(address).text for listener in listeners}) == 1
    assert len({is_the_sine(listener, address, "x") for listener in listeners}) == 2


def test_a_link_for_listening_only_takes_no_vote(cast: Cast, address: str, count: Count) -> None:
    answer = cast.lou.put(f"{address}/vote", json={"choice": "x"})

    assert answer.status_code == 403
    assert "listening only" in answer.json()["error"]["message"]
    assert cast.lou.get(address).json()["may_vote"] is False
    assert cast.gil.get(address).json()["may_vote"] is True
    assert count(BlindVote) == 0


def test_outsiders_are_told_there_is_nothing(cast: Cast, address: str, count: Count) -> None:
    for outsider in cast.outsiders:
        assert outsider.get(address).status_code == 404
        assert outsider.put(f"{address}/vote", json={"choice": "x"}).status_code == 404
    assert count(BlindVote) == 0


def test_what_is_no_vote_is_refused(cast: Cast, address: str, count: Count) -> None:
    bodies: list[Any] = [
        {},
        {"choice": "a"},
        {"choice": None},
        {"choice": "X"},
        {"choice": "x", "more": 1},
        [],
    ]
    for body in bodies:
        answer = cast.gil.put(f"{address}/vote", json=body)
        assert answer.status_code == 422
        assert answer.json()["error"]["message"]
    assert count(BlindVote) == 0


def test_a_guest_who_left_has_voted_all_the_same(cast: Cast, address: str, database: Database) -> None:
    cast.gil.put(f"{address}/vote", json={"choice": "x"})
    cast.ada.delete(f"/api/links/{cast.link}")

    assert cast.gil.put(f"{address}/vote", json={"choice": "y"}).status_code == 404
    assert cast.ada.get(address).json()["votes"] == 1

    def name(session: Session) -> int:
        return len(session.exec(select(BlindVote).where(BlindVote.guest_id == cast.gil_id)).all())

    assert database.read(name) == 1
