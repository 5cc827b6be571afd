"""One frame for a whole room: built once and written to each transport.

Through the layers of the framework every listener's copy would be framed again, and that is most of what telling
a thousand listeners costs. uvicorn lets the protocol's class be chosen; ours tells the application how to write a
frame that is ready. Where another server runs the application, the ordinary way is taken.
"""

from collections.abc import Callable, Iterator
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request

_EXTENSION = "earmark.write_frame"
_LONGEST = 512 * 1024  # Many clients hang up on more than a megabyte; our JSON is ASCII.

WriteFrame = Callable[[bytes], bool]
"""False where the frame could not be taken now: too much waits already, or the socket is closing."""


class RoomProtocol(WebSocketsSansIOProtocol):
    """uvicorn's own, which lets the application write frames past it; without compression only."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent and not self.conn.extensions:
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[_EXTENSION] = self.write_frame

    def write_frame(self, frame: bytes) -> bool:
        transport = self.transport
        shut = self.close_sent or not self.handshake_complete or transport.is_closing()
        if shut or not self.writable.is_set():
            return False
        transport.write(frame)
        return True


def write_frame_of(scope: Any) -> WriteFrame | None:
    found: WriteFrame | None = scope.get("extensions", {}).get(_EXTENSION)
    return found


def joined(messages: list[str]) -> Iterator[str]:
    """What happened within one turn of the loop travels together, in as few texts as every client takes."""
    together: list[str] = []
    length = 0
    for message in messages:
        if together and length + len(message) > _LONGEST:
            yield _as_one(together)
            together, length = [], 0
        together.append(message)
        length += len(message)
    if together:
        yield _as_one(together)


def _as_one(messages: list[str]) -> str:
    return messages[0] if len(messages) == 1 else f"[{','.join(messages)}]"


def framed(messages: list[str]) -> bytes:
    """One frame after the other."""
    texts = joined(messages)
    return b"".join(Frame(Opcode.TEXT, text.encode()).serialize(mask=False) for text in texts)
