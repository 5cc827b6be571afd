"""The database comes from nothing to the shape of the models and back, with rows in it, on both databases."""

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import server.tables
from server import migrations
from server.database import normal_url
from server.migrations import config, migrate_database
from tests.databases import both_databases
from tests.services.server import ROOT

pytestmark = both_databases
assert server.tables

# A revision of the kind that rebuilds a table on SQLite: `band` is referred to by others.
REBUILDING = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "rebuilding", "{head}", None, None


def upgrade() -> None:
    with op.batch_alter_table("band", recreate="auto") as batch:
        batch.alter_column("name", type_=sa.String(200), existing_type=sa.String(120), existing_nullable=False)
        batch.add_column(sa.Column("motto", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("band", recreate="auto") as batch:
        batch.drop_column("motto")
        batch.alter_column("name", type_=sa.String(120), existing_type=sa.String(200), existing_nullable=False)
"""


@pytest.fixture
def url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Of an empty database."""
    if database_kind == "postgresql":
        return str(request.getfixturevalue("new_postgres_database")())
    return f"sqlite:///{tmp_path / 'earmark.db'}"


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(normal_url(url))
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    yield engine
    engine.dispose()


def tables(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


def fill(engine: sa.Engine) -> None:
    """A row in every table, referring to each other."""
    ids: dict[str, Any] = {}
    with engine.begin() as connection:
        for table in SQLModel.metadata.sorted_tables:
            row = {column.name: _value(column, ids) for column in table.columns}
            connection.execute(table.insert().values(row))
            ids[table.name] = row[next(iter(table.primary_key)).name]


def _value(column: sa.Column[Any], ids: dict[str, Any]) -> Any:
    if column.name == "guest_id" and column.nullable:
        return None  # a comment or a vote is a person's or a guest's
    if column.name == "until":
        return 2.5  # a range ends after it begins
    for foreign in column.foreign_keys:
        return ids.get(foreign.column.table.name)  # None for a reply to a comment: the first has no parent
    kind = column.type.impl_instance if isinstance(column.type, sa.types.TypeDecorator) else column.type
    if isinstance(kind, sa.String):
        return "a" * min(kind.length or 9, 9)
    known = {sa.Uuid: uuid.uuid4(), sa.JSON: {"a": 1}, sa.Boolean: True, sa.Integer: 1, sa.Float: 1.5}
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    return next((value for of, value in known.items() if isinstance(kind, of)), moment)


def dump(engine: sa.Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row, by table, as text."""
    with engine.connect() as connection:
        return {
            table.name: [
                json.loads(json.dumps(dict(row._mapping), default=str))
                for row in connection.execute(sa.select(table))
            ]
            for table in SQLModel.metadata.sorted_tables
        }


def test_from_nothing_it_comes_to_what_the_models_say(url: str, engine: sa.Engine) -> None:
    migrate_database(url)

    assert tables(engine) == set(SQLModel.metadata.tables)
    command.check(config(url))


def test_migrated_twice_it_stays_and_keeps_its_rows(url: str, engine: sa.Engine) -> None:
    migrate_database(url)
    fill(engine)
    before = dump(engine)

    migrate_database(url)

    assert dump(engine) == before
    assert all(len(rows) == 1 for rows in before.values())


def test_down_to_nothing_and_up_again(url: str, engine: sa.Engine) -> None:
    migrate_database(url)
    fill(engine)

    command.downgrade(config(url), "base")
    assert tables(engine) == set()

    migrate_database(url)
    command.check(config(url))
    fill(engine)


def test_each_revision_goes_down_and_up_with_rows_there(url: str, engine: sa.Engine) -> None:
    migrate_database(url)
    fill(engine)
    for _ in _revisions(url):
        command.downgrade(config(url), "-1")
    for _ in _revisions(url):
        command.upgrade(config(url), "+1")

    command.check(config(url))


def _revisions(url: str) -> list[str]:
    return [revision.revision for revision in ScriptDirectory.from_config(config(url)).walk_revisions()]


@pytest.fixture
def with_one_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> Callable[[str], None]:
    """Puts a revision of the test's own on top of ours."""

    def add(source: str) -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / "rebuilding.py").write_text(source.format(head=_revisions(url)[0]))
        monkeypatch.setattr(migrations, "FOLDER", folder)

    return add


def test_rebuilding_a_table_loses_no_row_anywhere(
    url: str, engine: sa.Engine, with_one_more: Callable[[str], None]
) -> None:
    migrate_database(url)
    fill(engine)
    before = dump(engine)
    with_one_more(REBUILDING)

    migrate_database(url)
    assert "motto" in {column["name"] for column in sa.inspect(engine).get_columns("band")}
    assert dump(engine) == before

    command.downgrade(config(url), "-1")
    assert dump(engine) == before
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []


def test_a_revision_that_breaks_references_is_refused(
    url: str, engine: sa.Engine, with_one_more: Callable[[str], None]
) -> None:
    migrate_database(url)
    fill(engine)
    before = dump(engine)
    careless = REBUILDING.partition("    with op")[0] + '    op.execute("DELETE FROM band")\n'
    with_one_more(careless + "\n\ndef downgrade() -> None:\n    pass\n")

    with pytest.raises((RuntimeError, sa.exc.IntegrityError)):
        migrate_database(url)

    assert dump(engine) == before


def test_two_that_start_together_do_not_get_in_each_others_way(
    url: str, engine: sa.Engine, tmp_path: Path
) -> None:
    env = {**os.environ, "EARMARK_DATABASE_URL": url, "EARMARK_DATA": str(tmp_path / "data")}
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "server", "migrate"], env=env, cwd=ROOT, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]

    said = [process.communicate(timeout=60)[1].decode() for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    command.check(config(url))
