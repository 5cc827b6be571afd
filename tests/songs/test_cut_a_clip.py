"""A piece of a version, to the sample, for whoever may hear it."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from server.settings import Settings
from tests.cast import Cast
from tests.songs.prepared import upload
from tests.sound.signals import sine, write


@pytest.fixture
def tone(cast: Cast, tmp_path: Path) -> str:
    """Six seconds of a sine at -20 dBFS; the address of its clips."""
    file = write(tmp_path, sine(441.0, 6.0, rate=44100), rate=44100)
    return f"/api/versions/{upload(cast.ada, cast.song, file)['id']}/clip"


def test_a_guest_hears_just_that_piece(cast: Cast, tone: str) -> None:
    answer = cast.gil.get(f"{tone}?start=1.5&end=3.25")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/wav"
    samples, rate = soundfile.read(io.BytesIO(answer.content))
    assert (len(samples), rate) == (round(1.75 * 44100), 44100)


def test_a_gain_turns_it_down_by_just_that_much(cast: Cast, tone: str) -> None:
    def level(query: str) -> float:
        samples, _ = soundfile.read(io.BytesIO(cast.ada.get(f"{tone}?start=1&end=3&{query}").content))
        return 20 * float(np.log10(np.abs(samples[2000:-2000]).max()))

    assert level("gain_db=-6") - level("") == pytest.approx(-6, abs=0.01)


@pytest.mark.parametrize(("format", "media_type"), [("flac", "audio/flac"), ("mp3", "audio/mpeg")])
def test_other_formats(cast: Cast, tone: str, format: str, media_type: str) -> None:
    answer = cast.ada.get(f"{tone}?start=0&end=2&format={format}")

    assert answer.headers["content-type"] == media_type
    assert f".{format}" in answer.headers["content-disposition"]
    samples, rate = soundfile.read(io.BytesIO(answer.content))
    assert len(samples) / rate == pytest.approx(2.0, abs=0.06)


def test_outsiders_are_told_there_is_nothing(cast: Cast, tone: str) -> None:
    for outsider in cast.outsiders:
        assert outsider.get(f"{tone}?start=0&end=1").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "",
        "start=0",
        "start=2&end=1",
        "start=-1&end=1",
        "start=0&end=601",
        "start=nan&end=1",
        "start=100&end=101",
        "start=0&end=1&format=exe",
        "start=0&end=1&gain_db=99",
        "start=x&end=1",
    ],
)
def test_a_piece_that_cannot_be_is_named(cast: Cast, tone: str, query: str) -> None:
    answer = cast.ada.get(f"{tone}?{query}")

    assert answer.status_code == 422
    assert answer.json()["error"]["message"]


def test_nothing_is_left_in_the_staging_folder(cast: Cast, tone: str, settings: Settings) -> None:
    cast.ada.get(f"{tone}?start=0&end=1")
    cast.ada.get(f"{tone}?start=100&end=101")

    assert list(settings.staging.iterdir()) == []
