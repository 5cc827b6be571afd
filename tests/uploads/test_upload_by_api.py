from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.database import Database
from server.songs.models import Version
from tests.cast import Cast
from tests.databases import both_databases
from tests.songs.prepared import prepare, upload
from tests.sound.signals import FORMATS, LOSSLESS, noise, sine, write

Events = Callable[[], list[dict[str, Any]]]
Count = Callable[[type[Version]], int]
# Encoders pad and delay; what is kept without loss is exact.
CLOSE = 0.06


@both_databases
def test_a_member_adds_a_version(cast: Cast, tmp_path: Path, events: Events, count: Count) -> None:
    file = write(tmp_path, noise(1.0), name="Night Bus (mix 2)")

    version = upload(cast.ben, cast.song, file, label=" mix  2 ", notes="Vocals up.\r\nBass down.")

    assert version["number"] == 2
    assert version["status"] == "preparing"
    assert (version["stage"], version["label"], version["notes"]) == (
        "mixing",
        "mix 2",
        "Vocals up.\nBass down.",
    )
    assert (version["file_name"], version["size"]) == (file.name, file.stat().st_size)
    assert version["uploaded_by"] == "Ben"
    assert (version["song"], version["audio"], version["zooms"]) == (str(cast.song), [], [])
    assert cast.gil.get(f"/api/versions/{version['id']}").json() == version
    assert (events()[-1]["type"], events()[-1]["version"]) == ("version.added", version)
    assert count(Version) == 2
    original = cast.ada.get(f"/api/versions/{version['id']}/audio")
    assert original.content == file.read_bytes()


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_becomes_something_to_hear(cast: Cast, tmp_path: Path, format: str) -> None:
    file = write(tmp_path, sine(997, 3.0, dbfs=-18.0), format=format)

    version = prepare(cast.ada, upload(cast.ada, cast.song, file)["id"])

    assert version["status"] == "ready"
    assert version["duration"] == pytest.approx(3.0, abs=1e-6 if format in LOSSLESS else 0.06)
    assert version["format"]["channels"] == 2
    assert version["format"]["sample_rate"] == 48000
    # A sine in both channels is as loud as its peak says, give or take what 997 Hz and a lossy encoder change.
    assert version["loudness"]["integrated_lufs"] == pytest.approx(-18.0, abs=0.3)
    assert version["loudness"]["sample_peak_dbfs"] == pytest.approx(-18.0, abs=1.0)
    assert version["audio"] == (
        ["lossless", "opus", "small"] if format in ("aiff", "alac") else ["original", "opus", "small"]
    )
    small = cast.gil.get(f"/api/versions/{version['id']}/audio?as=small").content
    assert small[4:8] == b"ftyp"


@pytest.mark.parametrize(
    ("format", "bit_depth"), [("wav16", 16), ("wav24", 24), ("wav32", 32), ("flac", 24), ("mp3", None)]
)
def test_the_bits_are_told(cast: Cast, tmp_path: Path, format: str, bit_depth: int | None) -> None:
    version = prepare(cast.ada, upload(cast.ada, cast.song, write(tmp_path, noise(0.5), format=format))["id"])

    assert version["format"]["bit_depth"] == bit_depth


@pytest.mark.parametrize(
    ("format", "rate", "channels"),
    [
        ("wav16", 8000, 1),
        ("wav24", 192000, 2),
        ("flac", 96000, 2),
        ("mp3", 44100, 1),
        ("opus", 48000, 1),
        ("wav16", 48000, 6),
        ("flac", 44100, 6),
        ("aac", 48000, 6),
    ],
)
def test_any_rate_and_number_of_channels_will_do(
    cast: Cast, tmp_path: Path, format: str, rate: int, channels: int
) -> None:
    file = write(tmp_path, noise(2.0, channels=channels, rate=rate), format=format, rate=rate)

    version = prepare(cast.ada, upload(cast.ada, cast.song, file)["id"])

    assert version["status"] == "ready"
    assert (version["format"]["sample_rate"], version["format"]["channels"]) == (rate, channels)
    assert version["duration"] == pytest.approx(2.0, abs=CLOSE)
    assert {"opus", "small"} <= set(version["audio"])


def test_numbers_go_up_and_the_same_file_may_come_again(
    cast: Cast, tmp_path: Path, database: Database
) -> None:
    file = write(tmp_path, noise(0.5))

    added = [upload(cast.ada, cast.song, file, label=label) for label in ("a", "b")]

    assert [version["number"] for version in added] == [2, 3]
    assert added[0]["id"] != added[1]["id"]
    for version in added:
        assert prepare(cast.ada, version["id"])["status"] == "ready"


def test_a_label_may_be_left_out(cast: Cast, tmp_path: Path) -> None:
    version = upload(cast.ada, cast.song, write(tmp_path, noise(0.5)))

    assert (version["label"], version["notes"]) == ("", "")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.wav", "passwd.wav"),
        ("C:\\Music\\take 4.wav", "take 4.wav"),
        ("夜のバス.wav", "夜のバス.wav"),
        ("a\u202eb.wav", "ab.wav"),
    ],
)
def test_a_file_name_is_a_label_and_never_a_path(cast: Cast, tmp_path: Path, name: str, shown: str) -> None:
    content = write(tmp_path, noise(0.5)).read_bytes()

    answer = cast.ada.post(
        f"/api/songs/{cast.song}/versions", files={"file": (name, content)}, data={"stage": "mixing"}
    )

    assert answer.status_code == 201
    assert answer.json()["file_name"] == shown


def test_a_guest_may_not(cast: Cast, tmp_path: Path, count: Count) -> None:
    file = write(tmp_path, noise(0.5))
    answer = cast.gil.post(
        f"/api/songs/{cast.song}/versions",
        files={"file": ("a.wav", file.read_bytes())},
        data={"stage": "mixing"},
    )

    assert answer.status_code == 403
    assert count(Version) == 1


def test_outsiders_are_told_there_is_nothing(cast: Cast, tmp_path: Path, count: Count) -> None:
    file = write(tmp_path, noise(0.5)).read_bytes()
    for outsider in cast.outsiders:
        answer = outsider.post(
            f"/api/songs/{cast.song}/versions", files={"file": ("a.wav", file)}, data={"stage": "mixing"}
        )
        assert answer.status_code == 404
    assert count(Version) == 1
