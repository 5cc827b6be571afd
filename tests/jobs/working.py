"""A worker of this process on a database of its own."""

import time
from pathlib import Path

from server.database import Database
from server.jobs import JobKind, Worker, _running
from server.migrations import migrate_database


def new_database(folder: Path) -> Database:
    url = f"sqlite:///{folder}/earmark.db"
    migrate_database(url)
    return Database(url)


def started(database: Database, folder: Path, kind: JobKind) -> Worker:
    """One job at a time."""
    worker = Worker(database, f"sqlite:///{folder}/jobs.db", [kind], at_once=1)
    worker.start()
    return worker


def wait_until_nothing_runs() -> None:
    until = time.monotonic() + 30
    while _running:
        assert time.monotonic() < until
        time.sleep(0.01)
