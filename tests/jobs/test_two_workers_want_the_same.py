"""What another worker has begun since this one looked keeps it from nothing else."""

import threading
from pathlib import Path
from typing import Any

import pytest
from dbos import DBOS

from server.jobs import JobKind
from tests.jobs.working import new_database, started, wait_until_nothing_runs


class Work:
    def __init__(self) -> None:
        self.waiting = ["one"]
        self.done: list[str] = []
        self.something_done = threading.Event()

    def kind(self) -> JobKind:
        return JobKind(
            name="wanted-by-two",
            waiting=lambda: self.waiting,
            steps=(),
            finish=self.finish,
            fail=lambda id, error: self.done.append(f"{id} failed: {error}"),
        )

    def finish(self, id: str) -> None:
        self.done.append(id)
        self.something_done.set()


def test_who_comes_second_goes_on_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database, work = new_database(tmp_path), Work()

    other = started(database, tmp_path, work.kind())
    assert work.something_done.wait(30)
    other.stop()
    work.something_done.clear()

    # The other began it between this one's look and its start: the look finds nothing.
    looked = threading.Event()
    look = DBOS.list_workflows

    def too_early(**asked: Any) -> Any:
        if asked.get("workflow_ids"):
            looked.set()
            return [found for found in look(**asked) if not found.workflow_id.endswith("-one")]
        return look(**asked)

    monkeypatch.setattr(DBOS, "list_workflows", too_early)
    worker = started(database, tmp_path, work.kind())
    assert looked.wait(30)
    wait_until_nothing_runs()
    work.waiting = ["two"]

    assert work.something_done.wait(30)
    assert work.done == ["one", "two"]
    worker.stop()
    database.close()
