"""Something that must not be touched, as a file and as an address, and that tells when it was."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path


class Canary:
    """``path`` is a FIFO: whoever opens it for reading waits there until we have noticed. ``url`` is a socket."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "canary.wav"
        os.mkfifo(self.path)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(0.02)
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/canary.wav"
        self._stop = threading.Event()
        self._touched = False
        self._watchers = [threading.Thread(target=watch) for watch in (self._watch_path, self._watch_url)]
        for watcher in self._watchers:
            watcher.start()

    def _watch_path(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(OSError):  # ENXIO: nobody has it open for reading
                os.close(os.open(self.path, os.O_WRONLY | os.O_NONBLOCK))
                self._touched = True
            time.sleep(0.002)

    def _watch_url(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                self._server.accept()[0].close()
                self._touched = True

    def touched(self) -> bool:
        """Was it opened or asked since the last time?"""
        time.sleep(0.05)  # a connection may still wait to be taken
        touched, self._touched = self._touched, False
        return touched

    def close(self) -> None:
        self._stop.set()
        for watcher in self._watchers:
            watcher.join()
        self._server.close()


@contextlib.contextmanager
def canary_in(folder: Path) -> Iterator[Canary]:
    canary = Canary(folder)
    try:
        yield canary
    finally:
        canary.close()
