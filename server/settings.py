"""What the person who runs Earmark can decide, read once from the environment and checked at start."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, ByteSize, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

_BLOB_SCHEMES = ("file://", "s3://")


class SettingsError(Exception):
    """A setting has a value that cannot work; the message names it and says what to do."""


def _known_database(url: str) -> str:
    try:
        backend = make_url(url).get_backend_name()
    except ArgumentError:
        raise ValueError("is not a database address; try postgresql://user:password@host/name") from None
    if backend not in ("sqlite", "postgresql"):
        raise ValueError(f"names '{backend}', but Earmark stores its data in SQLite or PostgreSQL")
    return url


def _known_blob_store(url: str) -> str:
    if not url.startswith(_BLOB_SCHEMES):
        raise ValueError("must start with file:// or s3://")
    return url


def _web_address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return url.rstrip("/")


class Settings(BaseSettings):
    """Every field `name` is read from the variable `EARMARK_NAME`."""

    model_config = SettingsConfigDict(env_prefix="EARMARK_", frozen=True, extra="ignore")

    data: Path = Path("data")
    database_url: Annotated[str, AfterValidator(_known_database)] | None = None
    blobs_url: Annotated[str, AfterValidator(_known_blob_store)] | None = None
    public_url: Annotated[str, AfterValidator(_web_address)] | None = None
    upload_limit: Annotated[ByteSize, Field(gt=0)] = ByteSize(2 * 10**9)
    longest_hours: Annotated[float, Field(gt=0, le=6)] = 6.0
    decoders: Annotated[int, Field(ge=1, le=64)] = 1

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data.resolve() / 'earmark.db'}"

    @property
    def jobs_database(self) -> str:
        """DBOS keeps its own file beside ours on SQLite, and its own schema inside our PostgreSQL."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'jobs.db'}"

    @property
    def blobs(self) -> str:
        return self.blobs_url or (self.data.resolve() / "blobs").as_uri()

    @property
    def staging(self) -> Path:
        return self.data.resolve() / "staging"


def read_settings(**overrides: Any) -> Settings:
    """The settings of this process; raises SettingsError with one readable line per wrong value."""
    try:
        settings = Settings(**overrides)
        settings.staging.mkdir(parents=True, exist_ok=True)
    except ValidationError as error:
        raise SettingsError("\n".join(_line(problem) for problem in error.errors())) from None
    except OSError as error:
        raise SettingsError(f"EARMARK_DATA: {error.strerror} ({error.filename})") from None
    return settings


def _line(problem: Any) -> str:
    name = "EARMARK_" + "_".join(str(part) for part in problem["loc"]).upper()
    # An address of a database or a store may hold a password, and this line goes to the log.
    given = "" if name.endswith("_URL") else f" (it is '{problem['input']}')"
    return f"{name}: {problem['msg'].removeprefix('Value error, ')}{given}"
