"""Blind tests that tests begin with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from httpx2 import Client
from sqlmodel import Session, select
from starlette.testclient import TestClient

from server.compare.models import Comparison
from server.database import Database
from server.people.models import ReviewLink
from server.people.visitors import GUEST_COOKIE
from server.sharing.links import let_in
from tests.cast import Cast, browser
from tests.songs.prepared import upload
from tests.sound.signals import Samples, write

SECONDS = 12.0


@dataclass(frozen=True)
class Pair:
    """Two versions that can be heard, and are compared."""

    a: UUID
    b: UUID


def pair(cast: Cast, database: Database, folder: Path, a: Samples, b: Samples, **more: Any) -> Pair:
    """`rates` and `formats` of the two; `segments` of the time map, else A's seconds are B's."""
    rates, formats = more.get("rates", (48000, 48000)), more.get("formats", ("wav16", "wav16"))
    ids = [
        UUID(
            upload(
                cast.ada,
                cast.song,
                write(folder, samples, rate=rate, format=format, name=name),
            )["id"]
        )
        for name, samples, rate, format in zip("ab", (a, b), rates, formats, strict=True)
    ]
    made = Pair(*ids)
    compared(cast, database, made, segments=more.get("segments"), gain_db=more.get("gain_db", 0.0))
    return made


def compared(
    cast: Cast,
    database: Database,
    versions: Pair,
    *,
    segments: list[tuple[float, float, float, float]] | None = None,
    gain_db: float = 0.0,
    status: str = "ready",
) -> None:
    """As the worker leaves it; each segment as a_start, a_end, b_start, b_end."""
    names = ("a_start", "a_end", "b_start", "b_end")
    lines = [
        dict(zip(names, line, strict=True)) | {"confidence": 1.0}
        for line in segments or [(0.0, SECONDS, 0.0, SECONDS)]
    ]
    row = Comparison(
        song_id=cast.song,
        a_id=versions.a,
        b_id=versions.b,
        status=status,
        error="No music in it." if status == "failed" else None,
        time_map={"confidence": 1.0, "segments": lines} if status == "ready" else None,
        matched_gain_db=gain_db if status == "ready" else None,
    )
    database.write(lambda session: session.add(row))


def asked(client: Client, cast: Cast, versions: Pair, **more: Any) -> dict[str, Any]:
    """A new blind test."""
    wanted = {"a": str(versions.a), "b": str(versions.b), "at": 2.0, "until": 8.0} | more
    answer = client.post(f"/api/songs/{cast.song}/blind-tests", json=wanted)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def guests(client: TestClient, cast: Cast, database: Database, count: int) -> list[TestClient]:
    """So many people who came by the same link as Gil."""

    def enter(session: Session) -> list[str]:
        link = session.exec(select(ReviewLink).where(ReviewLink.id == cast.link)).one()
        return [let_in(session, link, f"Guest {number}", None) for number in range(count)]

    return [browser(client, **{GUEST_COOKIE: secret}) for secret in database.write(enter)]
