"""Asking a running server what changed, until it knows."""

import time
from contextlib import closing
from pathlib import Path
from typing import Any

from httpx2 import Client
from sqlmodel import Session, col, select

from server.database import Database
from server.events.models import LoggedEvent
from tests.running import Running

SECONDS_TO_COMPARE = 90


def ask(client: Client, a: str, b: str, **query: str) -> Any:
    return client.get("/api/compare", params={"a": a, "b": b, **query})


def compared(client: Client, a: str, b: str, **query: str) -> dict[str, Any]:
    """What `GET /api/compare` says as soon as it is no longer 202."""
    deadline = time.monotonic() + SECONDS_TO_COMPARE
    while (answer := ask(client, a, b, **query)).status_code == 202:
        assert time.monotonic() < deadline, f"It stays like this: {answer.json()}"
        time.sleep(0.05)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def uploaded(running: Running, *files: Path, **fields: str) -> list[str]:
    """The ids of versions made of these files, each ready before the next one comes."""
    return [running.ready(running.upload(file, **fields)["id"])["id"] for file in files]


def told_of_comparisons(
    running: Running, ended: int, *, kind: str = "comparison.ready"
) -> list[dict[str, Any]]:
    """What the log says of comparisons, oldest first, as soon as `ended` events of that kind are in it."""
    deadline = time.monotonic() + SECONDS_TO_COMPARE
    with closing(Database(running.database_url)) as database:
        while True:
            told = database.read(_of_comparisons)
            if sum(event["type"] == kind for event in told) >= ended:
                return told
            assert time.monotonic() < deadline, f"The log says no more than {told}"
            time.sleep(0.05)


def _of_comparisons(session: Session) -> list[dict[str, Any]]:
    events = select(LoggedEvent).where(col(LoggedEvent.type).startswith("comparison."))
    return [row.body for row in session.exec(events.order_by(col(LoggedEvent.seq)))]
