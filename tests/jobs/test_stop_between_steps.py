"""A worker that is stopped when one step is just done leaves the next to the worker after it."""

import threading
import time
from pathlib import Path

from server.database import Database
from server.jobs import JobKind, Worker, _running
from server.migrations import migrate_database


class Work:
    """A job of two steps, of which the first goes on until it is let go."""

    def __init__(self) -> None:
        self.begun, self.let_go, self.finished = threading.Event(), threading.Event(), threading.Event()
        self.done: list[str] = []
        self.failures: list[Exception] = []

    def kind(self) -> JobKind:
        return JobKind(
            name="between",
            waiting=lambda: [] if self.finished.is_set() else ["it"],
            steps=(("first", self.first), ("second", lambda id: self.done.append("second"))),
            finish=lambda id: self.finished.set(),
            fail=lambda id, error: self.failures.append(error),
        )

    def first(self, id: str) -> None:
        self.begun.set()
        assert self.let_go.wait(30)
        self.done.append("first")


def test_what_ends_while_the_worker_goes_down_has_not_failed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/earmark.db"
    migrate_database(url)
    database, work = Database(url), Work()

    def start() -> Worker:
        worker = Worker(database, f"sqlite:///{tmp_path}/jobs.db", [work.kind()], at_once=1)
        worker.start()
        return worker

    first = start()
    assert work.begun.wait(30)
    first.stop()
    work.let_go.set()
    _wait_until_nothing_runs()

    assert (work.done, work.failures) == (["first"], [])
    second = start()
    assert work.finished.wait(30)
    second.stop()
    assert (work.done, work.failures) == (["first", "first", "second"], [])
    database.close()


def _wait_until_nothing_runs() -> None:
    until = time.monotonic() + 30
    while "between-it" in _running:
        assert time.monotonic() < until
        time.sleep(0.01)
