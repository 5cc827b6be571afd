from collections.abc import Callable

from sqlmodel import SQLModel
from starlette.testclient import TestClient

from server.people.models import SignIn
from server.people.visitors import SIGN_IN_COOKIE
from tests.cast import Cast, browser
from tests.sockets import closed_with, hello

Count = Callable[[type[SQLModel]], int]


def test_the_cookie_is_forgotten_and_its_row_is_gone(cast: Cast, count: Count) -> None:
    before = count(SignIn)

    answer = cast.ada.post("/sign-out", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["set-cookie"].startswith(f'{SIGN_IN_COOKIE}=""')
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert count(SignIn) == before - 1
    assert "Night Bus" not in cast.ada.get("/").text


def test_a_copy_of_the_cookie_is_worth_nothing_afterwards(client: TestClient, cast: Cast) -> None:
    copy = browser(client, **{SIGN_IN_COOKIE: cast.ada.cookies[SIGN_IN_COOKIE]})
    assert copy.get("/api/songs").status_code == 200

    cast.ada.post("/sign-out")

    assert copy.get("/api/songs").status_code == 401


def test_only_this_browser_is_signed_out(cast: Cast) -> None:
    cast.ada.post("/sign-out")

    assert cast.ben.get("/api/songs").status_code == 200


def test_repeated_or_by_a_stranger_it_is_harmless(cast: Cast, count: Count) -> None:
    before = count(SignIn)
    for who in (cast.ada, cast.ada, cast.stranger, cast.gil):
        assert who.post("/sign-out", follow_redirects=False).status_code == 303
    assert count(SignIn) == before - 1


def test_a_guest_of_the_same_browser_stays_in(client: TestClient, cast: Cast) -> None:
    both = browser(client, **dict(cast.ada.cookies), **dict(cast.gil.cookies))

    both.post("/sign-out")

    assert both.get(f"/api/songs/{cast.song}").status_code == 200


def test_a_link_does_not_sign_anybody_out(cast: Cast) -> None:
    assert cast.ada.get("/sign-out").status_code == 405
    assert cast.ada.get("/api/songs").status_code == 200


def test_open_sockets_end_with_it(cast: Cast) -> None:
    with cast.ada.websocket_connect(f"/api/songs/{cast.song}/live") as socket:
        hello(socket)
        cast.ada.post("/sign-out")
        assert closed_with(socket) == 4401
