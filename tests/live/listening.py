"""A page's socket, as a test holds it: real uvicorn, a real client, every frame unpacked."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

PATIENCE = 20.0


class Ear:
    """Hears what the server says; `events` are those of the log, in the order they came."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.messages: list[dict[str, Any]] = []

    @property
    def events(self) -> list[dict[str, Any]]:
        return [message for message in self.messages if "seq" in message and message["type"] != "hello"]

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first message, heard already or to come, that is wanted."""
        for message in self.messages:
            if wanted(message):
                return message
        while True:
            frame = json.loads(self.socket.recv(timeout=PATIENCE))
            heard: list[dict[str, Any]] = frame if isinstance(frame, list) else [frame]
            self.messages += heard
            for message in heard:
                if wanted(message):
                    return message

    def until_seq(self, seq: int) -> list[dict[str, Any]]:
        self.until(lambda message: message.get("seq") == seq and message["type"] != "hello")
        return self.events

    def until_here(self, wanted: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """Who is here, once it is as wanted."""
        heard = self.until(lambda message: message["type"] == "presence" and wanted(message["here"]))
        here: list[dict[str, Any]] = heard["here"]
        return here

    def say(self, message: dict[str, Any]) -> None:
        self.socket.send(json.dumps(message))

    def closed_with(self) -> int:
        try:
            while True:
                self.socket.recv(timeout=PATIENCE)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006


@contextmanager
def listening(url: str, song: str, *, since: int | str | None = None, **headers: str) -> Iterator[Ear]:
    address = f"{url.replace('http', 'ws', 1)}/api/songs/{song}/live"
    if since is not None:
        address += f"?since={since}"
    # A page reads while it talks; a test that talks for long must not look like one that has gone.
    patient: Any = {"open_timeout": PATIENCE, "ping_interval": None, "max_queue": None}
    with connect(address, additional_headers=headers, **patient) as socket:
        yield Ear(socket)
