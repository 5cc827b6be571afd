"""A blind test between a sine and noise on a running Earmark, and what a page sounds like."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
from playwright.sync_api import Page
from sqlmodel import Session, select

from server.compare.models import Comparison
from tests.browser.earmark import Earmark, until_on, wait_until
from tests.services.waiting import PREPARED_WITHIN, until
from tests.sound.signals import noise, sine, write

SECONDS = 8.0
# What goes to the loudspeakers is also heard by an analyser.
TAP = """
    const connect = AudioNode.prototype.connect;
    AudioNode.prototype.connect = function (target, ...more) {
        if (target === this.context.destination && !window.tap) {
            window.tap = this.context.createAnalyser();
            window.tap.fftSize = 8192;
            window.tap.smoothingTimeConstant = 0;
        }
        if (target === this.context.destination) connect.call(this, window.tap);
        return connect.call(this, target, ...more);
    };
"""
# How far the strongest frequency stands above the usual one, in dB; null for silence.
TONALITY = """() => {
    if (!window.tap) return null;
    const bins = new Float32Array(window.tap.frequencyBinCount);
    window.tap.getFloatFrequencyData(bins);
    const heard = [...bins].filter(Number.isFinite).sort((a, b) => a - b);
    const most = heard[heard.length - 1];
    return heard.length && most > -90 ? most - heard[heard.length >> 1] : null;
}"""


def sine_and_noise(earmark: Earmark, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two versions that a listener cannot mistake for one another."""
    a, b = (
        _uploaded(earmark, write(folder, sound, name=name))
        for name, sound in (("sine", sine(441.0, SECONDS)), ("noise", noise(SECONDS, dbfs=-24.0)))
    )
    until(lambda: _compare(earmark.api, a, b).status_code != 202, seconds=PREPARED_WITHIN)
    earmark.database.write(lambda session: as_if_of_one_song(session, UUID(a["id"]), UUID(b["id"])))
    return a, b


def blind_test(earmark: Earmark, a: dict[str, Any], b: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Asked by the band."""
    wanted = {"a": a["id"], "b": b["id"], "at": 1.0, "until": 5.0} | more
    made = earmark.api.post(f"/api/songs/{earmark.song}/blind-tests", json=wanted)
    assert made.status_code == 201, made.text
    test: dict[str, Any] = made.json() | {"numbers": (a["number"], b["number"])}
    return test


def address(earmark: Earmark, test: dict[str, Any]) -> str:
    return f"/songs/{earmark.song}/blind/{test['id']}"


def hears_the_sine(page: Page) -> bool:
    """What is on the loudspeakers; waits until something is, and until the analyser holds nothing of before."""
    until_on(page, lambda: page.evaluate(TONALITY))
    begun = page.evaluate("window.tap.context.currentTime")
    wait_until(page, f"window.tap.context.currentTime >= {begun + 0.4}")
    tonality = until_on(page, lambda: page.evaluate(TONALITY))
    return bool(tonality > 45)


def _uploaded(earmark: Earmark, file: Path) -> dict[str, Any]:
    with file.open("rb") as content:
        answer = earmark.api.post(
            f"/api/songs/{earmark.song}/versions", data={"stage": "mixing"}, files={"file": content}
        ).raise_for_status()
    id = answer.json()["id"]

    def ready() -> dict[str, Any] | None:
        version: dict[str, Any] = earmark.api.get(f"/api/versions/{id}").json()
        assert version["status"] != "failed", version["error"]
        return version if version["status"] == "ready" else None

    return until(ready, seconds=PREPARED_WITHIN)


def _compare(api: httpx2.Client, a: dict[str, Any], b: dict[str, Any]) -> httpx2.Response:
    return api.get("/api/compare", params={"a": a["id"], "b": b["id"]})


def as_if_of_one_song(session: Session, a: UUID, b: UUID) -> None:
    """A sine and noise share no music that a map could follow."""
    line = {"a_start": 0.0, "a_end": SECONDS, "b_start": 0.0, "b_end": SECONDS, "confidence": 1.0}
    row = session.exec(select(Comparison).where(Comparison.a_id == a, Comparison.b_id == b)).one()
    row.status, row.time_map, row.matched_gain_db = "ready", {"confidence": 1.0, "segments": [line]}, 0.0
