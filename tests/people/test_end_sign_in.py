"""Ending one of one's own sign-ins from the account page."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from httpx2 import Response
from sqlmodel import Session, SQLModel
from starlette.testclient import TestClient

from server.database import Database
from server.people import accounts
from server.people.models import Person, SignIn
from server.people.visitors import SIGN_IN_COOKIE
from tests.cast import Cast, browser
from tests.sockets import closed_with, hello

Count = Callable[[type[SQLModel]], int]


@pytest.fixture
def phone(client: TestClient, cast: Cast, database: Database) -> TestClient:
    def add(session: Session) -> str:
        return accounts.sign_in(session, session.get_one(Person, cast.ada_id), "Ada's <phone>").secret

    return browser(client, **{SIGN_IN_COOKIE: database.write(add)})


@pytest.fixture
def phone_id(phone: TestClient, cast: Cast, database: Database) -> UUID:
    rows = database.read(lambda session: accounts.sign_ins_of(session, cast.ada_id))
    return next(row.id for row in rows if "phone" in row.device)


def end(who: TestClient, id: UUID) -> Response:
    return who.post(f"/account/sign-ins/{id}/end", follow_redirects=False)


def test_the_account_page_lists_them_and_marks_this_one(cast: Cast, phone_id: UUID) -> None:
    page = cast.ada.get("/account").text

    assert "Ada&#39;s &lt;phone&gt;" in page
    assert page.count("this one") == 1
    assert page.count("/account/sign-ins/") == 1
    assert f"/account/sign-ins/{phone_id}/end" in page


def test_that_browser_is_out_and_this_one_is_not(cast: Cast, phone: TestClient, phone_id: UUID) -> None:
    answer = end(cast.ada, phone_id)

    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert phone.get("/api/songs").status_code == 401
    assert cast.ada.get("/api/songs").status_code == 200


def test_its_open_sockets_end_with_it(cast: Cast, phone: TestClient, phone_id: UUID) -> None:
    with phone.websocket_connect(f"/api/songs/{cast.song}/live") as socket:
        hello(socket)
        end(cast.ada, phone_id)
        assert closed_with(socket) == 4401


def test_repeated_or_for_none_it_is_harmless(cast: Cast, phone_id: UUID, count: Count) -> None:
    end(cast.ada, phone_id)
    before = count(SignIn)

    assert end(cast.ada, phone_id).status_code == 404
    assert end(cast.ada, uuid4()).status_code == 404
    assert cast.ada.post("/account/sign-ins/not-an-id/end").status_code == 404

    assert count(SignIn) == before


def test_nobody_ends_somebody_elses(cast: Cast, phone: TestClient, phone_id: UUID) -> None:
    for other in (cast.ben, cast.cleo):
        assert end(other, phone_id).status_code == 404
    for nobody in (cast.stranger, cast.gil):
        assert end(nobody, phone_id).headers["location"] == "/sign-in?next=/"

    assert phone.get("/api/songs").status_code == 200


def test_ones_own_ends_too(cast: Cast, phone: TestClient, phone_id: UUID) -> None:
    end(phone, phone_id)

    assert phone.get("/account", follow_redirects=False).headers["location"] == "/sign-in?next=/account"
