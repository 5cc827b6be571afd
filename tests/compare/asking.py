"""Asking a running server what changed, until it knows."""

import time
from pathlib import Path
from typing import Any

from httpx2 import Client

from tests.running import Running

SECONDS_TO_COMPARE = 60


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
