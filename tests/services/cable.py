"""A network cable between a browser and the server that a test can pull out.

Playwright's `set_offline` only holds up an open WebSocket and lets it go on later; this one cuts it.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

CHUNK = 65536


class Cable:
    """Forwards TCP from `url` to a port of 127.0.0.1. Cut, it ends what is open and refuses what is new."""

    def __init__(self, target_port: int) -> None:
        self._target = ("127.0.0.1", target_port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: set[socket.socket] = set()
        self._whole = True
        self._lock = threading.Lock()
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        with self._lock:
            self._whole = False
            ends, self._ends = self._ends, set()
        for end in ends:
            hang_up(end)

    def heal(self) -> None:
        self._whole = True

    def close(self) -> None:
        hang_up(self._listener)
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:  # closed: the test is over
                return
            self._connect(near)

    def _connect(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self._target)
        except OSError:  # the server is down, and whoever asks should see just that
            hang_up(near)
            return
        with self._lock:
            whole = self._whole
            if whole:
                self._ends |= {near, far}
        if whole:
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()
        else:
            hang_up(near)
            hang_up(far)

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        back = threading.Thread(target=forward, args=(far, near), daemon=True)
        back.start()
        forward(near, far)
        back.join()
        with self._lock:
            self._ends -= {near, far}
        hang_up(near)
        hang_up(far)


def forward(source: socket.socket, sink: socket.socket) -> None:
    """Until `source` has said its last; the other direction may have more to say."""
    with suppress(OSError):
        while data := source.recv(CHUNK):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in recv or accept; close alone would not
    end.close()


@pytest.fixture
def new_cable() -> Iterator[Callable[[int], Cable]]:
    """Call it with a server's port; open pages at the cable's `url`."""
    cables: list[Cable] = []

    def lay(target_port: int) -> Cable:
        cables.append(Cable(target_port))
        return cables[-1]

    yield lay
    for cable in cables:
        cable.close()
