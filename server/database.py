"""The database: one code path for SQLite (the default) and PostgreSQL.

One writes at a time, on both, in all processes: what an action reads before it writes is still so when it commits,
so none has to think of another that runs beside it. SQLite has one writer whatever we do (writes share one
connection and start with BEGIN IMMEDIATE); on PostgreSQL each write takes the same advisory lock first. Readers
have connections of their own and see one moment of the data for the whole of a read.
"""

import contextlib
import functools
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from anyio import CapacityLimiter, to_thread
from sqlalchemy.engine import Engine
from sqlmodel import Session, SQLModel
from starlette.requests import HTTPConnection

# Unnamed constraints cannot be dropped by a migration on SQLite: the names must be there from the first one.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

T = TypeVar("T")
Action = Callable[[Session], T]
_WOKEN = "songs whose listeners must be woken"
_RIGHTS = "somebody's rights have changed"
_PATIENCE = 10.0
_BUSY_SECONDS = 30  # how long one waits for another to have written
# The number is ours alone in this database; who cannot write within half a minute is told so, as by SQLite.
_TAKE_THE_PEN = "SET LOCAL lock_timeout = '30s'; SELECT pg_advisory_xact_lock(1163022931)"


def new_id() -> uuid.UUID:
    return uuid.uuid4()


def now() -> datetime:
    return datetime.now(UTC)


def wake_listeners(session: Session, song: uuid.UUID) -> None:
    """Once this transaction is committed, the song's listeners read its log."""
    session.info.setdefault(_WOKEN, set()).add(song)


def recheck_rights(session: Session) -> None:
    """Once this transaction is committed, every open socket asks again whether it may stay."""
    session.info[_RIGHTS] = True


class Database:
    """Runs actions, plain functions of a session, each in one transaction."""

    def __init__(self, url: str) -> None:
        self.url = normal_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer = (
            _sqlite_engine(self.url, "BEGIN IMMEDIATE", pool_size=1)
            if self.is_sqlite
            else _postgres(self.url)
        )
        self._reader = _sqlite_engine(self.url, "BEGIN", pool_size=8) if self.is_sqlite else self._writer
        self._one_writer = threading.Lock()
        # Apart, and apart from all other work in threads: writers that wait for one another keep no reader waiting.
        self._readers, self._writers = CapacityLimiter(8), CapacityLimiter(1)
        self._running, self._none_running, self._closed = 0, threading.Condition(), False
        self.after_commit: list[Callable[[set[uuid.UUID], bool], None]] = []

    def read(self, action: Action[T]) -> T:
        options = (
            {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        with (
            self._counted(),
            Session(self._reader.execution_options(**options), expire_on_commit=False) as session,
        ):
            return action(session)

    def write(self, action: Action[T]) -> T:
        with self._one_writer:
            return self._committed(action)

    async def reading(self, action: Action[T], *, limiter: CapacityLimiter | None = None) -> T:
        """With a limiter of its own an action does not wait until it is its turn among all who read."""
        return await to_thread.run_sync(self.read, action, limiter=limiter or self._readers)

    async def writing(self, action: Action[T]) -> T:
        return await to_thread.run_sync(self.write, action, limiter=self._writers)

    def close(self) -> None:
        """Lets what is running in other threads come to its end first: a request that was cut off leaves it behind.
        What only wants to begin by then is refused: its connection would be nobody's."""
        with self._none_running:
            self._closed = True
            self._none_running.wait_for(lambda: self._running == 0, timeout=_PATIENCE)
        self._writer.dispose()
        self._reader.dispose()

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        with self._none_running:
            if self._closed:
                raise RuntimeError("The database was closed.")
            self._running += 1
        try:
            yield
        finally:
            with self._none_running:
                self._running -= 1
                self._none_running.notify_all()

    def _committed(self, action: Action[T]) -> T:
        with self._counted(), Session(self._writer, expire_on_commit=False) as session:
            if not self.is_sqlite:
                session.connection().exec_driver_sql(_TAKE_THE_PEN)
            result = action(session)
            songs, rights = session.info.get(_WOKEN, set()), session.info.get(_RIGHTS, False)
            if not self.is_sqlite:
                _notify(session, songs, rights)
            session.commit()
        if songs or rights:
            for listener in self.after_commit:
                listener(songs, rights)
        return result


def normal_url(url: str) -> sa.URL:
    parsed = sa.make_url(url)
    return (
        parsed.set(drivername="postgresql+psycopg") if parsed.get_backend_name() == "postgresql" else parsed
    )


def _notify(session: Session, songs: set[uuid.UUID], rights: bool) -> None:
    """Tell the other server processes; PostgreSQL delivers it when, and only if, the transaction commits."""
    for payload in [str(song) for song in songs] + (["rights"] if rights else []):
        session.execute(sa.text("SELECT pg_notify('earmark', :payload)"), {"payload": payload})


def _postgres(url: sa.URL) -> Engine:
    return sa.create_engine(url, pool_size=10, max_overflow=30, pool_pre_ping=True, hide_parameters=True)


def _sqlite_engine(url: sa.URL, begin: str, *, pool_size: int) -> Engine:
    engine = sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0 if pool_size == 1 else 32,
        connect_args={"timeout": _BUSY_SECONDS},
        hide_parameters=True,  # they would stand in the log of an error
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", functools.partial(_begin, begin))
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes too late (before the first write, after our reads): we send it ourselves.
    connection.isolation_level = None
    _keep_a_write_ahead_log(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", f"busy_timeout={1000 * _BUSY_SECONDS}"):
        connection.execute(f"PRAGMA {pragma}")


def _keep_a_write_ahead_log(connection: Any) -> None:
    """For good, once. A new database refuses it at once, whatever the timeout, while another process writes to it."""
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _begin(statement: str, connection: sa.Connection) -> None:
    connection.exec_driver_sql(statement)


def database_of(connection: HTTPConnection) -> Database:
    found = connection.app.state.database
    assert isinstance(found, Database)
    return found
