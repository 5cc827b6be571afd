"""A crowd of listeners in one process: raw sockets that note when which comment reached whom.

    python -m benchmarks._live_listeners PORT PATH COOKIES COUNT COMMENTS OUTPUT

Prints "ready" when all are in, and writes every arrival, (comment, time on the system's monotonic clock), to OUTPUT
once each of them has heard all comments. It parses no frame, so that it costs less than any server it listens to:
a comment is known by the mark in its text, `@000123@`, and a ping by its first two bytes. What only looks like one is
answered too; a pong nobody asked for harms nothing (RFC 6455, 5.5.3).
"""

import array
import asyncio
import base64
import os
import re
import sys
import time
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np
import uvloop

_MARK = re.compile(rb"@(\d{6})@")
_MARK_BYTES = 8
_PING = re.compile(rb"\x89\x04(....)", re.DOTALL)
_PONG = b"\x8a\x84" + bytes(4)  # masked with zeros, as clients have to
PATIENCE_SECONDS = 120.0


class Crowd:
    def __init__(self, listeners: int, comments: int) -> None:
        self.missing = listeners * comments
        self.waiting_for = listeners
        self.comments, self.times = array.array("i"), array.array("d")
        self.all_in, self.all_heard = asyncio.Event(), asyncio.Event()

    def came_in(self) -> None:
        self.waiting_for -= 1
        if not self.waiting_for:
            self.all_in.set()

    def heard(self, marks: list[bytes]) -> None:
        moment = time.monotonic()
        for mark in marks:
            self.comments.append(int(mark))
            self.times.append(moment)
        self.missing -= len(marks)
        if self.missing <= 0:
            self.all_heard.set()


class RawListener(asyncio.Protocol):
    def __init__(self, crowd: Crowd, request: bytes) -> None:
        self._crowd, self._request = crowd, request
        self._inside, self._rest = False, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by name
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        if not self._inside:
            if b"\r\n\r\n" not in data:
                self._rest = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(data[:200].decode())
            self._inside = True
            self._crowd.came_in()
        for payload in _PING.findall(data):
            self._transport.write(_PONG + payload)
        marks = _MARK.findall(data)
        if marks:
            self._crowd.heard(marks)
        # A mark may be cut in two; less than a mark is kept, so none is counted twice.
        self._rest = data[-(_MARK_BYTES - 1) :]


async def listen(port: int, path: str, cookies: list[str], count: int, comments: int, output: Path) -> None:
    crowd, loop = Crowd(count, comments), asyncio.get_running_loop()
    for number in range(count):
        request = _request(port, path, cookies[number] if cookies else "")
        await loop.create_connection(partial(RawListener, crowd, request), "127.0.0.1", port)
    await asyncio.wait_for(crowd.all_in.wait(), PATIENCE_SECONDS)
    await asyncio.sleep(2)  # let hellos and who-is-here pass
    print("ready", flush=True)
    await asyncio.wait_for(crowd.all_heard.wait(), PATIENCE_SECONDS)
    np.savez(output, comments=np.array(crowd.comments), times=np.array(crowd.times))
    print("done", flush=True)


def _request(port: int, path: str, cookie: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade"]
    lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", f"Cookie: {cookie}"]
    return "\r\n".join([*lines, "", ""]).encode()


if __name__ == "__main__":
    port, path, cookies, count, comments, output = sys.argv[1:]
    of_each = Path(cookies).read_text().split() if cookies else []
    uvloop.run(listen(int(port), path, of_each, int(count), int(comments), Path(output)))
