from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from server.people.models import Guest
from tests.cast import Cast
from tests.databases import both_databases
from tests.sockets import closed_with, hello

pytestmark = both_databases

Count = Callable[[type[SQLModel]], int]
REVOKE: dict[str, Callable[[TestClient, object], Any]] = {
    "api": lambda who, link: who.delete(f"/api/links/{link}"),
    "page": lambda who, link: who.post(f"/links/{link}/revoke", follow_redirects=False),
}
RESTORE: dict[str, Callable[[TestClient, object], Any]] = {
    "api": lambda who, link: who.post(f"/api/links/{link}/restore"),
    "page": lambda who, link: who.post(f"/links/{link}/restore", follow_redirects=False),
}
by_api_and_page = pytest.mark.parametrize("way", ["api", "page"])


def everything(cast: Cast) -> list[str]:
    return [
        f"/r/{cast.link_secret}",
        f"/songs/{cast.song}",
        f"/api/songs/{cast.song}",
        f"/api/songs/{cast.song}/versions",
        f"/api/versions/{cast.version}",
        f"/api/versions/{cast.version}/audio",
        f"/api/versions/{cast.version}/comments",
    ]


def answers(who: TestClient, cast: Cast) -> set[int]:
    return {who.get(address).status_code for address in everything(cast)}


@by_api_and_page
def test_guests_are_out_at_once_everywhere(cast: Cast, way: str) -> None:
    assert answers(cast.gil, cast) == {200}

    answer = REVOKE[way](cast.ben, cast.link)

    assert answer.status_code == (204 if way == "api" else 303)
    if way == "page":
        assert answer.headers["location"] == f"/songs/{cast.song}/links"
    assert answers(cast.gil, cast) == {404}
    said = cast.gil.post(f"/api/versions/{cast.version}/comments", json={"at": 1, "body": "x"})
    assert said.status_code == 404
    assert "This link has ended" in cast.gil.get(f"/r/{cast.link_secret}").text
    assert cast.gil.post(f"/r/{cast.link_secret}", data={"name": "Gil"}).status_code == 404


def test_guests_of_another_link_and_the_band_stay(cast: Cast) -> None:
    REVOKE["api"](cast.ada, cast.link)

    assert cast.lou.get(f"/api/songs/{cast.song}").status_code == 200
    assert cast.ben.get(f"/songs/{cast.song}").status_code == 200


def test_their_open_sockets_end(cast: Cast) -> None:
    with cast.gil.websocket_connect(f"/api/songs/{cast.song}/live") as socket:
        hello(socket)
        REVOKE["api"](cast.ada, cast.link)
        assert closed_with(socket) == 4401


@by_api_and_page
def test_restored_it_works_again_for_the_same_guests(cast: Cast, way: str, count: Count) -> None:
    guests = count(Guest)
    REVOKE[way](cast.ada, cast.link)

    answer = RESTORE[way](cast.ben, cast.link)

    if way == "api":
        assert answer.status_code == 200
        assert answer.json()["revoked_at"] is None
        assert "url" not in answer.json()
    assert answers(cast.gil, cast) == {200}
    assert cast.stranger.get(f"/r/{cast.link_secret}").status_code == 200
    assert count(Guest) == guests


def test_what_a_guest_wrote_stays_and_is_still_theirs(cast: Cast) -> None:
    said = cast.gil.post(f"/api/versions/{cast.version}/comments", json={"at": 1, "body": "mine"}).json()
    REVOKE["api"](cast.ada, cast.link)
    assert "mine" in cast.ada.get(f"/api/versions/{cast.version}/comments").text

    RESTORE["api"](cast.ada, cast.link)

    assert cast.gil.patch(f"/api/comments/{said['id']}", json={"body": "mine still"}).status_code == 200


@by_api_and_page
def test_repeated_both_are_harmless(cast: Cast, way: str) -> None:
    def revoked_at() -> str | None:
        items = cast.ada.get(f"/api/songs/{cast.song}/links").json()["items"]
        found: str | None = next(item["revoked_at"] for item in items if item["id"] == str(cast.link))
        return found

    RESTORE[way](cast.ada, cast.link)
    assert revoked_at() is None
    REVOKE[way](cast.ada, cast.link)
    first = revoked_at()
    assert first
    REVOKE[way](cast.ada, cast.link)
    assert revoked_at() == first
    RESTORE[way](cast.ada, cast.link)
    RESTORE[way](cast.ada, cast.link)
    assert revoked_at() is None


@by_api_and_page
def test_guests_may_not_and_outsiders_are_told_there_is_nothing(cast: Cast, way: str) -> None:
    for who, status in ((cast.gil, 403), (cast.lou, 403), (cast.cleo, 404), (cast.stranger, 404)):
        assert REVOKE[way](who, cast.link).status_code == status
        assert RESTORE[way](who, cast.link).status_code == status
    assert answers(cast.gil, cast) == {200}


@by_api_and_page
def test_a_guest_whose_link_has_ended_does_not_bring_it_back(cast: Cast, way: str) -> None:
    REVOKE[way](cast.ada, cast.link)

    assert RESTORE[way](cast.gil, cast.link).status_code == 404

    assert answers(cast.gil, cast) == {404}


@by_api_and_page
def test_a_link_that_is_not_there_is_nothing(cast: Cast, way: str) -> None:
    assert REVOKE[way](cast.ada, uuid4()).status_code == 404
    assert RESTORE[way](cast.ada, uuid4()).status_code == 404
    assert REVOKE[way](cast.ada, "not-an-id").status_code == 404
