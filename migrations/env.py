"""Runs migrations on a connection of their own, in one transaction: all of them are done, or none.

On SQLite a batch migration rebuilds a table by dropping it, and with foreign keys on that would empty the tables
that refer to it: they are off here, and checked once before the commit.
"""

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

import server.tables  # noqa: F401  (every table's model has to be known)

# A server and a worker that start together must not both migrate: the second waits, and finds it done.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('earmark migrations'))"


def run() -> None:
    engine = sa.create_engine(context.config.attributes["url"], poolclass=sa.NullPool)
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            _prepare_sqlite(connection)
        with connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE" if is_sqlite else _LOCK)
            context.configure(
                connection=connection,
                target_metadata=SQLModel.metadata,
                render_as_batch=is_sqlite,
                compare_type=True,
                include_name=_ours,
            )
            context.run_migrations()
            if is_sqlite:
                _check_references(connection)
    engine.dispose()


def _prepare_sqlite(connection: sa.Connection) -> None:
    # The driver's own BEGIN would come too late, after tables were made or dropped.
    connection.connection.dbapi_connection.isolation_level = None
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("PRAGMA busy_timeout=30000")
    connection.commit()


def _check_references(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"This migration left rows that refer to nothing: {broken[:5]}")


def _ours(name: str | None, kind: str, parents: object) -> bool:
    """DBOS keeps its own schema in the same PostgreSQL database."""
    return not (kind == "schema" and name == "dbos")


run()
