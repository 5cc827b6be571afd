"""Only what changed, as sound, for whoever may hear both versions."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from server.settings import Settings
from tests.cast import Cast
from tests.compare.in_process import compared
from tests.songs.prepared import prepare, upload
from tests.sound.signals import music, sine, write

RATE = 44100


@pytest.fixture
def pair(cast: Cast, tmp_path: Path) -> str:
    """Fourteen seconds; then with a tone from 4 s on and without the seconds from 8 to 11. The query of the two."""
    song = music(14.0, rate=RATE)
    tone = sine(1000.0, 14.0, dbfs=-30.0, rate=RATE)
    tone[:, : 4 * RATE] = 0
    changed = song + tone
    changed = np.concatenate((changed[:, : 8 * RATE], changed[:, 11 * RATE :]), axis=1)
    ids = []
    for name, samples in (("a", song), ("b", changed)):
        file = write(tmp_path, samples, rate=RATE, name=name, format="wav24")
        ids.append(prepare(cast.ada, upload(cast.ada, cast.song, file)["id"])["id"])
    compared(cast.ada, *ids)
    return f"/api/compare/difference?a={ids[0]}&b={ids[1]}"


def level(samples: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> float:
    return 10 * float(np.log10(np.mean(samples**2) + 1e-20))


@pytest.mark.parametrize("format", ["wav", "flac"])
def test_what_was_added_is_heard_and_nothing_else(
    cast: Cast, pair: str, format: str, settings: Settings
) -> None:
    before = cast.gil.get(f"{pair}&start=1&end=3&format={format}")
    after = cast.gil.get(f"{pair}&start=5&end=7&format={format}")

    assert (before.status_code, after.status_code) == (200, 200)
    assert after.headers["content-type"] == f"audio/{format}"
    silent, rate = soundfile.read(io.BytesIO(before.content))
    heard, _ = soundfile.read(io.BytesIO(after.content))
    assert (rate, len(silent), len(heard)) == (RATE, 2 * RATE, 2 * RATE)
    assert level(silent) < -90
    assert float(before.headers["x-residual-db"]) < -70
    assert level(heard) == pytest.approx(-33.0, abs=0.1)
    assert float(after.headers["x-residual-db"]) > -40
    assert (before.headers["x-covered"], after.headers["x-covered"]) == ("1.000", "1.000")
    assert list(settings.staging.iterdir()) == []


def test_what_was_cut_has_nothing_to_be_taken_from(cast: Cast, pair: str, settings: Settings) -> None:
    answer = cast.ada.get(f"{pair}&start=8.5&end=10.5")

    assert answer.status_code == 409
    assert "is not in version" in answer.json()["error"]["message"]
    assert list(settings.staging.iterdir()) == []


def test_a_range_that_runs_over_the_end_ends_there(cast: Cast, pair: str) -> None:
    answer = cast.ada.get(f"{pair}&start=12&end=60")

    samples, _ = soundfile.read(io.BytesIO(answer.content))
    assert len(samples) == 2 * RATE


@pytest.mark.parametrize(
    "query",
    [
        "",
        "start=2&end=1",
        "start=0&end=61",
        "start=-1&end=3",
        "start=nan&end=3",
        "start=14&end=20",
        "start=0&end=1&format=mp3",
    ],
)
def test_a_piece_that_cannot_be_is_named(cast: Cast, pair: str, query: str) -> None:
    answer = cast.ada.get(f"{pair}&{query}")

    assert answer.status_code == 422
    assert answer.json()["error"]["message"]


def test_what_was_played_anew_has_nothing_left_of_the_other(cast: Cast, tmp_path: Path) -> None:
    from tests.difference.studio import mixed, play, steady

    ids = []
    for name, bpm, take in (("a", 112, 0), ("b", 117, 1)):
        samples = mixed(play(steady(bpm), take=take)).T.astype(np.float64)
        file = write(tmp_path, samples, rate=RATE, name=name)
        ids.append(prepare(cast.ada, upload(cast.ada, cast.song, file)["id"])["id"])
    assert compared(cast.ada, *ids)["time_map"]["segments"]

    answer = cast.ada.get(f"/api/compare/difference?a={ids[0]}&b={ids[1]}&start=4&end=9")

    assert answer.status_code == 409
    assert "played anew" in answer.json()["error"]["message"]
