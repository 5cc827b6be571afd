"""What reaches a listener's browser: the music, equally loud, and nothing that tells which version it is."""

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from httpx2 import Client, Response
from starlette.testclient import TestClient

from server.database import Database
from server.sound.analysis import analyze
from tests.cast import Cast
from tests.compare.blind import SECONDS, Pair, asked, guests, pair
from tests.databases import both_databases
from tests.sound.signals import Samples, clicks, music, noise, silence, sine


def heard(listener: Client, address: str, side: str) -> tuple[Samples, int]:
    answer = listener.get(f"{address}/audio/{side}")
    assert answer.status_code == 200, answer.text
    samples, rate = soundfile.read(io.BytesIO(answer.content), always_2d=True)
    return samples.T, rate


def is_the_sine(listener: Client, address: str, side: str) -> bool:
    """A has one frequency, B has all of them."""
    samples, _ = heard(listener, address, side)
    spectrum = np.abs(np.fft.rfft(samples[0]))
    return bool(spectrum.max() > 20 * np.median(spectrum) * np.sqrt(len(spectrum)) ** 0.5)


def loudness(listener: Client, address: str, side: str, folder: Path) -> float:
    """By the same meter that every upload is measured with."""
    path = folder / f"{side}.wav"
    path.write_bytes(listener.get(f"{address}/audio/{side}").content)
    measured = analyze(path).loudness.integrated_lufs
    assert measured is not None
    return measured


def test_x_and_y_are_the_two_versions(cast: Cast, address: str) -> None:
    for listener in (cast.ada, cast.ben, cast.gil, cast.lou):
        assert {is_the_sine(listener, address, side) for side in "xy"} == {True, False}


def test_a_listener_hears_the_same_each_time(cast: Cast, address: str) -> None:
    first = cast.gil.get(f"{address}/audio/x").content

    assert all(cast.gil.get(f"{address}/audio/x").content == first for _ in range(3))


def test_listeners_are_shuffled_each_for_themselves(
    client: TestClient, cast: Cast, database: Database, address: str
) -> None:
    x_is_the_sine = [is_the_sine(guest, address, "x") for guest in guests(client, cast, database, 40)]

    # Of 40 coins fewer than 8 or more than 32 fall alike once in 60,000 times.
    assert 8 <= sum(x_is_the_sine) <= 32


def test_one_listener_is_shuffled_anew_for_every_test(cast: Cast, versions: Pair) -> None:
    tests = [asked(cast.ada, cast, versions, until=3.0) for _ in range(30)]

    x_is_the_sine = [is_the_sine(cast.gil, f"/api/blind-tests/{test['id']}", "x") for test in tests]

    assert 4 <= sum(x_is_the_sine) <= 26


def test_nothing_around_the_sound_tells_which_it_is(
    client: TestClient, cast: Cast, database: Database, address: str
) -> None:
    for guest in [cast.gil, *guests(client, cast, database, 6)]:
        x, y = (guest.get(f"{address}/audio/{side}") for side in "xy")
        assert len(x.content) == len(y.content)
        assert x.content[:44] == y.content[:44]  # the header: rate, depth, channels, length
        assert _untelling(x) == _untelling(y)
        assert x.headers["etag"] != y.headers["etag"]


def test_no_name_of_the_bytes_is_the_same_for_two_listeners(
    client: TestClient, cast: Cast, database: Database, address: str
) -> None:
    """Or two phones side by side would show who hears what."""
    listeners = [cast.ada, cast.ben, cast.gil, *guests(client, cast, database, 6)]
    tags = [
        listener.head(f"{address}/audio/{side}").headers["etag"] for listener in listeners for side in "xy"
    ]

    assert len(set(tags)) == len(tags)


def _untelling(answer: Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "etag"}


def test_no_chunk_beside_the_sound_is_in_the_file(cast: Cast, address: str) -> None:
    content = cast.gil.get(f"{address}/audio/x").content

    assert (content[:4], content[8:16], content[36:40]) == (b"RIFF", b"WAVEfmt ", b"data")
    assert struct.unpack("<I", content[40:44])[0] == len(content) - 44


@pytest.mark.parametrize(
    ("a", "b", "rates", "formats"),
    [
        (sine(441.0, SECONDS, dbfs=-30.0), noise(SECONDS, dbfs=-19.0), (48000, 48000), ("wav16", "wav16")),
        (
            music(SECONDS),
            0.25 * noise(SECONDS, rate=96000, dbfs=-12.0),
            (44100, 96000),
            ("wav24", "flac"),
        ),
        (
            noise(SECONDS, rate=22050, channels=1, dbfs=-14.0),
            music(SECONDS, rate=48000),
            (22050, 48000),
            ("wav16", "mp3"),
        ),
        (
            noise(SECONDS, channels=6, dbfs=-20.0),
            sine(997.0, SECONDS, dbfs=-0.1),
            (48000, 48000),
            ("wav16",) * 2,
        ),
    ],
)
def test_both_are_equally_loud_long_and_of_one_format(
    cast: Cast, database: Database, tmp_path: Path, a: Samples, b: Samples, rates: Any, formats: Any
) -> None:
    two = pair(cast, database, tmp_path, a, b, rates=rates, formats=formats)
    address = f"/api/blind-tests/{asked(cast.ada, cast, two, at=2.5, until=8.75)['id']}"

    x, y = (loudness(cast.gil, address, side, tmp_path) for side in "xy")

    assert x == pytest.approx(y, abs=0.2)
    (x_samples, x_rate), (y_samples, y_rate) = (heard(cast.gil, address, side) for side in "xy")
    assert x_rate == y_rate == (44100 if set(rates) <= {44100, 22050} else 48000)
    assert x_samples.shape == y_samples.shape == (2, round(6.25 * x_rate))
    assert max(np.abs(x_samples).max(), np.abs(y_samples).max()) <= 1.0


def test_it_is_the_louder_one_that_is_turned_down(cast: Cast, address: str) -> None:
    side = next(side for side in "xy" if is_the_sine(cast.gil, address, side))

    quieter, _ = heard(cast.gil, address, side)

    # It was a sine at -30 dBFS and it still is.
    assert 20 * np.log10(np.abs(quieter[:, 4000:-4000]).max()) == pytest.approx(-30.0, abs=0.01)


def test_a_part_that_is_louder_than_the_rest_is_matched_too(
    cast: Cast, database: Database, tmp_path: Path
) -> None:
    """Over the song B is as loud as A; in this part it is 6 dB louder, and would win for that alone."""
    sound = noise(SECONDS, dbfs=-24.0)
    louder_there = sound.copy()
    louder_there[:, 2 * 48000 : 8 * 48000] *= 2
    two = pair(cast, database, tmp_path, sound, louder_there, gain_db=0.0)
    address = f"/api/blind-tests/{asked(cast.ada, cast, two)['id']}"

    x, y = (loudness(cast.gil, address, side, tmp_path) for side in "xy")

    assert x == pytest.approx(y, abs=0.2)


def test_where_there_is_nothing_to_measure_the_songs_gain_holds(
    cast: Cast, database: Database, tmp_path: Path
) -> None:
    quiet = 1e-4 * noise(SECONDS, dbfs=0.0)  # -80 dBFS, below the gate
    two = pair(cast, database, tmp_path, quiet, quiet, gain_db=-6.0)
    address = f"/api/blind-tests/{asked(cast.ada, cast, two)['id']}"

    levels = sorted(float(np.sqrt(np.mean(heard(cast.gil, address, side)[0] ** 2))) for side in "xy")

    assert 20 * np.log10(levels[1] / levels[0]) == pytest.approx(6.0, abs=0.5)


def test_the_same_place_in_the_music_is_the_same_place_in_the_clip(
    cast: Cast, database: Database, tmp_path: Path
) -> None:
    """B begins 1.75 s later and at another sample rate."""
    times = [3.0, 4.0, 5.5]
    a, b = clicks(times, SECONDS), clicks([time + 1.75 for time in times], SECONDS + 2, rate=44100)
    two = pair(
        cast, database, tmp_path, a, b, rates=(48000, 44100), segments=[(0, SECONDS, 1.75, SECONDS + 1.75)]
    )
    address = f"/api/blind-tests/{asked(cast.ada, cast, two, at=2.25, until=7.25)['id']}"

    for side in "xy":
        samples, rate = heard(cast.gil, address, side)
        loud = np.flatnonzero(np.abs(samples[0]) > 0.5 * np.abs(samples[0]).max()) / rate
        onsets = loud[np.insert(np.diff(loud) > 0.1, 0, True)]
        assert onsets == pytest.approx([time - 2.25 for time in times], abs=0.001)


def test_a_recording_that_ends_early_goes_on_in_silence(
    cast: Cast, database: Database, tmp_path: Path
) -> None:
    two = pair(cast, database, tmp_path, noise(SECONDS), noise(SECONDS - 4, seed=3))
    address = f"/api/blind-tests/{asked(cast.ada, cast, two, at=4, until=12)['id']}"

    sides = [heard(cast.gil, address, side)[0] for side in "xy"]

    assert [side.shape[1] for side in sides] == [8 * 48000] * 2
    assert sorted(bool(side[:, 5 * 48000 :].any()) for side in sides) == [False, True]


def test_silence_can_be_heard_blind_too(cast: Cast, database: Database, tmp_path: Path) -> None:
    two = pair(cast, database, tmp_path, silence(SECONDS), silence(SECONDS))
    address = f"/api/blind-tests/{asked(cast.ada, cast, two)['id']}"

    assert not heard(cast.gil, address, "x")[0].any()


@both_databases
def test_ranges_and_what_is_known_already(cast: Cast, address: str) -> None:
    whole = cast.gil.get(f"{address}/audio/x")
    part = cast.gil.get(f"{address}/audio/x", headers={"range": "bytes=100-199"})
    again = cast.gil.get(f"{address}/audio/x", headers={"if-none-match": whole.headers["etag"]})

    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert (again.status_code, again.content) == (304, b"")
    assert whole.headers["content-type"] == "audio/wav"
    assert "content-disposition" not in whole.headers


def test_there_is_no_third_side(cast: Cast, address: str) -> None:
    for side in ("z", "a", "b", "X", "xy", "x.wav"):
        assert cast.gil.get(f"{address}/audio/{side}").status_code == 404


def test_outsiders_hear_nothing(cast: Cast, address: str) -> None:
    for outsider in cast.outsiders:
        for side in "xy":
            assert outsider.get(f"{address}/audio/{side}").status_code == 404
