"""Preparing as a person sees it: on a real server with its worker."""

import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from server.database import Database
from server.events.models import LoggedEvent
from tests.databases import both_databases
from tests.running import Running
from tests.sound.signals import noise, sine, write


def told(running: Running, version: str) -> list[dict[str, Any]]:
    """What the log says of the version, oldest first."""

    def read(session: Session) -> list[dict[str, Any]]:
        of_it = select(LoggedEvent).where(LoggedEvent.version_id == UUID(version))
        return [row.body for row in session.exec(of_it.order_by(col(LoggedEvent.seq)))]

    with closing(Database(running.database_url)) as database:
        return database.read(read)


@both_databases
def test_it_is_measured_first_and_then_made_small(running: Running, tmp_path: Path) -> None:
    added = running.upload(write(tmp_path, sine(997, 5.0, dbfs=-20.0)))
    assert added["status"] == "preparing"

    ready = running.ready(added["id"])

    assert (ready["duration"], ready["audio"]) == (5.0, ["original", "opus", "small"])
    assert (ready["progress"], ready["error"]) == (None, None)
    assert ready["loudness"]["integrated_lufs"] == pytest.approx(-20.0, abs=0.2)
    waveform = running.ada.get(f"/api/versions/{ready['id']}/waveform.dat").content
    assert struct.unpack("<iIiiIi", waveform[:24])[4] == -(-5 * 48000 // 256)
    assert running.ada.get(f"/api/versions/{ready['id']}/audio?as=small").content[4:8] == b"ftyp"
    assert running.ada.get(f"/api/versions/{ready['id']}/audio?as=opus").content[:4] == b"OggS"

    events = told(running, ready["id"])
    kinds = [event["type"] for event in events]
    assert (kinds[0], kinds[-1]) == ("version.added", "version.ready")
    assert set(kinds[1:-1]) == {"version.progress"}
    assert events[-1]["version"] == ready
    steps = [event["version"]["progress"]["step"] for event in events[1:-1]]
    assert steps == sorted(steps, key=["measuring", "lossless", "small"].index)
    measured = next(event["version"] for event in events if event["version"]["zooms"])
    assert (measured["audio"], measured["duration"]) == (["original"], 5.0)


@pytest.mark.parametrize("format", ["aiff", "alac"])
def test_what_browsers_cannot_play_gets_a_lossless_copy(
    running: Running, tmp_path: Path, format: str
) -> None:
    ready = running.ready(running.upload(write(tmp_path, noise(3.0), format=format))["id"])

    assert ready["audio"] == ["lossless", "opus", "small"]
    lossless = running.ada.get(f"/api/versions/{ready['id']}/audio?as=lossless")
    assert (lossless.content[:4], lossless.headers["content-type"]) == (b"fLaC", "audio/flac")


def test_the_same_file_twice_is_prepared_for_both(running: Running, tmp_path: Path) -> None:
    file = write(tmp_path, noise(2.0))
    first, second = (running.ready(running.upload(file)["id"]) for _ in range(2))

    its_own = ("id", "number", "created_at")
    assert {k: v for k, v in first.items() if k not in its_own} == {
        k: v for k, v in second.items() if k not in its_own
    }


def test_a_file_that_was_damaged_after_it_came_fails_with_a_sentence(
    start_running: Callable[..., Running], tmp_path: Path
) -> None:
    running = start_running(arguments=["--no-worker"])
    version = running.upload(write(tmp_path, noise(2.0), format="flac"))
    original = next((running.server.data / "blobs" / "originals").iterdir())
    original.write_bytes(original.read_bytes()[:5000])

    running.start_worker()
    failed = running.wait_until(version["id"], lambda version: version["status"] != "preparing")

    assert failed["status"] == "failed"
    assert failed["error"].endswith(".")
    assert "Traceback" not in failed["error"]
    assert told(running, version["id"])[-1]["type"] == "version.failed"
