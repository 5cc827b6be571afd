"""The commands for accounts, as somebody types them."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

from server import __version__
from server.__main__ import cli
from server.database import Database
from server.people.models import ApiToken, Band, Membership, Person
from server.people.passwords import password_matches
from server.people.secrets import hash_of
from tests.services.server import ROOT

ADD_ADA = ("user", "add", "Ada@Example.org", "--name", "Ada", "--band", "The Lanterns", "--password-stdin")
PASSWORD = "correct horse battery"

Earmark = Callable[..., "Ended"]


@dataclass(frozen=True)
class Ended:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def earmark(tmp_path: Path) -> Earmark:
    def run(*arguments: str, input: str = "", **env: str) -> Ended:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("EARMARK_")}
        done = subprocess.run(
            [sys.executable, "-m", "server", *arguments],
            input=input,
            env=inherited | {"EARMARK_DATA": str(tmp_path / "data")} | env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Earmark:
    """The same within this process: a new one takes two seconds to begin, and there are many ways to be refused."""

    def run(*arguments: str, input: str = "", **env: str) -> Ended:
        for name, value in ({"EARMARK_DATA": str(tmp_path / "data")} | env).items():
            monkeypatch.setenv(name, value)
        done = CliRunner().invoke(cli, arguments, input=input)
        return Ended(done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def stored(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path / 'data' / 'earmark.db'}")


def refused(ended: Ended) -> str:
    """The one sentence of a command that could not do it."""
    assert ended.returncode == 2
    assert ended.stdout == ""
    lines = ended.stderr.strip().splitlines()
    assert len(lines) == 1, ended.stderr
    return lines[0]


def test_an_account_is_made_in_a_band_and_a_token_for_it(earmark: Earmark, stored: Database) -> None:
    added = earmark(*ADD_ADA, input=f"{PASSWORD}\n")

    assert (added.returncode, added.stderr) == (0, "")
    assert added.stdout == "Ada can sign in with ada@example.org.\n"
    person, band, role = stored.read(_who_is_there)
    assert (person.name, person.email, band.name, role) == ("Ada", "ada@example.org", "The Lanterns", "owner")
    assert password_matches(PASSWORD, person.password_hash)

    token = earmark("token", "ada@example.org")
    assert (token.returncode, token.stderr) == (0, "")
    rows = stored.read(lambda session: list(session.exec(select(ApiToken))))
    assert [row.secret_hash for row in rows] == [hash_of(token.stdout.strip())]

    # A second time: said in a sentence, and nothing is changed.
    assert "already an account" in refused(earmark(*ADD_ADA, input="another password\n"))
    assert password_matches(PASSWORD, stored.read(_who_is_there)[0].password_hash)

    ben = ("user", "add", "ben@example.org", "--name", "Ben", "--band", "The Lanterns", "--password-stdin")
    assert earmark(*ben, input=f"{PASSWORD}\n").returncode == 0
    members = stored.read(lambda session: list(session.exec(select(Membership.role))))
    assert sorted(members) == ["member", "owner"]
    assert len(stored.read(lambda session: list(session.exec(select(Band))))) == 1


def _who_is_there(session: Session) -> tuple[Person, Band, str]:
    found = select(Person, Band, Membership.role).join(Membership, Membership.person_id == Person.id)  # type: ignore[arg-type]
    return session.exec(found.join(Band, Band.id == Membership.band_id)).one()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "password", "sentence"),
    [
        (("nobody", "--name", "Ada", "--band", "B"), PASSWORD, "'nobody': that is not an e-mail address."),
        (("a@example.org", "--name", " ", "--band", "B"), PASSWORD, "' ': this is needed."),
        (("a@example.org", "--name", "A", "--band", "x" * 121), PASSWORD, "at most 120 characters"),
        (("a@example.org", "--name", "A", "--band", "B"), "short", "8 to 200 characters"),
        (("a@example.org", "--name", "A", "--band", "B"), "", "8 to 200 characters"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_one_sentence(
    command: Earmark, stored: Database, arguments: tuple[str, ...], password: str, sentence: str
) -> None:
    assert sentence in refused(command("user", "add", *arguments, "--password-stdin", input=password))
    assert stored.read(lambda session: list(session.exec(select(Person)))) == []


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("ada@example.org", "There is no account with the address ada@example.org."),
        ("nobody", "'nobody': that is not an e-mail address."),
    ],
)
def test_a_token_for_nobody_is_refused(command: Earmark, email: str, sentence: str) -> None:
    assert refused(command("token", email)) == sentence


def test_the_doctor_finds_nothing_wrong_here(earmark: Earmark, tmp_path: Path) -> None:
    ended = earmark("doctor")

    assert ended.returncode == 0
    lines = ended.stdout.splitlines()
    assert len(lines) == 4
    assert all(line.startswith("ok ") for line in lines)
    assert str(tmp_path / "data") in lines[0]


def test_the_doctor_says_what_to_mend(command: Earmark) -> None:
    ended = command("doctor", EARMARK_UPLOAD_LIMIT="900TB")

    assert ended.returncode == 1
    assert [line for line in ended.stdout.splitlines() if line.startswith("FIX ")]
    assert "less than one upload may take" in ended.stdout


def test_the_version_is_printed(earmark: Earmark) -> None:
    ended = earmark("version")

    assert (ended.returncode, ended.stdout) == (0, f"{__version__}\n")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("EARMARK_DATA", "{file}", "Not a directory"),
        ("EARMARK_DATABASE_URL", "mysql://ada:quietly@localhost/x", "SQLite or PostgreSQL"),
        ("EARMARK_DATABASE_URL", "quietly", "is not a database address"),
        ("EARMARK_DATABASE_URL", "postgresql://ada:quietly@127.0.0.1:1/x", "cannot be used"),
        ("EARMARK_DATABASE_URL", "sqlite:///{file}/earmark.db", "cannot be used"),
        ("EARMARK_DATABASE_URL", "sqlite:///{file}", "cannot be used: file is not a database"),
        ("EARMARK_BLOBS_URL", "ftp://ada:quietly@localhost/", "must start with file:// or s3://"),
        ("EARMARK_BLOBS_URL", "file://{file}/blobs", "Not a directory"),
        ("EARMARK_PUBLIC_URL", "earmark.example.org", "must start with http:// or https://"),
        ("EARMARK_UPLOAD_LIMIT", "much", "(it is 'much')"),
        ("EARMARK_UPLOAD_LIMIT", "0", "greater than 0"),
        ("EARMARK_LONGEST_HOURS", "-1", "greater than 0"),
        ("EARMARK_DECODERS", "many", "valid integer"),
    ],
)
def test_a_setting_that_cannot_work_is_named_in_one_sentence(
    command: Earmark, tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    file = tmp_path / "file"
    file.write_text("no database and no folder, whatever one takes it for" * 40)

    said = refused(command("doctor", **{name: value.format(file=file)}))

    assert said.startswith(f"{name}: ")
    assert sentence in said
    assert "quietly" not in said


def test_a_process_of_its_own_says_the_same(earmark: Earmark) -> None:
    said = refused(earmark("token", "ada@example.org", EARMARK_BLOBS_URL="ftp://ada:quietly@localhost/"))

    assert said == "EARMARK_BLOBS_URL: must start with file:// or s3://"


def test_a_database_of_a_later_release_is_left_alone(command: Earmark, stored: Database) -> None:
    assert command("migrate").stdout == "The database is up to date.\n"

    def age(session: Session) -> None:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    stored.write(age)

    assert "another release" in refused(command("doctor"))
