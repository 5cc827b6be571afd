"""A link to the latest version, or to chosen ones, hides the others everywhere."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from server.database import Database
from tests.cast import Cast, another_version, browser
from tests.databases import both_databases
from tests.sockets import hello

pytestmark = both_databases

NewListener = Callable[..., TestClient]


@pytest.fixture
def second(cast: Cast, database: Database) -> UUID:
    return another_version(cast, database)


@pytest.fixture
def listener(client: TestClient, cast: Cast) -> NewListener:
    """Somebody new, in by a link with these choices; `.page` is its address."""

    def come(*versions: Any, who: TestClient | None = None) -> TestClient:
        new = who or browser(client)
        for chosen in versions:
            made = cast.ada.post(f"/api/songs/{cast.song}/links", json={"versions": chosen})
            assert new.post(made.json()["url"], data={"name": "Hanna"}).status_code == 200
            new.page = made.json()["url"]  # type: ignore[attr-defined]
        return new

    return come


def comment_on(cast: Cast, version: UUID, body: str) -> str:
    id = str(uuid4())
    said = cast.ada.post(f"/api/versions/{version}/comments", json={"id": id, "at": 7.25, "body": body})
    assert said.status_code == 201
    return id


def is_hidden(who: TestClient, cast: Cast, version: UUID, comment: str) -> None:
    one = f"/api/versions/{version}"
    assert who.get(one).status_code == 404
    assert who.get(f"{one}/audio").status_code == 404
    assert who.get(f"{one}/audio?download=1").status_code == 404
    assert who.get(f"{one}/waveform.dat").status_code == 404
    assert who.get(f"{one}/comments").status_code == 404
    assert who.post(f"{one}/comments", json={"at": 1, "body": "x"}).status_code == 404
    assert who.patch(f"/api/comments/{comment}", json={"done": True}).status_code == 404
    assert who.delete(f"/api/comments/{comment}").status_code == 404
    form = {"version": str(version), "at": "1", "body": "x"}
    assert who.post(f"/songs/{cast.song}/comments", data=form).status_code == 404
    for query in ("", "?v=1", "?v=2", f"?comment={comment}", "?show=done"):
        page = who.get(who.page + query).text  # type: ignore[attr-defined]
        assert str(version) not in page
        assert "a word on it" not in page
        assert comment not in page
        assert not re.search(r"\b7\.25\b", page)  # the digits alone may be part of a time of day
    assert str(version) not in who.get(f"/api/songs/{cast.song}/versions").text


def is_heard(who: TestClient, version: UUID) -> None:
    assert who.get(f"/api/versions/{version}").status_code == 200
    assert who.get(f"/api/versions/{version}/audio").status_code == 200
    assert who.get(f"/api/versions/{version}/comments").status_code == 200
    assert str(version) in who.get(who.page).text  # type: ignore[attr-defined]


def test_the_latest_only(cast: Cast, second: UUID, listener: NewListener) -> None:
    comment = comment_on(cast, cast.version, "a word on it")

    hanna = listener("latest")

    is_heard(hanna, second)
    is_hidden(hanna, cast, cast.version, comment)


def test_the_latest_follows_along(
    cast: Cast, second: UUID, listener: NewListener, database: Database
) -> None:
    hanna = listener("latest")
    comment = comment_on(cast, second, "a word on it")

    third = another_version(cast, database)

    is_heard(hanna, third)
    is_hidden(hanna, cast, second, comment)

    cast.ada.delete(f"/api/versions/{third}")
    is_heard(hanna, second)


def test_chosen_ones_only(cast: Cast, second: UUID, listener: NewListener, database: Database) -> None:
    comment = comment_on(cast, second, "a word on it")

    hanna = listener([str(cast.version)])

    is_heard(hanna, cast.version)
    is_hidden(hanna, cast, second, comment)
    another_version(cast, database)
    is_heard(hanna, cast.version)


def test_a_chosen_version_that_was_removed_leaves_an_empty_page(
    cast: Cast, second: UUID, listener: NewListener
) -> None:
    hanna = listener([str(cast.version)])
    comment = comment_on(cast, second, "a word on it")

    cast.ada.delete(f"/api/versions/{cast.version}")

    assert hanna.get(hanna.page).status_code == 200  # type: ignore[attr-defined]
    is_hidden(hanna, cast, second, comment)


def test_two_links_to_one_version_each_show_both(cast: Cast, second: UUID, listener: NewListener) -> None:
    hanna = listener([str(cast.version)], [str(second)])

    is_heard(hanna, cast.version)
    is_heard(hanna, second)


def test_two_links_each_keep_their_rights_to_their_own_version(
    client: TestClient, cast: Cast, second: UUID, listener: NewListener
) -> None:
    hanna = listener([str(second)])
    quiet = cast.ada.post(
        f"/api/songs/{cast.song}/links", json={"versions": [str(cast.version)], "may_comment": False}
    )
    hanna.post(quiet.json()["url"], data={"name": "Hanna"})

    said = [
        hanna.post(f"/api/versions/{version}/comments", json={"at": 1, "body": "x"}).status_code
        for version in (second, cast.version)
    ]

    assert said == [201, 403]


def live(cast: Cast) -> str:
    return f"ws://earmark.test/api/songs/{cast.song}/live"  # else the test client makes up another host


def messages(socket: Any, until: str) -> list[dict[str, Any]]:
    """Everything up to the comment that says `until`."""
    found: list[dict[str, Any]] = []
    while True:
        frame = socket.receive_json()
        for message in frame if isinstance(frame, list) else [frame]:
            found.append(message)
            if message.get("comment", {}).get("body") == until:
                return found


@pytest.mark.parametrize("versions", ["latest", "chosen"])
def test_the_socket_tells_nothing_of_them(
    cast: Cast, second: UUID, listener: NewListener, versions: str
) -> None:
    hanna = listener("latest" if versions == "latest" else [str(second)])
    comment_on(cast, cast.version, "said before")

    with hanna.websocket_connect(f"{live(cast)}?since=0") as socket:
        comment_on(cast, cast.version, "a word on it")
        cast.ada.patch(f"/api/versions/{cast.version}", json={"label": "a new label"})
        comment_on(cast, second, "the last word")
        heard = messages(socket, until="the last word")

    assert [message for message in heard if str(cast.version) in str(message)] == []
    assert "said before" not in str(heard)
    assert any(message["type"] == "version.added" for message in heard)


def test_who_hears_the_latest_is_told_when_it_is_taken_away(
    cast: Cast, second: UUID, listener: NewListener
) -> None:
    hanna = listener("latest")
    with hanna.websocket_connect(live(cast)) as socket:
        hello(socket)  # from here on she is told what happens
        cast.ada.delete(f"/api/versions/{second}")
        comment_on(cast, cast.version, "now this one")
        heard = messages(socket, until="now this one")

    assert "resync" in [message["type"] for message in heard]
