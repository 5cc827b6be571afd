"""The headers that every answer carries, and pages that need nothing a strict policy forbids."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from server.database import Database
from server.people import accounts
from server.people.visitors import GUEST_COOKIE, SIGN_IN_COOKIE
from server.songs.models import Song
from tests.cast import PASSWORD, Cast, add_review_link

Page = Callable[[Cast], Any]
NOTHING = uuid4()

PAGES: dict[str, Page] = {
    "sign in": lambda cast: cast.stranger.get("/"),
    "sign in, refused": lambda cast: cast.stranger.post("/sign-in", data={"email": "x", "password": "y"}),
    "home": lambda cast: cast.ada.get("/"),
    "home, refused": lambda cast: cast.ada.post("/songs", data={"title": ""}),
    "band": lambda cast: cast.ada.get(f"/bands/{cast.band}"),
    "band, invited": lambda cast: cast.ada.post(f"/bands/{cast.band}/invitations", data={"note": "x"}),
    "account": lambda cast: cast.ada.get("/account"),
    "account, new token": lambda cast: cast.ada.post("/account/tokens", data={"name": "x"}),
    "review": lambda cast: cast.ada.get(f"/songs/{cast.song}?t=1"),
    "review, as a guest": lambda cast: cast.gil.get(f"/r/{cast.link_secret}"),
    "door": lambda cast: cast.stranger.get(f"/r/{cast.link_secret}"),
    "door, refused": lambda cast: cast.stranger.post(f"/r/{cast.link_secret}", data={"name": ""}),
    "new version": lambda cast: cast.ada.get(f"/songs/{cast.song}/versions/new"),
    "links": lambda cast: cast.ada.get(f"/songs/{cast.song}/links"),
    "links, made": lambda cast: cast.ada.post(f"/songs/{cast.song}/links", data={"may_comment": "1"}),
    "nothing here": lambda cast: cast.stranger.get("/nothing"),
    "not yours": lambda cast: cast.gil.get(f"/songs/{cast.song}/links"),
}
ANSWERS: dict[str, Page] = PAGES | {
    "json": lambda cast: cast.ada.get("/api/songs"),
    "an error as json": lambda cast: cast.stranger.get(f"/api/songs/{NOTHING}"),
    "audio": lambda cast: cast.ada.get(f"/api/versions/{cast.version}/audio"),
    "a script": lambda cast: cast.ada.get(cast.ada.app.state.pages.asset("people/page.js")),
    "no such file": lambda cast: cast.ada.get(cast.ada.app.state.pages.asset("nothing.js")),
    "wrong method": lambda cast: cast.ada.put("/account"),
    "too large": lambda cast: cast.ada.post("/sign-in", content=b"x" * 300_000),
    "from another site": lambda cast: cast.ada.post("/sign-out", headers={"sec-fetch-site": "cross-site"}),
    "led on": lambda cast: cast.ada.post("/sign-out", follow_redirects=False),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_answer_carries_them(cast: Cast, answer: str) -> None:
    _check(ANSWERS[answer](cast).headers)


def test_also_the_answer_to_a_fault_of_our_own(client: TestClient, cast: Cast) -> None:
    calm = TestClient(client.app, raise_server_exceptions=False)
    working, client.app.state.database = client.app.state.database, None  # type: ignore[attr-defined]
    try:
        answers = [calm.get("/"), calm.get("/api/songs")]
    finally:
        client.app.state.database = working  # type: ignore[attr-defined]

    for answer in answers:
        assert answer.status_code == 500
        assert "Something went wrong inside Earmark" in answer.text
        assert "AssertionError" not in answer.text
        _check(answer.headers)


def _check(headers: Any) -> None:
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"


FORBIDDEN_TAGS = {"style", "base", "iframe", "object", "embed"}
ADDRESSES = {"src", "href", "action", "formaction", "poster", "srcset"}
ELSEWHERE = re.compile(r"\s*(//|[a-z]+:(?!//earmark\.test/))", re.IGNORECASE)


class Forbidden(HTMLParser):
    """What the policy would stop: inline scripts and styles, handlers, and anything from elsewhere."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_data = given.get("type") == "application/json"
        if tag in FORBIDDEN_TAGS or (tag == "script" and "src" not in given and not is_data):
            self.found.append(f"<{tag}>")
        for name, value in given.items():
            inline = name == "style" or name.startswith("on")
            if inline or (name in ADDRESSES and ELSEWHERE.match(value)):
                self.found.append(f"<{tag} {name}={value!r}>")


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_anything_that_the_policy_forbids(cast: Cast, page: str) -> None:
    answer = PAGES[page](cast)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "<h1" in answer.text
    assert Forbidden(answer.text).found == []


@pytest.mark.parametrize(
    "page",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<p style='color:red'>",
        "<a onclick='x'>",
        "<a href='javascript:x'>",
        "<img src='https://elsewhere.example/x.png'>",
        "<script src='//elsewhere.example/x.js'></script>",
    ],
)
def test_what_is_forbidden_is_found(page: str) -> None:
    assert len(Forbidden(page).found) == 1


def test_cookies_cannot_be_read_by_scripts_nor_sent_by_other_sites(cast: Cast) -> None:
    for name, cookie in _cookies(cast.stranger, cast).items():
        parts = {part.strip().lower() for part in cookie.split(";")}
        assert {"httponly", "samesite=lax", "path=/"} <= parts, name
        assert "secure" not in parts
        assert not any(part.startswith("domain=") for part in parts)


def test_over_https_they_are_secure(client: TestClient, cast: Cast) -> None:
    for cookie in _cookies(TestClient(client.app, base_url="https://earmark.test"), cast).values():
        assert "; secure" in cookie.lower()


def test_behind_a_silent_proxy_the_public_address_tells(client: TestClient, cast: Cast) -> None:
    state = client.app.state  # type: ignore[attr-defined]
    state.settings = state.settings.model_copy(update={"public_url": "https://earmark.test"})
    for cookie in _cookies(cast.stranger, cast).values():
        assert "; secure" in cookie.lower()

    at_home = TestClient(client.app, base_url="http://192.168.1.5:8000")
    for cookie in _cookies(at_home, cast).values():
        assert "; secure" not in cookie.lower()


def _cookies(browser: TestClient, cast: Cast) -> dict[str, str]:
    person = {"email": "ada@example.org", "password": PASSWORD}
    answers = {
        SIGN_IN_COOKIE: browser.post("/sign-in", data=person, follow_redirects=False),
        GUEST_COOKIE: browser.post(f"/r/{cast.link_secret}", data={"name": "Gil"}, follow_redirects=False),
    }
    found = {name: answer.headers["set-cookie"] for name, answer in answers.items()}
    assert all(cookie.startswith(f"{name}=") for name, cookie in found.items())
    return found


def test_the_first_page_and_an_invitation_keep_to_it_too(
    client: TestClient, database: Database, cast: Cast
) -> None:
    invited = cast.ada.post(f"/bands/{cast.band}/invitations", data={})
    path = invited.text.partition("http://earmark.test")[2].partition('"')[0]
    for page in (cast.stranger.get(path), cast.cleo.get(path)):
        assert page.status_code == 200
        assert Forbidden(page.text).found == []


def test_the_very_first_page_keeps_to_it_too(client: TestClient, database: Database) -> None:
    secret = database.write(lambda session: accounts.add_one_time_address(session, None))

    assert Forbidden(client.get(f"/welcome/{secret}").text).found == []


def test_a_door_with_a_password_keeps_to_it_too(cast: Cast, database: Database) -> None:
    def protect(session: Session) -> None:
        add_review_link(session, session.get_one(Song, cast.song), "secret").password_hash = "x"

    database.write(protect)
    page = cast.stranger.get("/r/secret")
    assert 'type="password"' in page.text
    assert Forbidden(page.text).found == []
