"""Bringing the database to the shape that this release needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from server.database import normal_url

_PACKAGED = Path(__file__).parent / "_migrations"
FOLDER = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parent.parent / "migrations"


def config(url: str) -> Config:
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["url"] = normal_url(url)
    return made


def migrate_database(url: str, revision: str = "head") -> None:
    """Up to a revision; does nothing when the database is there already."""
    command.upgrade(config(url), revision)
