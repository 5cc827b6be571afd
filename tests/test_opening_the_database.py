"""The first moment of a new database, when a server and its worker come to it together."""

import sqlite3
import threading
from pathlib import Path

import sqlalchemy as sa

from server.database import Database


def test_who_comes_while_another_writes_waits(tmp_path: Path) -> None:
    path = tmp_path / "earmark.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE words (word TEXT)")
    done = threading.Timer(0.5, other.execute, ("COMMIT",))
    done.start()

    database = Database(f"sqlite:///{path}")
    mode = database.read(lambda session: session.execute(sa.text("PRAGMA journal_mode")).scalar())

    assert mode == "wal"
    done.join()
    other.close()
    database.close()
