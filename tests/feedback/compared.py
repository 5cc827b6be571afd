"""Comparisons that are ready, as if the job had made them, for tests of what follows from them."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from httpx2 import Client
from sqlmodel import Session

from server.blobs import Blobs
from server.compare.models import Comparison
from server.compare.results import result_key
from server.database import Database
from server.people.models import ReviewLink
from server.songs.models import Version

Line = tuple[float, float, float]
"""Where in A it begins, where in B, and how many seconds it is long."""

SHIFTED = [(0.0, 2.0, 60.0)]


def compared(
    database: Database,
    a: UUID,
    b: UUID,
    lines: Iterable[Line] = SHIFTED,
    *,
    confidence: float = 1.0,
    gain_db: float = 0.0,
    status: str = "ready",
) -> None:
    segments = [
        {"a_start": at, "a_end": at + long, "b_start": there, "b_end": there + long, "confidence": confidence}
        for at, there, long in lines
    ]
    time_map = {"confidence": confidence, "segments": segments} if status == "ready" else None

    def write(session: Session) -> None:
        song = session.get_one(Version, a).song_id
        session.add(
            Comparison(
                song_id=song, a_id=a, b_id=b, status=status, time_map=time_map, matched_gain_db=gain_db
            )
        )

    database.write(write)


def pictured(database: Database, blobs: Blobs, a: UUID, b: UUID, *, low_end: float) -> None:
    """The picture of their comparison, in which nothing differs but the low end."""
    columns = 240
    bands = (
        ("air", 8000, 20000),
        ("presence", 2000, 8000),
        ("mids", 500, 2000),
        ("low-mids", 120, 500),
        ("low-end", 20, 120),
    )
    rows = [
        {
            "key": key,
            "name": key.replace("-", " "),
            "from_hz": low,
            "to_hz": high,
            "db": [low_end if key == "low-end" else 0.0] * columns,
        }
        for key, low, high in bands
    ]
    picture = {"step": 0.25, "bands": rows, "level_db": [0.0] * columns, "width_db": [0.0] * columns}
    key = database.read(lambda session: result_key(session.get_one(Version, a), session.get_one(Version, b)))
    blobs.put(key, json.dumps({"picture": picture}).encode())


def carried(client: Client, version: UUID) -> list[dict[str, Any]]:
    answer = client.get(f"/api/versions/{version}/carried")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    assert answer.json()["next"] is None
    return items


def show_only(database: Database, link: UUID, *versions: UUID) -> None:
    """The guests of this link may hear no other version."""

    def change(session: Session) -> None:
        row = session.get_one(ReviewLink, link)
        row.versions = " ".join(map(str, versions))
        session.add(row)

    database.write(change)
