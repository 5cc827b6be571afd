"""A throw-away PostgreSQL: one cluster per pytest process, started when a test first asks for it."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.services.finding import apt_install, ensure
from tests.services.ports import free_port

DEBIAN_HOME = Path("/usr/lib/postgresql")
# Nothing here has to outlive the tests, so nothing waits for a disk.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
}
SECONDS_TO_START = 30


def find() -> Path | None:
    """The folder with initdb and postgres in it."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    debian = sorted(DEBIAN_HOME.glob("*/bin"), key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0))
    return next(
        (f for f in [*folders, *reversed(debian)] if (f / "initdb").exists() and (f / "postgres").exists()),
        None,
    )


def ensure_postgres() -> Path:
    return ensure(
        "PostgreSQL's server",
        find,
        lambda: apt_install("postgresql"),
        otherwise="Run: apt install postgresql",
    )


class Cluster:
    """A PostgreSQL of our own in a temporary folder, reached on 127.0.0.1 and by a Unix socket."""

    def __init__(self) -> None:
        self.programs = ensure_postgres()
        self.folder = Path(tempfile.mkdtemp(prefix="earmark-postgres-"))
        self.port = free_port()
        self.user = unprivileged_user()
        if self.user:
            shutil.chown(self.folder, self.user)
        self.log = self.folder / "log"
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        data = self.folder / "data"
        initdb = [str(self.programs / "initdb"), f"--pgdata={data}", "--username=earmark", "--auth=trust"]
        made = subprocess.run(
            [*initdb, "--no-sync", "--encoding=UTF8", "--locale=C"],
            user=self.user,
            capture_output=True,
            text=True,
            cwd="/",
        )
        if made.returncode != 0:
            raise RuntimeError(f"initdb failed:\n{made.stderr}")
        settings = {**THROW_AWAY, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder}
        options = [f"--{name}={value}" for name, value in settings.items()]
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                [self.programs / "postgres", "-D", data, "-p", str(self.port), *options],
                user=self.user,
                stdout=log,
                stderr=log,
                cwd="/",
            )
        self._wait_until_it_answers(process)
        return process

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        # asked first whether ours still runs: what answers once it has ended is another's
        while process.poll() is None and time.monotonic() < deadline:
            try:
                self.run("SELECT 1")
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        process.kill()
        raise RuntimeError(f"PostgreSQL did not start:\n{self.log.read_text()}")

    def run(self, statement: str) -> None:
        where = f"host=127.0.0.1 port={self.port} user=earmark dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://earmark@127.0.0.1:{self.port}/{database}"

    def new_database(self, like: str = "template0") -> str:
        """The URL of a database that is nobody else's: empty, or a copy of the one of that name."""
        name = f"test_{uuid.uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {like}")
        return self.url(name)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGQUIT)  # at once: there is nothing to save
        self.process.wait(timeout=SECONDS_TO_START)
        shutil.rmtree(self.folder, ignore_errors=True)


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    cluster = Cluster()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def postgres_url(postgres: Cluster) -> str:
    """Of the cluster's own database; for one to fill, see `new_postgres_database`."""
    return postgres.url()


@pytest.fixture
def new_postgres_database(postgres: Cluster) -> Callable[[], str]:
    """Call it for the URL of a fresh, empty database."""
    return postgres.new_database
