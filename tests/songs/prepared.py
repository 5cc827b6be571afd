"""A version made of a real file and prepared on the spot, without a worker."""

from pathlib import Path
from typing import Any
from uuid import UUID

from starlette.testclient import TestClient

from server.songs.preparing import Preparing


def upload(browser: TestClient, song: UUID, file: Path, **fields: str) -> dict[str, Any]:
    with file.open("rb") as content:
        answer = browser.post(
            f"/api/songs/{song}/versions",
            files={"file": (file.name, content)},
            data={"stage": "mixing"} | fields,
        )
    assert answer.status_code == 201, answer.text
    version: dict[str, Any] = answer.json()
    return version


def prepare(browser: TestClient, id: str) -> dict[str, Any]:
    """Do what a worker would, in this process; the version afterwards."""
    intake = browser.app.state.intake  # type: ignore[attr-defined]
    preparing = Preparing(intake.database, intake.blobs, intake.looker, intake.settings.staging)
    for _, step in preparing.job().steps:
        step(id)
    preparing.finish(id)
    version: dict[str, Any] = browser.get(f"/api/versions/{id}").json()
    return version
