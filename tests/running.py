"""A server of its own process with a band in it, for tests where sockets, ranges or kills matter."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2 as httpx
import pytest
from sqlmodel import Session

from server.database import Database
from server.people import accounts, bands
from server.settings import Settings
from server.songs.songs import add_song
from tests.cast import PASSWORD_HASH
from tests.services.server import LET_GO_EARLY, ROOT, LiveServer

SECONDS_TO_PREPARE = 120


class Running:
    """A live server, Ada's token in a client, and a song of hers."""

    def __init__(self, server: LiveServer, database_url: str, token: str, song: UUID) -> None:
        self.server, self.database_url, self.token, self.song = server, database_url, token, song
        headers = {"authorization": f"Bearer {token}"}
        self.ada = httpx.Client(base_url=server.url, headers=headers, timeout=60, limits=LET_GO_EARLY)
        self._workers: list[subprocess.Popen[bytes]] = []

    def upload(self, file: Path, **fields: str) -> dict[str, Any]:
        with file.open("rb") as content:
            answer = self.ada.post(
                f"/api/songs/{self.song}/versions",
                files={"file": (file.name, content)},
                data={"stage": "mixing"} | fields,
            )
        assert answer.status_code == 201, answer.text
        version: dict[str, Any] = answer.json()
        return version

    def version(self, id: str) -> dict[str, Any]:
        answer = self.ada.get(f"/api/versions/{id}")
        assert answer.status_code == 200, answer.text
        version: dict[str, Any] = answer.json()
        return version

    def wait_until(self, id: str, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The version, as soon as it is as wanted."""
        deadline = time.monotonic() + SECONDS_TO_PREPARE
        while not true(version := self.version(id)):
            assert time.monotonic() < deadline, f"It stays like this: {version}"
            time.sleep(0.02)
        return version

    def ready(self, id: str) -> dict[str, Any]:
        version = self.wait_until(id, lambda version: version["status"] != "preparing")
        assert version["status"] == "ready", version["error"]
        return version

    def start_worker(self) -> subprocess.Popen[bytes]:
        """`earmark worker` on the same data."""
        with self.server.log_file.open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "server", "worker"],
                env=self.server.env,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._workers.append(worker)
        return worker

    def close(self) -> None:
        self.ada.close()
        for worker in self._workers:
            if worker.poll() is None:
                worker.terminate()
                worker.wait(timeout=60)
            with suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)  # its children too


@pytest.fixture
def start_running(
    settings: Settings, start_server: Callable[..., LiveServer]
) -> Iterator[Callable[..., Running]]:
    """Call it for a running server on the test's database: `start_running(arguments=["--no-worker"])`."""
    started: list[Running] = []

    def start(env: dict[str, str] | None = None, **options: Any) -> Running:
        with closing(Database(settings.database)) as database:
            token, song = database.write(_band)
        env = {"OPENBLAS_NUM_THREADS": "1"} | (env or {})
        if settings.database_url:
            env["EARMARK_DATABASE_URL"] = settings.database_url
        server = start_server(data=settings.data, env=env, **options)
        started.append(Running(server, settings.database, token, song))
        return started[-1]

    yield start
    for running in started:
        running.close()


@pytest.fixture
def running(start_running: Callable[..., Running]) -> Running:
    return start_running()


def _band(session: Session) -> tuple[str, UUID]:
    ada = accounts.add_person(session, email="ada@example.org", name="Ada", password_hash=PASSWORD_HASH)
    band = bands.add_band(session, "The Lanterns", ada)
    return accounts.add_token(session, ada, "tests"), add_song(session, ada, "Night Bus", band.id).id
