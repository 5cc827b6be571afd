"""Walks every address of the app and tries it as somebody who has no business in the band."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.routing import BaseRoute, Host, Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What any call might need before it looks who is asking; a call of tus reads its headers first.
HEADERS = {
    "tus-resumable": "1.0.0",
    "upload-offset": "0",
    "upload-length": "9",
    "content-type": "application/json",
}


@dataclass(frozen=True)
class Door:
    method: str
    path: str
    """As the route has it, with its parameters."""
    is_socket: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def doors(routes: Iterable[BaseRoute], before: str = "") -> Iterator[Door]:
    for route in routes:
        if isinstance(route, Mount | Host):
            inner = before + getattr(route, "path", "")
            if not route.routes:  # an app of its own, such as the static files
                yield from (Door(method, f"{inner}/{{path:path}}") for method in METHODS)
            yield from doors(route.routes, inner)
        elif isinstance(route, WebSocketRoute):
            yield Door("WS", before + route.path, is_socket=True)
        elif isinstance(route, Route):
            yield from (Door(method, before + route.path) for method in METHODS)
        else:
            raise TypeError(f"{route!r} is a kind of route that nobody has thought of here")


@dataclass(frozen=True)
class Visit:
    """How one door is tried: its parameters filled in, and a body that would do for somebody who may."""

    door: Door
    address: str
    json: Any = None
    form: dict[str, str] | None = None
    headers: dict[str, str] | None = None

    def status(self, who: TestClient) -> int:
        return _socket_status(who, self.address) if self.door.is_socket else self._request(who)

    def _request(self, who: TestClient) -> int:
        headers = HEADERS | (self.headers or {})
        given: dict[str, Any] = {"json": self.json if self.json is not None else {}}
        if self.form is not None:
            given = {"data": self.form}
            headers = {name: value for name, value in headers.items() if name != "content-type"}
        answer = who.request(self.door.method, self.address, headers=headers, follow_redirects=False, **given)
        return answer.status_code


def _socket_status(who: TestClient, address: str) -> int:
    """404 for a socket that closes with 4404 before it says anything."""
    try:
        with who.websocket_connect(address) as socket:
            message = socket.receive()
            return int(message.get("code", 200)) - 4000 if message["type"] == "websocket.close" else 200
    except WebSocketDisconnect as refused:
        return refused.code - 4000


def filled(path: str, ids: dict[str, UUID | str]) -> str:
    """'/songs/{song:uuid}' with the song's id; KeyError for a parameter nobody has given an id for."""
    parts = path.split("/")
    return "/".join(str(ids[p[1:-1].partition(":")[0]]) if p.startswith("{") else p for p in parts)


def open_doors(visits: Iterable[Visit], who: TestClient, *, allowed: dict[str, frozenset[int]]) -> list[str]:
    """Those that answer otherwise than 404 (or, for a method that the address does not have, 405)."""
    found = []
    for visit in visits:
        status = visit.status(who)
        if status not in (404, 405) and status not in allowed.get(str(visit.door), frozenset()):
            found.append(f"{visit.door} answers {status}")
    return found
