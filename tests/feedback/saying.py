"""Comments that tests begin with."""

from typing import Any
from uuid import UUID

from httpx2 import Client

from tests.cast import Cast


def said(
    client: Client, cast: Cast, body: str = "Too loud here", *, at: float = 10.0, **more: Any
) -> dict[str, Any]:
    """A comment on the first version."""
    version: UUID = more.pop("version", cast.version)
    answer = client.post(f"/api/versions/{version}/comments", json={"at": at, "body": body, **more})
    assert answer.status_code == 201, answer.text
    comment: dict[str, Any] = answer.json()
    return comment


def listed(client: Client, cast: Cast) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(f"/api/versions/{cast.version}/comments").json()["items"]
    return items
