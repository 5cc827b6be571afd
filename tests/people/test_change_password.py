from collections.abc import Callable

import pytest
from httpx2 import Response
from sqlmodel import Session, SQLModel
from starlette.testclient import TestClient

from server.database import Database
from server.people import accounts
from server.people.models import Person, SignIn
from server.people.visitors import SIGN_IN_COOKIE
from tests.cast import PASSWORD, Cast, browser
from tests.sockets import closed_with, hello

Count = Callable[[type[SQLModel]], int]
NEW = "a new battery for the horse"


@pytest.fixture
def phone(client: TestClient, cast: Cast, database: Database) -> TestClient:
    """Ada's other browser."""

    def add(session: Session) -> str:
        return accounts.sign_in(session, session.get_one(Person, cast.ada_id), "phone").secret

    return browser(client, **{SIGN_IN_COOKIE: database.write(add)})


def change(who: TestClient, current: str = PASSWORD, new: str = NEW) -> Response:
    return who.post("/account/password", data={"current": current, "new": new}, follow_redirects=False)


def signs_in(cast: Cast, password: str) -> bool:
    fields = {"email": "ada@example.org", "password": password}
    return cast.stranger.post("/sign-in", data=fields, follow_redirects=False).status_code == 303


def test_the_new_one_works_and_the_old_one_does_not(cast: Cast) -> None:
    answer = change(cast.ada)

    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert signs_in(cast, NEW)
    assert not signs_in(cast, PASSWORD)


def test_other_sign_ins_end_and_this_one_stays(cast: Cast, phone: TestClient, count: Count) -> None:
    assert phone.get("/api/songs").status_code == 200
    before = count(SignIn)

    change(cast.ada)

    assert phone.get("/api/songs").status_code == 401
    assert cast.ada.get("/api/songs").status_code == 200
    assert cast.ben.get("/api/songs").status_code == 200
    assert count(SignIn) == before - 1


def test_the_other_sign_ins_sockets_end_with_them(cast: Cast, phone: TestClient) -> None:
    with phone.websocket_connect(f"/api/songs/{cast.song}/live") as socket:
        hello(socket)
        change(cast.ada)
        assert closed_with(socket) == 4401


@pytest.mark.parametrize(
    ("current", "new", "field", "sentence"),
    [
        ("not my password", NEW, "current", "That is not your password."),
        ("", NEW, "current", "That is not your password."),
        (PASSWORD, "short", "new", "8 to 200 characters"),
        (PASSWORD, "", "new", "8 to 200 characters"),
        (PASSWORD, "x" * 201, "new", "at most 200"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_changes(
    cast: Cast, phone: TestClient, current: str, new: str, field: str, sentence: str
) -> None:
    answer = change(cast.ada, current, new)

    assert answer.status_code == 422
    assert f'id="{field}-error">{sentence}' in answer.text or sentence in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "Where you are signed in" in answer.text
    assert phone.get("/api/songs").status_code == 200
    assert signs_in(cast, PASSWORD)


def test_neither_password_comes_back_in_the_page(cast: Cast) -> None:
    answer = change(cast.ada, "not my password", "nor is this one")

    assert "not my password" not in answer.text
    assert "nor is this one" not in answer.text


def test_repeated_it_asks_for_the_password_that_holds_now(cast: Cast) -> None:
    change(cast.ada)

    assert change(cast.ada).status_code == 422
    assert signs_in(cast, NEW)


def test_strangers_and_guests_are_asked_to_sign_in(cast: Cast) -> None:
    for who in (cast.stranger, cast.gil):
        answer = change(who)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/")
    assert signs_in(cast, PASSWORD)


def test_nobody_changes_somebody_elses(cast: Cast) -> None:
    change(cast.cleo)

    assert signs_in(cast, PASSWORD)


def test_the_same_form_renames_nobody_by_mistake(cast: Cast) -> None:
    answer = cast.ada.post("/account", data={"name": " "})

    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert "You sign in with ada@example.org" in answer.text
    assert cast.ada.post("/account", data={"name": "Ada L."}).status_code == 200
    assert "Signed in as Ada L." in cast.ada.get("/").text
