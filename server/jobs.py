"""Durable jobs: DBOS workflows that resume at the unfinished step after a crash, here or on another worker.

The database says what is to be done (a kind's `waiting`), so nothing is lost between a commit and a queue: a worker
looks every second, or at once when woken, and starts as many as it has room for. A workflow's id comes from what it
works on, so two workers that see the same job start it once. Each worker keeps a heartbeat row; the eldest living
worker takes over what a dead one left unfinished.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID, StepOptions, WorkflowStatus
from dbos import error as dbos_error
from sqlmodel import Field, Session, SQLModel, col, delete, select

from server.database import Database, new_id, normal_url, now

_TICK = 1.0
_BEAT_EVERY = 3.0
_STALE = timedelta(seconds=10)
# Pinned: by default it is a hash of the source, and an upgrade would strand the work of the version before.
_APPLICATION_VERSION = "1"
_log = logging.getLogger(__name__)


class WorkerHeartbeat(SQLModel, table=True):
    __tablename__ = "worker_heartbeat"

    executor_id: str = Field(primary_key=True)
    host: str
    pid: int
    started_at: datetime = Field(default_factory=now)
    seen_at: datetime = Field(default_factory=now)


@dataclass(frozen=True)
class JobKind:
    """Work of one kind on things with ids. Steps run in order; a finished step is not run again."""

    name: str
    waiting: Callable[[], list[str]]
    steps: tuple[tuple[str, Callable[[str], None]], ...]
    finish: Callable[[str], None]
    fail: Callable[[str, Exception], None]
    hopeless: Callable[[BaseException], bool] = lambda error: False
    """What is the thing's own fault: trying the step again would not help."""


# DBOS is one per process and finds workflows by name, so what they need is kept here, for the process too.
_kinds: dict[str, JobKind] = {}
_running: set[str] = set()
_stopping = threading.Event()
_wake = threading.Event()


class WorkerStopped(BaseException):
    """The worker is going down. No `Exception`, so DBOS records no outcome, and the step is done again later."""


@DBOS.workflow(name="job")
def _job(kind_name: str, id: str) -> None:
    kind = _kinds[kind_name]
    _running.add(f"{kind_name}-{id}")
    try:
        with _no_failure_when_stopping():
            for name, step in (*kind.steps, ("finish", kind.finish)):
                DBOS.run_step(_patiently(kind, name), _run, step, id)
    except Exception as error:
        _log.warning("Job %s-%s failed: %s", kind_name, id, _cause(error))
        kind.fail(id, _cause(error))
    finally:
        _running.discard(f"{kind_name}-{id}")
        _wake.set()  # there is room for the next


def _cause(error: Exception) -> Exception:
    """What went wrong the last time, where a step was tried in vain for too long."""
    if isinstance(error, dbos_error.DBOSMaxStepRetriesExceeded) and error.errors:
        return error.errors[-1]
    return error


def _run(step: Callable[[str], None], id: str) -> None:
    with _no_failure_when_stopping():
        step(id)


@contextmanager
def _no_failure_when_stopping() -> Iterator[None]:
    """A step's child process, and between steps DBOS, are taken away under it: that tells nothing of its thing."""
    try:
        yield
    except Exception:
        if _stopping.is_set():
            raise WorkerStopped from None
        raise


def _patiently(kind: JobKind, name: str) -> StepOptions:
    return {
        "name": name,
        "retries_allowed": True,
        "max_attempts": 3,
        "should_retry": lambda error: not kind.hopeless(error),
    }


class Worker:
    """Runs jobs in this process until stopped."""

    def __init__(self, database: Database, jobs_url: str, kinds: list[JobKind], *, at_once: int) -> None:
        self._database, self._at_once = database, at_once
        self._executor_id = str(new_id())
        self._next_beat = 0.0
        _kinds.update({kind.name: kind for kind in kinds})
        self._config: DBOSConfig = {
            "name": "earmark",
            "system_database_url": normal_url(jobs_url).render_as_string(hide_password=False),
            "executor_id": self._executor_id,
            "application_version": _APPLICATION_VERSION,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "WARNING",
        }
        self._thread = threading.Thread(target=self._run, name="earmark worker", daemon=True)

    def start(self) -> None:
        _stopping.clear()
        self._thread.start()

    def wake(self) -> None:
        _wake.set()

    def stop(self) -> None:
        _stopping.set()
        _wake.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        DBOS(config=self._config)
        DBOS.launch()
        try:
            while not _stopping.is_set():
                self._guarded_tick()
                _wake.wait(_TICK)
                _wake.clear()
        finally:
            self._database.write(lambda session: _forget(session, self._executor_id))
            DBOS.destroy()

    def _guarded_tick(self) -> None:
        try:
            self._tick()
        except Exception:
            _log.exception("The worker could not look for jobs; it tries again")

    def _tick(self) -> None:
        if time.monotonic() > self._next_beat:
            self._next_beat = time.monotonic() + _BEAT_EVERY
            # In this order: one who begins a job after it has been asked who lives is not taken for dead.
            unfinished = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
            living = self._database.write(lambda session: _beat(session, self._executor_id))
            if living[0] == self._executor_id:
                _rescue(unfinished, living)
        for kind in list(_kinds.values()):
            self._start_waiting(kind)

    def _start_waiting(self, kind: JobKind) -> None:
        waiting = {f"{kind.name}-{id}": id for id in kind.waiting()}
        if not waiting:
            return
        known = {
            w.workflow_id: w.status for w in DBOS.list_workflows(workflow_ids=list(waiting), load_input=False)
        }
        for workflow_id, id in waiting.items():
            if known.get(workflow_id) in ("ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"):
                kind.fail(id, RuntimeError(f"the workflow ended as {known[workflow_id]}"))
            elif workflow_id not in known and len(_running) < self._at_once:
                self._begin(kind, workflow_id, id)

    def _begin(self, kind: JobKind, workflow_id: str, id: str) -> None:
        _running.add(workflow_id)
        begun = False
        try:
            with SetWorkflowID(workflow_id):
                handle = DBOS.start_workflow(_job, kind.name, id)
            # Another worker may have begun it since we looked: then nothing runs here, and nothing will say so.
            begun = handle.get_status().executor_id == self._executor_id
        finally:
            if not begun:
                _running.discard(workflow_id)


def _beat(session: Session, executor_id: str) -> list[str]:
    """Say that this worker lives, forget those that do not, and answer who does, eldest first."""
    mine = session.get(WorkerHeartbeat, executor_id)
    if mine is None:
        mine = WorkerHeartbeat(executor_id=executor_id, host=socket.gethostname(), pid=os.getpid())
    mine.seen_at = now()
    session.add(mine)
    session.flush()
    rows = list(session.exec(select(WorkerHeartbeat).order_by(col(WorkerHeartbeat.started_at))))
    for row in rows:
        if _is_dead(row):
            session.delete(row)
    return [row.executor_id for row in rows if not _is_dead(row)]


def _is_dead(row: WorkerHeartbeat) -> bool:
    return row.seen_at < now() - _STALE or (row.host == socket.gethostname() and not _is_running(row.pid))


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _forget(session: Session, executor_id: str) -> None:
    session.execute(delete(WorkerHeartbeat).where(col(WorkerHeartbeat.executor_id) == executor_id))


def _rescue(unfinished: list[WorkflowStatus], living: list[str]) -> None:
    """Hand on what workers that are gone left unfinished."""
    for workflow in unfinished:
        if workflow.executor_id not in living:
            _log.warning("Taking over %s, whose worker is gone", workflow.workflow_id)
            DBOS.resume_workflow(workflow.workflow_id)
