from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from httpx2 import Response
from sqlmodel import Session, SQLModel
from starlette.testclient import TestClient

from server.database import Database
from server.people import accounts
from server.people.models import Membership
from tests.cast import Cast
from tests.sockets import closed_with, hello

Count = Callable[[type[SQLModel]], int]


@pytest.fixture
def ben_id(cast: Cast, database: Database) -> UUID:
    def find(session: Session) -> UUID:
        ben = accounts.person_with_email(session, "ben@example.org")
        assert ben
        return ben.id

    return database.read(find)


def leave(who: TestClient, cast: Cast, person: UUID) -> Response:
    return who.post(f"/bands/{cast.band}/members/{person}/leave", follow_redirects=False)


def test_a_member_leaves_and_sees_nothing_of_it_any_more(cast: Cast, ben_id: UUID) -> None:
    answer = leave(cast.ben, cast, ben_id)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert cast.ben.get(f"/bands/{cast.band}").status_code == 404
    assert cast.ben.get(f"/songs/{cast.song}").status_code == 404
    assert cast.ben.get(f"/api/versions/{cast.version}/audio").status_code == 404
    assert cast.ben.get("/api/songs").json()["items"] == []
    assert cast.ben.get("/").status_code == 200


def test_the_owner_takes_a_member_out(cast: Cast, ben_id: UUID) -> None:
    answer = leave(cast.ada, cast, ben_id)

    assert answer.headers["location"] == f"/bands/{cast.band}"
    assert cast.ben.get(f"/songs/{cast.song}").status_code == 404
    assert "ben@example.org" not in cast.ada.get(f"/bands/{cast.band}").text


def test_a_member_takes_nobody_else_out(cast: Cast, count: Count) -> None:
    before = count(Membership)

    assert leave(cast.ben, cast, cast.ada_id).status_code == 403

    assert count(Membership) == before


def test_the_only_owner_stays(cast: Cast, count: Count) -> None:
    before = count(Membership)

    answer = leave(cast.ada, cast, cast.ada_id)

    assert answer.status_code == 409
    assert "only owner" in answer.text
    assert count(Membership) == before


def test_outsiders_and_guests_are_told_there_is_no_such_band(cast: Cast, ben_id: UUID, count: Count) -> None:
    before = count(Membership)
    for outsider in (*cast.outsiders, cast.gil):
        assert leave(outsider, cast, ben_id).status_code == 404
    assert count(Membership) == before


def test_repeated_or_for_nobody_it_is_harmless(cast: Cast, ben_id: UUID, count: Count) -> None:
    leave(cast.ada, cast, ben_id)
    before = count(Membership)

    assert leave(cast.ada, cast, ben_id).status_code == 404
    assert leave(cast.ben, cast, ben_id).status_code == 404
    assert leave(cast.ada, cast, uuid4()).status_code == 404

    assert count(Membership) == before


def test_open_sockets_end_with_it(cast: Cast, ben_id: UUID) -> None:
    with cast.ben.websocket_connect(f"/api/songs/{cast.song}/live") as socket:
        hello(socket)
        leave(cast.ada, cast, ben_id)
        assert closed_with(socket) == 4401


def test_the_bands_page_offers_it(cast: Cast, ben_id: UUID) -> None:
    assert f"/members/{ben_id}/leave" in cast.ada.get(f"/bands/{cast.band}").text
    bens = cast.ben.get(f"/bands/{cast.band}").text
    assert f"/members/{ben_id}/leave" in bens
    assert f"/members/{cast.ada_id}/leave" not in bens
    assert f"/members/{cast.ada_id}/leave" not in cast.ada.get(f"/bands/{cast.band}").text
