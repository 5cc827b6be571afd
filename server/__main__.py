"""The earmark command."""

import contextlib
import gc
import logging
import signal
import sys
import threading
from collections.abc import Iterator
from getpass import getpass
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn
from alembic.util import CommandError
from obstore.exceptions import BaseError
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.applications import Starlette

from server import __version__, file_commands
from server.app import create_app, running_worker
from server.blobs import Blobs
from server.database import Database
from server.demo.install import demo_addresses, play
from server.doctor import complaints
from server.errors import AppError
from server.fields import Email, Name, Title
from server.live.frames import RoomProtocol
from server.migrations import migrate_database
from server.people import accounts, bands
from server.people.passwords import hash_password
from server.settings import Settings, SettingsError, read_settings

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # a password may be among them
    help="Earmark: feedback on demos, at the very second.",
)
user_commands = typer.Typer(no_args_is_help=True, help="Accounts.")
cli.add_typer(user_commands, name="user")
cli.command()(file_commands.analyze)
cli.command()(file_commands.compare)

Host = Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 lets other machines in.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")]
# How uvicorn speaks with open pages. Compression is off: it would compress every message again for each listener.
SOCKETS: dict[str, Any] = {"ws": RoomProtocol, "ws_max_size": 64 * 1024, "ws_per_message_deflate": False}


@cli.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    worker: Annotated[bool, typer.Option(help="Prepare recordings in this process too.")] = True,
) -> None:
    """Start the server on the real data folder."""
    settings = ready_settings()
    address = (
        settings.public_url or f"http://{'localhost' if host in ('0.0.0.0', '127.0.0.1') else host}:{port}"
    )
    with open_database(settings) as database:
        secret = database.write(_first_account_secret)
    typer.echo(f"Earmark keeps its data in {settings.data.resolve()}")
    if secret:
        typer.echo(
            f"\n  There is no account yet. Make the first one here (once):\n  {address}/welcome/{secret}\n"
        )
    else:
        typer.echo(f"\n  {address}\n")
    run_server(create_app(settings, with_worker=worker), host, port)


@cli.command()
def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    data: Annotated[Path, typer.Option(help="The demo's own folder.")] = Path("demo-data"),
) -> None:
    """Start the server with the demo band, in a folder of its own."""
    settings = ready_settings(data=data, database_url=None, blobs_url=None)
    address = f"http://{'localhost' if host in ('0.0.0.0', '127.0.0.1') else host}:{port}"
    with open_database(settings) as database:
        addresses = demo_addresses(database, settings)
    typer.echo("\n  The demo band is playing; its versions appear as they are prepared.\n")
    typer.echo(f"  The artist's page (signs you in, once):  {address}{addresses.artist}")
    typer.echo(f"  The private review link:                 {address}{addresses.listener}\n")
    run_server(create_app(settings, once_running=play), host, port)


@cli.command()
def worker() -> None:
    """Prepare recordings in a process of its own, beside `serve --no-worker`."""
    settings = ready_settings()
    stop = threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: stop.set())
    blobs = Blobs(settings.blobs, settings.staging)
    with open_database(settings) as database, running_worker(settings, database, blobs):
        typer.echo("Waiting for recordings. Stop with Ctrl+C.")
        stop.wait()


@cli.command()
def migrate() -> None:
    """Bring the database to the shape of this release; `serve` does it too."""
    ready_settings()
    typer.echo("The database is up to date.")


@cli.command()
def doctor() -> None:
    """Look whether everything is in place, and say what to do where it is not."""
    wrong = 0
    for thing, complaint in complaints(ready_settings()):
        wrong += complaint is not None
        typer.echo(
            f"{'ok  ' if complaint is None else 'FIX '} {thing}{f': {complaint}' if complaint else ''}"
        )
    raise typer.Exit(1 if wrong else 0)


@user_commands.command("add")
def add_user(
    email: str,
    name: Annotated[str, typer.Option(help="How others see them.")],
    band: Annotated[str, typer.Option(help="Their band; made if there is none of this name.")],
    password_stdin: Annotated[
        bool, typer.Option(help="Read the password from the first line of input.")
    ] = False,
) -> None:
    """Make an account in a band."""
    settings = ready_settings()
    with said_plainly():
        address, known_as, title = _checked(Email, email), _checked(Name, name), _checked(Title, band)
        password = sys.stdin.readline().rstrip("\n") if password_stdin else getpass("Password: ")
        password_hash = hash_password(password)  # outside of the transaction: it takes long on purpose

    def add(session: Session) -> None:
        person = accounts.add_person(session, email=address, name=known_as, password_hash=password_hash)
        there = bands.band_named(session, title)
        if there is None:
            bands.add_band(session, title, person)
        else:
            bands.add_member(session, there.id, person.id)

    with open_database(settings) as database, said_plainly():
        database.write(add)
    typer.echo(f"{known_as} can sign in with {address}.")


@cli.command()
def token(email: str, name: Annotated[str, typer.Option(help="What it is for.")] = "command line") -> None:
    """Print a new API token of a person."""

    def add(session: Session) -> str:
        person = accounts.person_with_email(session, _checked(Email, email))
        if person is None:
            raise AppError(404, "no_such_person", f"There is no account with the address {email}.")
        return accounts.add_token(session, person, _checked(Name, name))

    with open_database(ready_settings()) as database, said_plainly():
        typer.echo(database.write(add))


@cli.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def ready_settings(**overrides: object) -> Settings:
    """The settings, with the database brought up to date; ends the command with a sentence if that cannot be."""
    try:
        settings = read_settings(**overrides)
        migrate_database(settings.database)
        Blobs(settings.blobs, settings.staging)
    except SettingsError as error:
        raise _said(str(error)) from None
    except SQLAlchemyError as error:
        raise _said(f"EARMARK_DATABASE_URL: the database cannot be used: {_first_line(error)}") from None
    except CommandError as error:
        raise _said(f"EARMARK_DATABASE_URL: the database was made by another release: {error}") from None
    except OSError as error:
        raise _said(f"EARMARK_BLOBS_URL: {error.strerror} ({error.filename})") from None
    except BaseError as error:
        raise _said(f"EARMARK_BLOBS_URL: the store cannot be used: {_first_line(error)}") from None
    return settings


def _first_line(error: Exception) -> str:
    """What went wrong without the traceback that libraries put into their messages."""
    return str(error.__cause__ or error).strip().partition("\n")[0]


@contextlib.contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database)
    try:
        yield database
    finally:
        database.close()


@contextlib.contextmanager
def said_plainly() -> Iterator[None]:
    """What is refused is said in one line, not as a traceback."""
    try:
        yield
    except AppError as error:
        raise _said(error.message) from None


def run_server(app: Starlette, host: str, port: int) -> None:
    # What is imported stays: the collector need not walk through all of it again while a full room waits.
    gc.collect()
    gc.freeze()
    uvicorn.run(
        app,
        host=host,
        port=port,
        **SOCKETS,
        timeout_graceful_shutdown=5,
        log_level="warning",
    )


def _first_account_secret(session: Session) -> str | None:
    return None if accounts.there_are_accounts(session) else accounts.add_one_time_address(session, None)


def _checked(kind: Any, value: str) -> str:
    try:
        return str(TypeAdapter(kind).validate_python(value))
    except ValidationError as error:
        raise AppError(
            422, "invalid", f"{value!r}: {error.errors()[0]['msg'].removeprefix('Value error, ')}."
        ) from None


def _said(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    cli()


if __name__ == "__main__":
    main()
