import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from server.database import Database
from server.people.models import ApiToken
from server.uploads import leftovers
from tests.cast import Cast
from tests.sockets import hello

Count = Callable[[type[SQLModel]], int]
SHOWN = re.compile(r'id="new-token" value="([\w-]{22})"')


@pytest.fixture
def token(cast: Cast) -> str:
    found = SHOWN.search(cast.ada.post("/account/tokens", data={"name": "Studio computer"}).text)
    assert found
    return found[1]


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def rows(database: Database) -> list[ApiToken]:
    return database.read(lambda session: list(session.exec(select(ApiToken))))


def test_it_does_what_its_person_may(cast: Cast, token: str, events: Callable[[], list[Any]]) -> None:
    songs = cast.stranger.get("/api/songs", headers=bearer(token))
    comment = cast.stranger.post(
        f"/api/versions/{cast.version}/comments", json={"at": 1, "body": "by a script"}, headers=bearer(token)
    )

    assert songs.json() == cast.ada.get("/api/songs").json()
    assert comment.status_code == 201
    assert comment.json()["author"]["name"] == "Ada"
    assert events()[-1]["type"] == "comment.added"


def test_it_is_shown_once(cast: Cast, token: str) -> None:
    page = cast.ada.get("/account").text

    assert "Studio computer" in page
    assert token not in page


def test_it_works_on_the_socket(cast: Cast, token: str) -> None:
    with cast.stranger.websocket_connect(f"/api/songs/{cast.song}/live", headers=bearer(token)) as socket:
        assert hello(socket)["you"]["name"] == "Ada"


@pytest.mark.parametrize("wrong", ["", "guess", "x" * 22, "a b", "\xe9"])
def test_a_wrong_one_is_a_stranger(cast: Cast, token: str, wrong: str) -> None:
    headers = {b"authorization": f"Bearer {wrong}".encode("latin-1")}

    assert cast.stranger.get("/api/songs", headers=headers).status_code == 401
    assert cast.stranger.get(f"/api/songs/{cast.song}", headers=headers).status_code == 404


def test_a_wrong_one_is_a_stranger_whatever_cookies_come_along(cast: Cast) -> None:
    assert cast.ada.get("/api/songs", headers=bearer("guess")).status_code == 401
    assert cast.gil.get(f"/api/songs/{cast.song}", headers=bearer("guess")).status_code == 404


def test_the_token_decides_and_not_the_cookie(cast: Cast, token: str) -> None:
    assert cast.cleo.get(f"/api/songs/{cast.song}", headers=bearer(token)).status_code == 200
    comment = cast.ben.post(
        f"/api/versions/{cast.version}/comments", json={"at": 1, "body": "x"}, headers=bearer(token)
    )
    assert comment.json()["author"]["name"] == "Ada"


def test_another_scheme_leaves_the_cookie_in_force(cast: Cast) -> None:
    assert cast.ada.get("/api/songs", headers={"authorization": "Basic YTpi"}).status_code == 200


def test_the_scheme_is_read_in_any_case(cast: Cast, token: str) -> None:
    assert cast.stranger.get("/api/songs", headers={"authorization": f"bearer {token}"}).status_code == 200


def test_ended_it_is_worth_nothing(cast: Cast, token: str, database: Database, count: Count) -> None:
    address = f"/account/tokens/{rows(database)[0].id}/end"

    answer = cast.ada.post(address, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert cast.stranger.get("/api/songs", headers=bearer(token)).status_code == 401
    assert count(ApiToken) == 0
    assert cast.ada.post(address).status_code == 404


def test_nobody_ends_somebody_elses(cast: Cast, token: str, database: Database) -> None:
    address = f"/account/tokens/{rows(database)[0].id}/end"

    assert cast.cleo.post(address).status_code == 404
    assert cast.ben.post(address).status_code == 404
    for who in (cast.stranger, cast.gil):
        assert who.post(address, follow_redirects=False).headers["location"] == "/sign-in?next=/"

    assert cast.stranger.get("/api/songs", headers=bearer(token)).status_code == 200


def test_guests_and_strangers_get_none(cast: Cast, count: Count) -> None:
    for who in (cast.stranger, cast.gil):
        answer = who.post("/account/tokens", data={"name": "x"}, follow_redirects=False)
        assert answer.headers["location"] == "/sign-in?next=/"
    assert count(ApiToken) == 0


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "nul\x00"])
def test_a_name_that_does_not_do_is_said_beside_its_own_field(cast: Cast, count: Count, name: str) -> None:
    answer = cast.ada.post("/account/tokens", data={"name": name})

    assert answer.status_code == 422
    assert 'id="token-name-error"' in answer.text
    assert 'id="name-error"' not in answer.text
    assert f'value="{name}"' in answer.text.replace("&#0;", "\x00")
    assert 'value="Ada"' in answer.text
    assert count(ApiToken) == 0


def test_each_is_another(cast: Cast, token: str, count: Count) -> None:
    second = SHOWN.search(cast.ada.post("/account/tokens", data={"name": "Studio computer"}).text)

    assert second and second[1] != token
    assert count(ApiToken) == 2


def test_when_it_was_last_used_is_noted(cast: Cast, token: str, database: Database) -> None:
    assert rows(database)[0].last_used_at is None
    assert "never used" in cast.ada.get("/account").text

    cast.stranger.get("/api/songs", headers=bearer(token))

    assert rows(database)[0].last_used_at is not None
    assert "never used" not in cast.ada.get("/account").text


@pytest.fixture
def nothing_is_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it runs, the app clears old uploads away, which is a write; patched after that would be too late."""
    monkeypatch.setattr(leftovers, "sweep", lambda *about: None)


@pytest.mark.usefixtures("nothing_is_swept")
def test_a_made_up_one_writes_nothing(
    cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[object] = []
    database.after_commit.append(lambda *about: writes.append(about))
    plain_write = database.write

    def noted_write(action: Callable[[Session], object]) -> object:
        writes.append(action)
        return plain_write(action)

    monkeypatch.setattr(database, "write", noted_write)

    cast.stranger.get("/api/songs", headers=bearer("guess"))

    assert writes == []


def test_it_stays_when_the_person_leaves_the_band_but_shows_nothing_of_it(
    cast: Cast, database: Database
) -> None:
    found = SHOWN.search(cast.ben.post("/account/tokens", data={"name": "x"}).text)
    assert found

    def ben(session: Session) -> ApiToken:
        return session.exec(select(ApiToken)).one()

    cast.ada.post(f"/bands/{cast.band}/members/{database.read(ben).person_id}/leave")

    assert cast.stranger.get("/api/songs", headers=bearer(found[1])).json()["items"] == []
    assert cast.stranger.get(f"/api/songs/{cast.song}", headers=bearer(found[1])).status_code == 404
