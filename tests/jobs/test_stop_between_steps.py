"""A worker that is stopped when one step is just done leaves the next to the worker after it."""

import threading
from pathlib import Path

from server.jobs import JobKind
from tests.jobs.working import new_database, started, wait_until_nothing_runs


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
    database, work = new_database(tmp_path), Work()

    first = started(database, tmp_path, work.kind())
    assert work.begun.wait(30)
    first.stop()
    work.let_go.set()
    wait_until_nothing_runs()

    assert (work.done, work.failures) == (["first"], [])
    second = started(database, tmp_path, work.kind())
    assert work.finished.wait(30)
    second.stop()
    assert (work.done, work.failures) == (["first", "first", "second"], [])
    database.close()
