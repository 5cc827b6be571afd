"""A page's socket as the test client holds it. (tests/live has one of a real server.)"""

from typing import Any

from starlette.testclient import WebSocketTestSession


def hello(socket: WebSocketTestSession) -> dict[str, Any]:
    """The first message; what else was to be said in that moment may stand in the same frame."""
    frame = socket.receive_json()
    first: dict[str, Any] = frame[0] if isinstance(frame, list) else frame
    assert first["type"] == "hello"
    return first


def closed_with(socket: WebSocketTestSession) -> int:
    """The code that the server closes it with, whatever it says before."""
    message = socket.receive()
    while message["type"] != "websocket.close":
        message = socket.receive()
    return int(message["code"])
