"""The standing cast, and an Earmark for them: Ada owns the band, Ben plays in it, Cleo is in another band, Gil came
by a private link, Lou's link is for listening only, and a stranger has nothing."""

import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select
from starlette.testclient import TestClient

from server.app import create_app
from server.database import Database
from server.events.models import LoggedEvent
from server.migrations import migrate_database
from server.settings import Settings, read_settings
from server.sound.confined import ConfinedProcesses
from tests.cast import Cast, assemble, browsers_on

pytest_plugins = ["tests.services.cable", "tests.services.postgres", "tests.services.server", "tests.running"]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with every table, to be copied: migrating takes half a second."""
    file = tmp_path_factory.mktemp("migrated") / "earmark.db"
    migrate_database(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Any) -> str:
    """The name of the same on PostgreSQL."""
    url: str = postgres.new_database()
    migrate_database(url)
    return url.rpartition("/")[2]


@pytest.fixture(scope="session")
def looker() -> Iterator[ConfinedProcesses]:
    processes = ConfinedProcesses(workers=1)
    yield processes
    processes.close()


@pytest.fixture
def database_kind() -> str:
    """`both_databases` sets it; everything else runs on SQLite."""
    return "sqlite"


@pytest.fixture
def settings(tmp_path: Path, migrated: Path, database_kind: str, request: pytest.FixtureRequest) -> Settings:
    data = tmp_path / "data"
    data.mkdir()
    if database_kind == "postgresql":
        like = request.getfixturevalue("migrated_postgres")
        return read_settings(data=data, database_url=request.getfixturevalue("postgres").new_database(like))
    shutil.copy(migrated, data / "earmark.db")
    return read_settings(data=data)


@pytest.fixture
def app(settings: Settings, looker: ConfinedProcesses) -> Any:
    return create_app(settings, with_worker=False, looker=looker)


@pytest.fixture
def client(app: Any) -> Iterator[TestClient]:
    """A stranger's browser. Its lifespan is the app's."""
    with TestClient(app, base_url="http://earmark.test", raise_server_exceptions=True) as stranger:
        yield stranger


@pytest.fixture
def database(client: TestClient) -> Database:
    found: Database = client.app.state.database  # type: ignore[attr-defined]
    return found


@pytest.fixture
def cast(client: TestClient) -> Cast:
    return assemble(client.app.state, browsers_on(client))  # type: ignore[attr-defined]


@pytest.fixture
def events(database: Database) -> Callable[[], list[dict[str, Any]]]:
    """What the log says, oldest first."""

    def read(session: Session) -> list[dict[str, Any]]:
        rows = session.exec(select(LoggedEvent).order_by(LoggedEvent.song_id, LoggedEvent.seq))  # type: ignore[arg-type]
        return [{"seq": row.seq, **row.body} for row in rows]

    return lambda: database.read(read)


@pytest.fixture
def count(database: Database) -> Callable[[type[SQLModel]], int]:
    """How many rows a table has."""
    return lambda table: database.read(lambda session: len(session.exec(select(table)).all()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test has shown nothing: it fails, and says why it did not run."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which shows nothing: {report.longrepr}"
    return report
