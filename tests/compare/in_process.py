"""Comparisons made on the spot, without a worker."""

from typing import Any

from starlette.testclient import TestClient

from server.compare.comparing import Comparing


def compare_waiting(browser: TestClient) -> list[str]:
    """Do what a worker would, in this process; the ids of what was compared."""
    intake = browser.app.state.intake  # type: ignore[attr-defined]
    comparing = Comparing(intake.database, intake.blobs, intake.looker, intake.settings.staging)
    waiting = comparing.waiting()
    for id in waiting:
        for _, step in comparing.job().steps:
            step(id)
        comparing.finish(id)
    return waiting


def compared(browser: TestClient, a: Any, b: Any) -> dict[str, Any]:
    """What `GET /api/compare` says once it knows."""
    address = f"/api/compare?a={a}&b={b}"
    if browser.get(address).status_code == 202:
        compare_waiting(browser)
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
