"""The servers whose rooms are compared: Earmark with its database, a bare broadcast, and Node's `ws`."""

import asyncio
import contextlib
import json
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from sqlmodel import Session
from websockets.asyncio.client import connect

from server.database import Database, now
from server.events.objects import CommentShape, author
from server.events.types import CommentEvent
from server.migrations import migrate_database
from server.people import accounts, bands
from server.people.secrets import new_secret
from server.people.visitors import GUEST_COOKIE
from server.sharing.links import let_in
from server.songs.songs import add_song
from server.songs.versions import Arrival, add_version
from tests.cast import PASSWORD_HASH, add_review_link
from tests.services.ports import free_port
from tests.services.server import LiveServer

_HERE = Path(__file__).parent
_AUTHORS = 20
"""Connections that write, each from an address of its own: one address alone may not write that fast."""

Say = Callable[[int], Coroutine[Any, Any, float]]
"""Says comment number n; gives the moment from which it counts as said."""


@dataclass(frozen=True)
class Room:
    """Where to listen, as whom, and how to speak; `pid` is the server's."""

    port: int
    path: str
    cookies: Path | None
    pid: int
    speaking: Callable[[], contextlib.AbstractAsyncContextManager[Say]]


@contextlib.contextmanager
def bare_room(command: list[str]) -> Iterator[Room]:
    """A server that sends what one socket says to all."""
    port = free_port()
    process = subprocess.Popen([part.replace("PORT", str(port)) for part in command])

    @contextlib.asynccontextmanager
    async def speaking() -> AsyncIterator[Say]:
        async with connect(f"ws://127.0.0.1:{port}", compression=None) as socket:
            hearing = asyncio.create_task(_swallow(socket))

            async def say(number: int) -> float:
                moment = time.monotonic()
                await socket.send(_event(number))
                return moment

            yield say
            hearing.cancel()

    try:
        _wait_for(port)
        yield Room(port, "/", None, process.pid, speaking)
    finally:
        process.kill()
        process.wait()


def websockets_command() -> list[str]:
    return [sys.executable, "-m", "benchmarks._live_bare", "PORT"]


def node_command(folder: Path) -> list[str] | None:
    """None where there is no Node, or no `ws` to be had."""
    if not (shutil.which("node") and shutil.which("npm")):
        return None
    got = subprocess.run(["npm", "install", "--silent", "ws@8"], cwd=folder, capture_output=True)
    return None if got.returncode else ["node", str(_HERE / "_live_node.mjs"), "PORT", str(folder)]


@contextlib.contextmanager
def earmark_room(folder: Path, listeners: int) -> Iterator[Room]:
    """Earmark as `serve` starts it, each listener a guest of their own; a comment counts from its 201."""
    data = folder / f"earmark-{listeners}"
    data.mkdir()
    url = f"sqlite:///{data / 'earmark.db'}"
    migrate_database(url)
    with closing(Database(url)) as database:
        song, version, token, secrets = database.write(lambda session: _band(session, listeners))
    cookies = folder / f"cookies-{listeners}.txt"
    cookies.write_text("\n".join(f"{GUEST_COOKIE}={secret}" for secret in secrets))

    @contextlib.asynccontextmanager
    async def speaking() -> AsyncIterator[Say]:
        headers = {"Authorization": f"Bearer {token}"}
        async with contextlib.AsyncExitStack() as stack:
            authors = [
                await stack.enter_async_context(
                    httpx2.AsyncClient(
                        base_url=server.url,
                        headers=headers,
                        timeout=60,
                        transport=httpx2.AsyncHTTPTransport(local_address=f"127.0.0.{2 + each}"),
                    )
                )
                for each in range(_AUTHORS)
            ]

            async def say(number: int) -> float:
                body = {"at": 1.5, "body": _body(number)}
                client = authors[number % _AUTHORS]
                answer = await client.post(f"/api/versions/{version}/comments", json=body)
                moment = time.monotonic()
                assert answer.status_code == 201, answer.text
                return moment

            yield say

    with LiveServer(data, arguments=["--no-worker"]) as server:
        yield Room(server.port, f"/api/songs/{song}/live", cookies, server.process.pid, speaking)


def _band(session: Session, listeners: int) -> tuple[uuid.UUID, uuid.UUID, str, list[str]]:
    ada = accounts.add_person(session, email="ada@example.org", name="Ada", password_hash=PASSWORD_HASH)
    band = bands.add_band(session, "The Lanterns", ada)
    song = add_song(session, ada, "Night Bus", band.id)
    version = add_version(session, song, ada.id, Arrival("night bus.wav", 31, "0" * 64, "mixing", "", ""))
    version.status, version.duration = "ready", 240.0
    link = add_review_link(session, song, new_secret())
    secrets = [let_in(session, link, f"Listener {number}", None) for number in range(listeners)]
    return song.id, version.id, accounts.add_token(session, ada, "benchmark"), secrets


def _body(number: int) -> str:
    return f"@{number:06d}@ The second guitar drowns the voice here."


def _event(number: int) -> str:
    """The bytes that Earmark sends for a comment."""
    comment = CommentShape(
        id=uuid.uuid4(),
        song=uuid.uuid4(),
        version=uuid.uuid4(),
        at=1.5,
        until=None,
        body=_body(number),
        reply_to=None,
        author=author(uuid.uuid4(), "person", "Ada"),
        created_at=now(),
        edited_at=None,
        done=None,
        removed=False,
    )
    event = CommentEvent(type="comment.added", comment=comment)
    return json.dumps({"seq": number, "song": str(comment.song), **event.model_dump(mode="json")})


async def _swallow(socket: object) -> None:
    async for _ in socket:  # type: ignore[attr-defined]
        pass


def _wait_for(port: int) -> None:
    import socket

    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError("the server did not start")
