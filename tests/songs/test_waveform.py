import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from numpy.typing import NDArray

from server.difference.kept import listen_and_keep
from server.songs.preparing import Preparing
from server.sound.loudness import Loudness
from server.uploads.intake import Intake
from tests.cast import Cast
from tests.songs.prepared import prepare, upload
from tests.sound.signals import clicks, write

RATE = 48000


@pytest.fixture
def address(cast: Cast, tmp_path: Path) -> str:
    """Of the waveform of forty seconds with a click at 10 s and one at 30 s."""
    file = write(tmp_path, clicks([10.0, 30.0], 40.0))
    version = prepare(cast.ada, upload(cast.ada, cast.song, file)["id"])
    assert version["zooms"][:3] == [256, 1024, 4096]
    return f"/api/versions/{version['id']}/waveform.dat"


def peaks(content: bytes) -> tuple[int, NDArray[np.int8]]:
    """Samples per pixel, and the (lowest, highest) of each pixel, out of audiowaveform's version 2."""
    version, flags, rate, pixel, length, channels = struct.unpack("<iIiiIi", content[:24])
    assert (version, flags, rate, channels) == (2, 1, RATE, 1)
    found = np.frombuffer(content[24:], dtype=np.int8).reshape(-1, 2)
    assert len(found) == length
    return pixel, found


def test_each_zoom_shows_the_clicks_where_they_are(cast: Cast, address: str) -> None:
    for zoom, expected in enumerate((256, 1024, 4096)):
        answer = cast.gil.get(f"{address}?zoom={zoom}")

        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/octet-stream"
        pixel, found = peaks(answer.content)
        assert pixel == expected
        assert len(found) == -(-40 * RATE // pixel)
        loud = np.flatnonzero(found[:, 1] > 64) * pixel / RATE
        assert loud.min() == pytest.approx(10.0, abs=pixel / RATE)
        assert loud.max() == pytest.approx(30.0, abs=pixel / RATE)
        assert found[: int(9 * RATE / pixel)].max() == 0


def test_the_finest_comes_when_none_is_named(cast: Cast, address: str) -> None:
    assert cast.gil.get(address).content == cast.gil.get(f"{address}?zoom=0").content


def test_a_part_of_it_can_be_fetched(cast: Cast, address: str) -> None:
    whole = cast.gil.get(address).content

    part = cast.gil.get(address, headers={"range": "bytes=24-1023"})

    assert (part.status_code, part.content) == (206, whole[24:1024])


def test_it_is_not_sent_twice(cast: Cast, address: str) -> None:
    tag = cast.gil.get(address).headers["etag"]

    assert cast.gil.get(address, headers={"if-none-match": tag}).status_code == 304
    assert cast.gil.get(f"{address}?zoom=1").headers["etag"] != tag


def test_outsiders_are_told_there_is_nothing(cast: Cast, address: str) -> None:
    for outsider in cast.outsiders:
        assert outsider.get(address).status_code == 404


def test_before_it_is_measured_there_is_none(cast: Cast) -> None:
    assert cast.gil.get(f"/api/versions/{cast.version}/waveform.dat").status_code == 404


def test_a_zoom_that_is_not_there_is_not_found(cast: Cast, address: str) -> None:
    assert cast.gil.get(f"{address}?zoom=15").status_code == 404


@pytest.mark.parametrize("zoom", ["-1", "16", "near", ""])
def test_nonsense_is_named(cast: Cast, address: str, zoom: str) -> None:
    answer = cast.gil.get(f"{address}?zoom={zoom}")

    assert answer.status_code == 422
    assert "zoom" in answer.json()["error"]["details"]["fields"]


class Unhurried:
    """In place of the child process: all is decoded, but measuring goes on, and somebody looks meanwhile."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        self._meanwhile = meanwhile

    def run(
        self, function: Any, *args: Any, seconds: float, on_progress: Callable[[float], None]
    ) -> Loudness:
        assert function is listen_and_keep
        on_progress(0.2)
        loudness: Loudness = listen_and_keep(*args)
        on_progress(0.6)
        self._meanwhile()
        return loudness


def test_it_is_on_the_page_before_all_is_measured(
    cast: Cast, tmp_path: Path, events: Callable[[], list[dict[str, Any]]]
) -> None:
    id = upload(cast.ada, cast.song, write(tmp_path, clicks([10.0], 40.0)))["id"]
    intake: Intake = cast.ada.app.state.intake  # type: ignore[attr-defined]
    seen: list[dict[str, Any]] = []

    def look() -> None:
        seen.append(cast.ada.get(f"/api/versions/{id}").json())
        assert cast.gil.get(f"/api/versions/{id}/waveform.dat?zoom=2").status_code == 200
        assert cast.gil.get(f"/api/versions/{id}/audio").status_code == 200

    decoders: Any = Unhurried(look)
    Preparing(intake.database, intake.blobs, decoders, intake.settings.staging).measure(id)

    (version,) = seen
    assert (version["status"], version["progress"]["step"]) == ("preparing", "measuring")
    assert (version["duration"], version["zooms"][:3]) == (40.0, [256, 1024, 4096])
    assert version["loudness"] is None
    measured = cast.ada.get(f"/api/versions/{id}").json()
    assert measured["loudness"]["true_peak_dbtp"] is not None
    told = [
        event["version"]["zooms"] for event in events() if event.get("version", {}).get("id") == str(UUID(id))
    ]
    assert told[0] == []
    assert told[-1] == version["zooms"]
    assert list(intake.settings.staging.iterdir()) == []
