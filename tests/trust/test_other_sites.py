"""What another site's page makes a browser send is not carried out, over HTTP and over sockets."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import SQLModel
from starlette.websockets import WebSocketDisconnect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from server.feedback.models import Comment
from server.people.models import ReviewLink
from tests.cast import PASSWORD, Cast
from tests.services.server import LiveServer
from tests.sockets import hello

Count = Callable[[type[SQLModel]], int]
FOREIGN: list[dict[str, str]] = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "same-site", "origin": "http://earmark.test"},
    {"sec-fetch-site": "nonsense"},
    {"origin": "https://evil.example"},
    {"origin": "http://sub.earmark.test"},
    {"origin": "http://earmark.test:8000"},
    {"origin": "http://earmark.test.evil.example"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "http://["},
    {"origin": "earmark.test"},
]
OWN: list[dict[str, str]] = [
    {},
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},
    {"origin": "http://earmark.test"},
    {"origin": "https://earmark.test"},  # a proxy in front ends TLS
    {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
]


def socket_address(cast: Cast) -> str:
    return f"ws://earmark.test/api/songs/{cast.song}/live"  # the host that the test client else makes up


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_change_is_refused(cast: Cast, count: Count, headers: dict[str, str]) -> None:
    before = count(ReviewLink)

    answer = cast.ada.post(
        f"/api/versions/{cast.version}/comments", json={"at": 1, "body": "x"}, headers=headers
    )
    form = cast.ada.post(f"/songs/{cast.song}/links", data={"name": "x"}, headers=headers)
    removed = cast.ada.delete(f"/api/songs/{cast.song}", headers=headers)

    assert {answer.status_code, form.status_code, removed.status_code} == {403}
    assert "another site" in answer.json()["error"]["message"]
    assert (count(Comment), count(ReviewLink)) == (0, before)
    assert cast.ada.get(f"/api/songs/{cast.song}").status_code == 200


@pytest.mark.parametrize("headers", FOREIGN)
def test_nobody_is_signed_in_from_there(cast: Cast, headers: dict[str, str]) -> None:
    answer = cast.stranger.post(
        "/sign-in", data={"email": "ada@example.org", "password": PASSWORD}, headers=headers
    )

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("headers", OWN)
def test_our_own_pages_and_scripts_without_a_browser_may(cast: Cast, headers: dict[str, str]) -> None:
    answer = cast.ada.post(
        f"/api/versions/{cast.version}/comments", json={"at": 1, "body": "x"}, headers=headers
    )

    assert answer.status_code == 201


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_link_from_there_still_leads_here(cast: Cast, headers: dict[str, str]) -> None:
    assert cast.ada.get(f"/songs/{cast.song}", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_socket_is_closed_before_it_says_anything(cast: Cast, headers: dict[str, str]) -> None:
    with cast.ada.websocket_connect(socket_address(cast), headers=headers) as socket:
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 4403


@pytest.mark.parametrize("headers", OWN)
def test_a_socket_of_our_own_page_opens(cast: Cast, headers: dict[str, str]) -> None:
    with cast.ada.websocket_connect(socket_address(cast), headers=headers) as socket:
        hello(socket)


def test_no_other_site_is_told_that_it_may_read(cast: Cast) -> None:
    headers = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    for answer in (
        cast.ada.get("/api/songs", headers=headers),
        cast.ada.options("/api/songs", headers=headers),
    ):
        assert [name for name in answer.headers if name.startswith("access-control-")] == []


def test_a_real_browser_would_see_the_close_code(live_server: LiveServer) -> None:
    """The test client shows codes that a real handshake would swallow."""
    address = live_server.url.replace("http", "ws") + f"/api/songs/{uuid4()}/live"

    assert _close_code(address, origin="https://evil.example") == 4403
    assert _close_code(address, origin=live_server.url) == 4404
    assert _close_code(address, origin=None) == 4404


def _close_code(address: str, origin: Any) -> int | None:
    with connect(address, origin=origin, open_timeout=30) as socket:
        try:
            socket.recv(timeout=20)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
    return None
