"""A member of another band and a stranger get 404 on every address of the first band, and each is tried."""

import base64
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, SQLModel, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from server.compare.models import BlindTest, BlindVote, Comparison
from server.database import Database, now
from server.events.models import LoggedEvent
from server.feedback.models import Comment, Reaction, SeenMark, Verdict
from server.listening.models import Answer, Hearing, Question
from server.people import accounts
from server.people.models import (
    ApiToken,
    Guest,
    Invitation,
    Membership,
    OneTimeAddress,
    Person,
    ReviewLink,
    SignIn,
)
from server.songs.models import Song, Version
from server.uploads.models import Upload
from tests.cast import Cast
from tests.trust.doors import METHODS, Visit, doors, filled, open_doors

# Every address that anybody may open, each with the reason.
PUBLIC = {
    "/api/openapi.json": "describes the API and holds nobody's data",
    "/healthz": "says that the server lives, for who watches over it",
    "/favicon.ico": "a picture",
    "/": "the sign-in page to a stranger, one's own bands to a member",
    "/sign-in": "how one comes in",
    "/sign-out": "ends one's own sign-in; harmless without",
    "/account": "one's own; a stranger is led to the sign-in page",
    "/account/password": "one's own; a stranger is led to the sign-in page",
    "/account/tokens": "one's own; a stranger is led to the sign-in page",
    "/bands": "makes a band of one's own; a stranger is led to the sign-in page",
    "/api/uploads": "what the tus server can do; making an upload names a song, which is tried below",
    "/api/unread": "counts in one's own songs; a stranger has none and is asked to sign in",
    "/api/songs": "one's own songs, or a new one in one's own band",
    "/songs": "makes a song in one's own band; for the first band it is tried below",
    "/r/{secret}": "a private link: whoever has the secret may knock; a made-up secret is tried below",
}
# They hold only what belongs to the one who is signed in, so a stranger is asked to sign in, whatever the id.
ASKS_TO_SIGN_IN = {
    "POST /account/tokens/{id:uuid}/end": frozenset({303}),
    "POST /account/sign-ins/{id:uuid}/end": frozenset({303}),
    "HEAD /api/uploads/{upload:uuid}": frozenset({401}),
    "PATCH /api/uploads/{upload:uuid}": frozenset({401}),
    "DELETE /api/uploads/{upload:uuid}": frozenset({401}),
}
# What an address asks for before it looks who is asking.
QUERIES = {
    "/api/versions/{version:uuid}/clip": "?start=0&end=1",
    "/api/compare": "?a={version}&b={version}",
    "/api/compare/difference": "?a={version}&b={version}&start=0&end=1",
}
TABLES: tuple[type[SQLModel], ...] = (
    Answer,
    ApiToken,
    BlindTest,
    BlindVote,
    Comment,
    Comparison,
    Guest,
    Hearing,
    Invitation,
    LoggedEvent,
    Membership,
    Question,
    Reaction,
    ReviewLink,
    SeenMark,
    SignIn,
    Song,
    Upload,
    Verdict,
    Version,
)

Ids = dict[str, UUID | str]


@pytest.fixture
def ids(cast: Cast, database: Database) -> Ids:
    """One of everything that the first band has."""
    id = str(uuid4())
    cast.ada.post(f"/api/versions/{cast.version}/comments", json={"id": id, "at": 1, "body": "mine"})
    reaction = str(uuid4())
    cast.ada.post(f"/api/versions/{cast.version}/reactions", json={"id": reaction, "at": 1, "kind": "love"})
    question, answer = str(uuid4()), str(uuid4())
    asked = {"id": question, "kind": "words", "text": "What is it about?"}
    cast.ada.post(f"/api/versions/{cast.version}/questions", json=asked)
    words = {"id": answer, "revision": 1, "body": "mine"}
    cast.ada.post(f"/api/questions/{question}/answers", json=words)
    cast.ada.post(f"/bands/{cast.band}/invitations", data={"note": "x"})
    cast.ada.post("/account/tokens", data={"name": "x"})

    def find(session: Session) -> Ids:
        upload = Upload(song_id=cast.song, person_id=cast.ada_id, length=9, about={}, expires_at=_later())
        test = _blind_test(cast)
        session.add_all([upload, test])
        session.flush()
        return {
            "upload": upload.id,
            "test": test.id,
            "side": "x",
            "invitation": session.exec(select(Invitation.id)).one(),
            "token": session.exec(select(ApiToken.id)).one(),
            "sign-in": accounts.sign_ins_of(session, cast.ada_id)[0].id,
        }

    found = database.write(find)
    upload = cast.ada.app.state.settings.staging / str(found["upload"])  # type: ignore[attr-defined]
    upload.touch()
    return found | {
        "band": cast.band,
        "song": cast.song,
        "version": cast.version,
        "comment": id,
        "reaction": reaction,
        "question": question,
        "answer": answer,
        "link": cast.link,
        "person": cast.ada_id,
        "secret": "made-up",
    }


def _blind_test(cast: Cast) -> BlindTest:
    return BlindTest(
        song_id=cast.song,
        a_id=cast.version,
        b_id=cast.version,
        created_by=cast.ada_id,
        at=1.0,
        until=2.0,
        question="Which?",
        shuffle_key="0" * 32,
    )


def _later() -> Any:
    return now() + accounts.SIGNED_IN_FOR


def visits(routes: Any, ids: Ids) -> list[Visit]:
    return [
        Visit(
            door,
            filled(door.path, _named(door.path, ids)) + QUERIES.get(door.path, "").format(**ids),
            **_body(f"{door.method} {door.path}", ids),
        )
        for door in doors(routes)
        if door.path not in PUBLIC and not door.path.startswith("/static/")
    ]


def _named(path: str, ids: Ids) -> Ids:
    """What a bare `{id}` stands for is told by the address before it."""
    owner = {"tokens": "token", "sign-ins": "sign-in", "invitations": "invitation"}
    parts = path.split("/")
    if "{id:uuid}" not in parts:
        return ids
    return ids | {"id": ids[owner[parts[parts.index("{id:uuid}") - 1]]]}


def _body(door: str, ids: Ids) -> dict[str, Any]:
    """What a member would send, so that nothing else can be the reason for the 404."""
    account = {"name": "Eve", "email": "eve@example.org", "password": "let me in please", "band": "Eves"}
    bodies: dict[str, dict[str, Any]] = {
        "PATCH /api/versions/{version:uuid}": {"json": {"label": "x"}},
        "POST /api/versions/{version:uuid}/comments": {"json": {"at": 1, "body": "x"}},
        "POST /api/versions/{version:uuid}/reactions": {"json": {"at": 1, "kind": "love"}},
        "POST /api/versions/{version:uuid}/questions": {"json": {"kind": "words", "text": "x"}},
        "PATCH /api/questions/{question:uuid}": {"json": {"text": "x"}},
        "POST /api/questions/{question:uuid}/answers": {"json": {"revision": 1, "body": "x"}},
        "POST /api/versions/{version:uuid}/heard": {"json": {"parts": [[0, 1]]}},
        "PATCH /api/comments/{comment:uuid}": {"json": {"body": "x"}},
        "PUT /api/versions/{version:uuid}/comments/{comment:uuid}/verdict": {"json": {"verdict": "fixed"}},
        "POST /api/songs/{song:uuid}/seen": {"json": {"numbers": [1]}},
        "POST /api/songs/{song:uuid}/unseen": {"json": {"numbers": [1]}},
        "POST /api/songs/{song:uuid}/links": {"json": {"name": "x"}},
        "POST /songs/{song:uuid}/links": {"form": {"name": "x", "may_comment": "1"}},
        "POST /api/songs/{song:uuid}/blind-tests": {
            "json": {"a": str(ids.get("version")), "b": str(uuid4()), "at": 1, "until": 3}
        },
        "PUT /api/blind-tests/{test:uuid}/vote": {"json": {"choice": "x"}},
        "POST /blind-tests/{test:uuid}/vote": {"form": {"choice": "x"}},
        "POST /songs/{song:uuid}/comments": {
            "form": {"version": str(ids.get("version")), "at": "1", "body": "x"}
        },
        "POST /comments/{comment:uuid}/done": {"form": {"done": "1"}},
        "POST /bands/{band:uuid}/invitations": {"form": {"note": "x"}},
        "POST /invitations/{secret}": {"form": account},
        "POST /welcome/{secret}": {"form": account},
        "PATCH /api/uploads/{upload:uuid}": {"headers": {"content-type": "application/offset+octet-stream"}},
    }
    return bodies.get(door, {})


@pytest.fixture
def counts(count: Callable[[type[SQLModel]], int]) -> Callable[[], dict[str, int]]:
    return lambda: {table.__name__: count(table) for table in TABLES}


def test_a_member_of_another_band_finds_nothing(cast: Cast, ids: Ids, counts: Any) -> None:
    before = counts()

    assert open_doors(visits(_routes(cast), ids), cast.cleo, allowed={}) == []

    assert counts() == before


def test_a_stranger_finds_nothing(cast: Cast, ids: Ids, counts: Any) -> None:
    before = counts()

    assert open_doors(visits(_routes(cast), ids), cast.stranger, allowed=ASKS_TO_SIGN_IN) == []

    assert counts() == before


def test_a_stranger_is_told_the_same_of_what_is_there_and_what_is_not(cast: Cast, ids: Ids) -> None:
    nothing = {name: uuid4() if isinstance(value, UUID) else value for name, value in ids.items()}
    nothing |= {name: str(uuid4()) for name in ("comment", "reaction", "question", "answer")}
    for who in cast.outsiders:
        there = [visit.status(who) for visit in visits(_routes(cast), ids)]
        assert [visit.status(who) for visit in visits(_routes(cast), nothing)] == there


def test_a_listener_of_one_song_finds_nothing_of_another(cast: Cast, ids: Ids, database: Database) -> None:
    song = cast.ada.post("/api/songs", json={"title": "Another"}).json()["id"]

    def move(session: Session) -> None:
        link = session.get_one(ReviewLink, cast.link)
        link.song_id = UUID(song)
        session.add(link)

    database.write(move)
    assert cast.gil.get(f"/api/songs/{song}").status_code == 200
    other = cast.ada.post(f"/api/songs/{cast.song}/links", json={}).json()["id"]
    tried = visits(_routes(cast), ids | {"link": other})
    assert open_doors(tried, cast.gil, allowed=ASKS_TO_SIGN_IN) == []


def test_the_doors_that_are_tried_open_for_the_band(cast: Cast, ids: Ids) -> None:
    """Or the walk would prove nothing: with the same ids and bodies a member comes in by the most of them."""
    tried = [visit for visit in visits(_routes(cast), ids) if visit.door.method in ("GET", "PATCH", "WS")]

    opened = [str(visit.door) for visit in tried if visit.status(cast.ada) in (200, 204)]

    assert "GET /songs/{song:uuid}" in opened
    assert "GET /api/versions/{version:uuid}/audio" in opened
    assert "GET /bands/{band:uuid}" in opened
    assert "PATCH /api/comments/{comment:uuid}" in opened
    assert "GET /songs/{song:uuid}/blind/{test:uuid}" in opened
    assert "WS /api/songs/{song:uuid}/live" in opened
    assert len(opened) >= 12


def test_nobody_brings_anything_into_another_band(cast: Cast, counts: Any) -> None:
    before = counts()
    for who in cast.outsiders:
        strangers_answer = 404 if who is cast.cleo else 401
        assert who.post("/api/songs", json={"title": "x", "band": str(cast.band)}).status_code == (
            strangers_answer
        )
        form = who.post("/songs", data={"title": "x", "band": str(cast.band)}, follow_redirects=False)
        assert form.status_code == (404 if who is cast.cleo else 303)
        metadata = {"Upload-Metadata": _metadata(song=str(cast.song), filename="a.wav", stage="mixing")}
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "9", **metadata}
        assert who.post("/api/uploads", headers=headers).status_code == strangers_answer
    assert counts() == before


def _metadata(**values: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def test_a_made_up_link_opens_nothing(cast: Cast, counts: Any) -> None:
    before = counts()
    for secret in ("made-up", cast.link_secret[:-1], cast.link_secret.swapcase(), str(cast.link), "%00"):
        assert cast.stranger.get(f"/r/{secret}").status_code == 404
        assert cast.stranger.post(f"/r/{secret}", data={"name": "Eve"}).status_code == 404
    assert counts() == before


def test_looking_with_head_changes_nothing_even_for_the_band(
    cast: Cast, ids: Ids, counts: Any, database: Database
) -> None:
    def add(session: Session) -> str:
        return accounts.add_one_time_address(session, session.get_one(Person, cast.ada_id))

    once = database.write(add)
    before = counts()
    for visit in visits(_routes(cast), ids):
        if visit.door.method in ("HEAD", "OPTIONS") and "upload" not in visit.address:
            visit.status(cast.ada)
    cast.ada.head(f"/once/{once}")

    assert counts() == before
    used = database.read(lambda session: session.exec(select(OneTimeAddress.used_at)).all())
    assert used == [None]


def test_every_public_address_is_one_of_the_app(cast: Cast) -> None:
    """No reason outlives its address."""
    paths = {door.path for door in doors(_routes(cast))}

    assert set(PUBLIC) - paths == set()
    assert {name.split(" ", 1)[1] for name in ASKS_TO_SIGN_IN} - paths == set()


def _routes(cast: Cast) -> Any:
    return cast.ada.app.routes  # type: ignore[attr-defined]


async def _welcome_everybody(request: Request) -> Response:
    return PlainTextResponse("come in")


async def _talk_to_everybody(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


def test_an_open_door_is_found_wherever_it_is() -> None:
    routes = [
        Route("/songs/{song:uuid}/secrets", _welcome_everybody, methods=["GET"]),
        Mount("/inner", routes=[Route("/{song:uuid}", _welcome_everybody, methods=["DELETE"])]),
        WebSocketRoute("/songs/{song:uuid}/talk", _talk_to_everybody),
    ]
    tried = visits(routes, {"song": uuid4()})

    with TestClient(Starlette(routes=routes)) as anybody:
        assert open_doors(tried, anybody, allowed={}) == [
            "GET /songs/{song:uuid}/secrets answers 200",
            "HEAD /songs/{song:uuid}/secrets answers 200",
            "DELETE /inner/{song:uuid} answers 200",
            "WS /songs/{song:uuid}/talk answers 200",
        ]


def test_an_address_with_a_parameter_nobody_knows_stops_the_walk() -> None:
    with pytest.raises(KeyError):
        visits([Route("/secrets/{what}", _welcome_everybody)], {"song": uuid4()})


def test_every_method_is_tried() -> None:
    assert {door.method for door in doors([Route("/x", _welcome_everybody)])} == set(METHODS)
