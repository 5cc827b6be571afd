"""The real server as a process of its own, for tests where sockets, ranges or kills matter."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import httpx2
import pytest

from tests.services.ports import free_port

ROOT = Path(__file__).parents[2]
SERVE = (sys.executable, "-m", "server", "serve", "--host", "127.0.0.1")
SECONDS_TO_START = 120.0
SECONDS_TO_STOP = 60
# By default a client uses an idle line for as long as uvicorn keeps it: what is sent in that moment is not answered.
LET_GO_EARLY = httpx2.Limits(keepalive_expiry=2)


class LiveServer:
    """`python -m server serve` on a data folder. The port stays the same over a restart."""

    def __init__(
        self,
        data: Path,
        env: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
        command: Sequence[str] = SERVE,
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = data
        self.log_file = data.with_name(f"{data.name}.log")
        self._command = [*command, "--port", str(self.port), *arguments]
        # a developer's own settings have no say in tests
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("EARMARK_")}
        self.env = inherited | {"PYTHONUNBUFFERED": "1", "EARMARK_DATA": str(data)} | dict(env or {})
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> LiveServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        return self._started[-1]

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def start(self) -> None:
        """Return once it answers."""
        if self._answers():
            raise RuntimeError(f"Somebody else's server answers at {self.url} already.")
        with self.log_file.open("ab") as log:
            # a session of its own, so that closing can end its children too and nobody else's
            process = subprocess.Popen(
                self._command,
                env=self.env,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._started.append(process)
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            # asked first: what answers once ours has ended is another's
            if process.poll() is not None:
                raise RuntimeError(
                    f"The server ended with {process.returncode} instead of starting:\n{self.log}"
                )
            if self._answers():
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"The server did not answer within {SECONDS_TO_START} s:\n{self.log}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """As a power cut would: no goodbye. (Children are left, as they would be.)"""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """As an administrator would; returns the exit code."""
        self.process.terminate()
        return self.process.wait(timeout=SECONDS_TO_STOP)

    def restart(self) -> None:
        if self.process.poll() is None:
            self.stop()
        self.start()

    def close(self) -> None:
        """End everything that was started. What it prints, pytest shows only for a test that failed."""
        with suppress(subprocess.TimeoutExpired):
            if self.process.poll() is None:
                self.stop()
        for process in self._started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        print(f"--- log of the server at {self.url} ---\n{self.log}")


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., LiveServer]]:
    """Call it for a running server on a data folder of its own: `start_server(env={...}, data=folder)`."""
    servers: list[LiveServer] = []

    def start(data: Path | None = None, **options: object) -> LiveServer:
        server = LiveServer(data or tmp_path / f"data-{len(servers)}", **options)  # type: ignore[arg-type]
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def live_server(start_server: Callable[..., LiveServer]) -> LiveServer:
    """A running server on an empty data folder."""
    return start_server()
