from collections.abc import Callable
from urllib.parse import unquote

import pytest
from httpx2 import Response
from sqlmodel import Session, SQLModel, select
from starlette.testclient import TestClient

from server.database import Database, now
from server.people import accounts
from server.people.models import SignIn
from server.people.visitors import SIGN_IN_COOKIE
from tests.cast import PASSWORD, Cast, browser

Count = Callable[[type[SQLModel]], int]


@pytest.fixture
def new_browser(client: TestClient, cast: Cast) -> TestClient:
    return browser(client)


def sign_in(browser: TestClient, **changed: str) -> Response:
    fields = {"email": "ada@example.org", "password": PASSWORD, "next": "/"} | changed
    return browser.post("/sign-in", data=fields, follow_redirects=False)


def test_a_member_signs_in_and_finds_their_songs(new_browser: TestClient) -> None:
    answer = new_browser.post("/sign-in", data={"email": " ADA@example.org ", "password": PASSWORD})

    assert (answer.status_code, answer.url.path) == (200, "/")
    assert "Night Bus" in answer.text


def test_signing_in_leads_on_to_the_page_that_was_asked_for(cast: Cast, new_browser: TestClient) -> None:
    asked = new_browser.get("/account?from=mail", follow_redirects=False)
    assert asked.status_code == 303
    assert unquote(asked.headers["location"]) == "/sign-in?next=/account?from=mail"
    page = new_browser.get(asked.headers["location"])
    assert 'value="/account?from=mail"' in page.text

    answer = sign_in(new_browser, next="/account?from=mail")

    assert answer.headers["location"] == "/account?from=mail"


def test_somebody_who_posted_a_form_is_led_to_a_page_that_can_be_shown(new_browser: TestClient) -> None:
    answer = new_browser.post("/account/tokens", data={"name": "x"}, follow_redirects=False)

    assert answer.headers["location"] == "/sign-in?next=/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\n//evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "evil.example",
        "http://[",
        "",
    ],
)
def test_it_leads_nobody_to_another_site(new_browser: TestClient, elsewhere: str) -> None:
    answer = sign_in(new_browser, next=elsewhere)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "correct horse batterx"},
        {"password": ""},
        {"password": PASSWORD + "\x00"},
        {"email": "nobody@example.org"},
        {"email": "ben@example.org", "password": "x" * 200},
    ],
)
def test_a_wrong_pair_is_refused_without_saying_which_half(
    new_browser: TestClient, count: Count, wrong: dict[str, str]
) -> None:
    before = count(SignIn)

    answer = sign_in(new_browser, **wrong)

    assert answer.status_code == 422
    assert '<p class="form-error" role="alert">That e-mail address and password do not belong' in answer.text
    assert "set-cookie" not in answer.headers
    assert count(SignIn) == before


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"email": "nobody"}, "not an e-mail address"), ({"password": "x" * 201}, "at most 200")],
)
def test_nonsense_is_said_beside_its_field(
    new_browser: TestClient, wrong: dict[str, str], sentence: str
) -> None:
    answer = sign_in(new_browser, **wrong)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_what_was_typed_comes_back_but_not_the_password(new_browser: TestClient) -> None:
    answer = sign_in(new_browser, password="not my password", next="/account")

    assert "ada@example.org" in answer.text
    assert 'value="/account"' in answer.text
    assert "not my password" not in answer.text


def test_what_is_no_form_at_all_is_refused(new_browser: TestClient) -> None:
    assert new_browser.post("/sign-in", json={"email": "ada@example.org"}).status_code == 422
    assert new_browser.post("/sign-in", content=b"\xff").status_code == 422
    broken = {"content-type": "multipart/form-data; boundary=x"}
    assert new_browser.post("/sign-in", content=b"no boundary", headers=broken).status_code in (400, 422)


def test_signing_in_again_ends_what_the_browser_had(new_browser: TestClient, count: Count) -> None:
    before = count(SignIn)
    sign_in(new_browser)
    first = new_browser.cookies[SIGN_IN_COOKIE]
    sign_in(new_browser)

    assert count(SignIn) == before + 1
    assert new_browser.cookies[SIGN_IN_COOKIE] != first
    assert new_browser.get("/api/songs").status_code == 200


def test_two_browsers_are_signed_in_beside_each_other(cast: Cast, new_browser: TestClient) -> None:
    sign_in(new_browser)

    assert cast.ada.get("/api/songs").json() == new_browser.get("/api/songs").json()


def test_a_made_up_or_altered_cookie_is_a_stranger(client: TestClient, cast: Cast) -> None:
    real = cast.ada.cookies[SIGN_IN_COOKIE]
    for made_up in ("", "x", real[:-1], real + "x", real.swapcase()):
        assert browser(client, **{SIGN_IN_COOKIE: made_up}).get("/api/songs").status_code == 401


def test_a_sign_in_ends_when_it_is_old(cast: Cast, database: Database) -> None:
    def age(session: Session) -> None:
        for row in session.exec(select(SignIn)):
            row.expires_at = now()

    database.write(age)

    assert cast.ada.get("/api/songs").status_code == 401
    assert cast.ada.get(f"/songs/{cast.song}").status_code == 404


def test_when_it_was_last_used_is_noted(cast: Cast, database: Database) -> None:
    begin = now()
    cast.ada.get("/")

    rows = database.read(lambda session: accounts.sign_ins_of(session, cast.ada_id))

    assert [row.last_seen_at >= begin for row in rows] == [True]


def test_head_of_the_page_is_as_get(new_browser: TestClient) -> None:
    assert new_browser.head("/sign-in").status_code == 200
