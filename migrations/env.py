"""Runs migrations on a connection of their own.

On SQLite a batch migration rebuilds a table by dropping it, and with foreign keys on that would empty the tables
that refer to it: they are off here, and checked once at the end.
"""

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

import server.tables  # noqa: F401  (every table's model has to be known)


def run() -> None:
    engine = sa.create_engine(context.config.attributes["url"], poolclass=sa.NullPool)
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=is_sqlite,
            compare_type=True,
            include_name=_ours,
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"This migration left rows that refer to nothing: {broken[:5]}")
    engine.dispose()


def _ours(name: str | None, kind: str, parents: object) -> bool:
    """DBOS keeps its own schema in the same PostgreSQL database."""
    return not (kind == "schema" and name == "dbos")


run()
