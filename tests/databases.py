"""For tests that have to hold on SQLite and on PostgreSQL alike: `pytestmark = both_databases`."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import pytest
from sqlmodel import Session

from server.database import Action, Database
from server.errors import AppError

T = TypeVar("T")
both_databases = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])


def at_once(database: Database, first: Action[T], second: Action[T]) -> list[T | AppError]:
    """Both actions, the second begun while the first has done everything but commit; what each gives or raises."""
    done = threading.Event()

    def first_slowly(session: Session) -> T:
        try:
            return first(session)
        finally:
            session.flush()
            done.set()
            time.sleep(0.3)

    with ThreadPoolExecutor(2) as pool:
        earlier = pool.submit(database.write, first_slowly)
        assert done.wait(10)
        later = pool.submit(database.write, second)
        return [_outcome(earlier), _outcome(later)]


def _outcome(future: "Future[T]") -> T | AppError:
    try:
        return future.result(20)
    except AppError as error:
        return error
