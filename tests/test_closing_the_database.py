import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from server.database import Database
from server.settings import Settings
from tests.databases import both_databases

pytestmark = both_databases


def test_what_is_running_comes_to_its_end_first(settings: Settings) -> None:
    """A connection that is given back to a closed pool stays open, on PostgreSQL for nobody."""
    database, begun, ended = Database(settings.database), threading.Event(), threading.Event()

    def slowly(session: Session) -> int:
        session.execute(sa.text("SELECT 1"))
        begun.set()
        time.sleep(0.3)
        ended.set()
        return int(session.execute(sa.text("SELECT 2")).scalar_one())

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(database.read, slowly)
        assert begun.wait(10)

        database.close()

        assert ended.is_set()
        assert answer.result(10) == 2


def test_with_nothing_running_it_does_not_wait(settings: Settings) -> None:
    database = Database(settings.database)
    database.read(lambda session: session.execute(sa.text("SELECT 1")).scalar_one())
    begin = time.monotonic()

    database.close()

    assert time.monotonic() - begin < 5  # for what is running it would wait for ten


def test_what_begins_afterwards_is_refused(settings: Settings) -> None:
    """A thread that was still waiting for its turn would open a connection that nobody closes."""
    database = Database(settings.database)
    database.close()

    for action in (database.read, database.write):
        with pytest.raises(RuntimeError, match="closed"):
            action(lambda session: session.execute(sa.text("SELECT 1")).scalar_one())
