import base64
import hashlib
import os
import time
from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from server.database import Database, now
from server.settings import Settings
from server.songs.models import Version
from server.uploads import leftovers
from server.uploads.models import Upload
from tests.cast import Cast
from tests.databases import both_databases
from tests.sound.signals import noise, write
from tests.uploads.tus_client import CHUNK, TUS, asked, begun, created, metadata, sent, staged

Events = Callable[[], list[dict[str, Any]]]
Count = Callable[[type[Any]], int]


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    return write(tmp_path, noise(2.0)).read_bytes()


def digest(content: bytes, algorithm: str = "sha1") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


@both_databases
def test_piece_by_piece_it_becomes_a_version_once(
    cast: Cast, content: bytes, events: Events, count: Count, settings: Settings
) -> None:
    made = created(cast.ben, cast.song, len(content), label="mix 2", notes="By tus.\nReally.")
    address, half = made.headers["location"], len(content) // 2

    assert (made.status_code, made.headers["upload-offset"]) == (201, "0")
    first = sent(cast.ben, address, 0, content[:half])
    assert (first.status_code, first.headers["upload-offset"]) == (204, str(half))
    assert "earmark-version" not in first.headers
    state = asked(cast.ben, address)
    assert (state.headers["upload-offset"], state.headers["upload-length"]) == (str(half), str(len(content)))
    assert state.headers["cache-control"] == "no-store"
    last = sent(cast.ben, address, half, content[half:])
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(content)))

    version = cast.gil.get(f"/api/versions/{last.headers['earmark-version']}").json()
    assert (version["label"], version["notes"], version["stage"]) == ("mix 2", "By tus.\nReally.", "mixing")
    assert (version["file_name"], version["uploaded_by"]) == ("night bus.wav", "Ben")
    assert cast.ada.get(f"/api/versions/{version['id']}/audio").content == content
    assert (events()[-1]["type"], events()[-1]["version"]) == ("version.added", version)
    assert count(Version) == 2
    assert staged(settings.staging) == []
    for answer in (made, first, state, last):
        assert answer.headers["tus-resumable"] == "1.0.0"


def test_a_finished_upload_still_says_which_version_it_became(
    cast: Cast, content: bytes, count: Count
) -> None:
    address = begun(cast.ada, cast.song, len(content))
    version = sent(cast.ada, address, 0, content).headers["earmark-version"]

    for _ in range(2):
        state = asked(cast.ada, address)
        assert (state.status_code, state.headers["earmark-version"]) == (200, version)
        assert state.headers["upload-offset"] == state.headers["upload-length"] == str(len(content))
    again = sent(cast.ada, address, len(content), b"")
    assert (again.status_code, again.headers["earmark-version"]) == (204, version)
    assert sent(cast.ada, address, 0, content).status_code == 409
    assert count(Version) == 2


@both_databases
def test_killed_between_the_last_byte_and_the_version_it_is_finished_when_asked(
    cast: Cast, content: bytes, count: Count, settings: Settings
) -> None:
    """What a crash leaves there: every byte staged, and a row that knows of no version."""
    address = begun(cast.ada, cast.song, len(content))
    sent(cast.ada, address, 0, content[:-1])
    with (settings.staging / address.rpartition("/")[2]).open("ab") as file:
        file.write(content[-1:])

    first, second = asked(cast.ada, address), asked(cast.ada, address)

    assert first.headers["earmark-version"] == second.headers["earmark-version"]
    assert count(Version) == 2


def test_the_first_bytes_may_come_with_the_creation(cast: Cast, content: bytes) -> None:
    headers = TUS | {
        "upload-length": str(len(content)),
        "upload-metadata": metadata(song=str(cast.song), stage="mixing"),
        "content-type": CHUNK,
    }
    part = cast.ada.post("/api/uploads", content=content[:1000], headers=headers)
    whole = cast.ada.post("/api/uploads", content=content, headers=headers)

    assert (part.status_code, part.headers["upload-offset"]) == (201, "1000")
    assert "earmark-version" not in part.headers
    assert asked(cast.ada, part.headers["location"]).headers["upload-offset"] == "1000"
    assert (whole.status_code, whole.headers["upload-offset"]) == (201, str(len(content)))
    version = cast.ada.get(f"/api/versions/{whole.headers['earmark-version']}").json()
    assert version["file_name"] == "recording"


def test_it_says_what_it_can_do(cast: Cast) -> None:
    answer = cast.stranger.options("/api/uploads")

    assert (answer.status_code, answer.headers["tus-version"]) == (204, "1.0.0")
    assert answer.headers["tus-extension"] == "creation,creation-with-upload,checksum,expiration,termination"
    assert answer.headers["tus-max-size"] == "2000000000"
    assert answer.headers["tus-checksum-algorithm"] == "sha1,sha256,md5"


def test_another_version_of_the_protocol_is_refused(cast: Cast) -> None:
    address = begun(cast.ada, cast.song, 100)
    for answer in (
        cast.ada.head(address),
        cast.ada.patch(address, headers={"tus-resumable": "0.2.2"}),
        cast.ada.post("/api/uploads"),
        cast.ada.delete(address),
    ):
        assert answer.status_code == 412
        assert (answer.headers["tus-version"], answer.headers["tus-resumable"]) == ("1.0.0", "1.0.0")


def test_bytes_for_another_place_are_refused(cast: Cast, content: bytes) -> None:
    address = begun(cast.ada, cast.song, len(content))
    sent(cast.ada, address, 0, content[:100])

    for offset in (0, 99, 101):
        answer = sent(cast.ada, address, offset, content[offset:200])
        assert answer.status_code == 409
        assert "HEAD" in answer.json()["error"]["message"]
        assert answer.headers["tus-resumable"] == "1.0.0"
    assert asked(cast.ada, address).headers["upload-offset"] == "100"


def test_more_bytes_than_announced_are_refused(cast: Cast, content: bytes, count: Count) -> None:
    address = begun(cast.ada, cast.song, 100)

    assert sent(cast.ada, address, 0, content[:101]).status_code == 413
    assert int(asked(cast.ada, address).headers["upload-offset"]) <= 100
    assert count(Version) == 1


def test_bytes_of_another_kind_are_refused(cast: Cast) -> None:
    address = begun(cast.ada, cast.song, 100)

    answer = cast.ada.patch(
        address, content=b"x", headers=TUS | {"upload-offset": "0", "content-type": "text/plain"}
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "content_type")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
def test_a_right_checksum_lets_the_bytes_in(cast: Cast, content: bytes, algorithm: str) -> None:
    address = begun(cast.ada, cast.song, len(content))

    answer = sent(
        cast.ada, address, 0, content[:500], **{"upload-checksum": digest(content[:500], algorithm)}
    )

    assert (answer.status_code, answer.headers["upload-offset"]) == (204, "500")


def test_a_wrong_checksum_keeps_the_bytes_out(cast: Cast, content: bytes, settings: Settings) -> None:
    address = begun(cast.ada, cast.song, len(content))
    sent(cast.ada, address, 0, content[:100])

    wrong = sent(cast.ada, address, 100, content[100:500], **{"upload-checksum": digest(b"other")})

    assert wrong.status_code == 460
    assert asked(cast.ada, address).headers["upload-offset"] == "100"
    assert staged(settings.staging) == [address.rpartition("/")[2]]
    rest = {"upload-checksum": digest(content[100:])}
    assert "earmark-version" in sent(cast.ada, address, 100, content[100:], **rest).headers


@pytest.mark.parametrize(
    ("header", "value"),
    [("upload-checksum", "crc32 AAAA"), ("upload-checksum", "sha1 not base64!"), ("upload-offset", "-1")],
)
def test_headers_that_make_no_sense_are_refused(cast: Cast, header: str, value: str) -> None:
    address = begun(cast.ada, cast.song, 100)

    assert sent(cast.ada, address, 0, b"x", **{header: value}).status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"upload-length": "100", "upload-metadata": "song !!!"}, 400),
        ({"upload-length": "100", "upload-metadata": "song /w=="}, 400),
        ({"upload-length": "many"}, 400),
        ({}, 400),
        ({"upload-length": "9" * 30}, 400),
        ({"upload-length": "2000000001"}, 413),
        ({"upload-length": "0"}, 422),
        ({"upload-length": "100", "upload-metadata": metadata(song="x", stage="mixing")}, 422),
        ({"upload-length": "100", "upload-metadata": metadata(song=str(uuid4()), stage="demo")}, 422),
        ({"upload-length": "100", "upload-metadata": metadata(song=str(uuid4()), stage="mixing")}, 404),
    ],
)
def test_a_creation_that_makes_no_sense_is_refused(
    cast: Cast, count: Count, headers: dict[str, str], status: int
) -> None:
    about = {"upload-metadata": metadata(song=str(cast.song), stage="mixing")}
    answer = cast.ada.post(
        "/api/uploads", headers=TUS | (about if status in (400, 413, 422) else {}) | headers
    )

    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert count(Upload) == 0


def test_given_up_it_is_gone(cast: Cast, content: bytes, count: Count, settings: Settings) -> None:
    address = begun(cast.ada, cast.song, len(content))
    sent(cast.ada, address, 0, content[:100])

    assert cast.ada.delete(address, headers=TUS).status_code == 204

    assert asked(cast.ada, address).status_code == 404
    assert sent(cast.ada, address, 100, content[100:]).status_code == 404
    assert (count(Upload), staged(settings.staging)) == (0, [])


def test_a_refused_file_ends_the_upload(cast: Cast, count: Count, settings: Settings) -> None:
    address = begun(cast.ada, cast.song, 1040)

    answer = sent(cast.ada, address, 0, b"Dear band, here are the lyrics of the second verse.\n" * 20)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "not_audio")
    assert asked(cast.ada, address).status_code == 404
    assert (count(Upload), count(Version), staged(settings.staging)) == (0, 1, [])


def test_whose_right_ended_in_between_gets_no_version_made(cast: Cast, content: bytes, count: Count) -> None:
    address = begun(cast.ada, cast.song, len(content))
    sent(cast.ada, address, 0, content[:100])
    cast.ben.delete(f"/api/songs/{cast.song}")

    assert sent(cast.ada, address, 100, content[100:]).status_code == 404
    assert count(Version) == 1


def test_a_guest_may_not(cast: Cast, count: Count) -> None:
    assert created(cast.gil, cast.song, 100).status_code == 401
    assert count(Upload) == 0


def test_nobody_else_reaches_an_upload(cast: Cast, content: bytes) -> None:
    """Nor somebody of the same band: it is the person's own until it is a version."""
    address = begun(cast.ada, cast.song, len(content))

    assert created(cast.cleo, cast.song, 100).status_code == 404
    for browser, status in ((cast.cleo, 404), (cast.ben, 404), (cast.gil, 401), (cast.stranger, 401)):
        assert asked(browser, address).status_code == status
        assert sent(browser, address, 0, content).status_code == status
        assert browser.delete(address, headers=TUS).status_code == status
    assert asked(cast.ada, address).headers["upload-offset"] == "0"


def test_nobody_comes_back_and_it_is_swept_away(
    cast: Cast, content: bytes, database: Database, count: Count, settings: Settings
) -> None:
    forgotten = begun(cast.ada, cast.song, len(content))
    sent(cast.ada, forgotten, 0, content[:100])
    kept = begun(cast.ada, cast.song, len(content))
    ends = parsedate_to_datetime(created(cast.ada, cast.song, 9).headers["upload-expires"])
    assert timedelta(days=1) < ends - now() <= timedelta(days=2)

    def age(session: Any) -> None:
        row = session.get_one(Upload, UUID(forgotten.rpartition("/")[2]))
        row.expires_at = now() - timedelta(seconds=1)
        session.add(row)

    database.write(age)
    assert asked(cast.ada, forgotten).status_code == 404
    leftovers.sweep(database, settings.staging)

    assert count(Upload) == 2
    assert forgotten.rpartition("/")[2] not in staged(settings.staging)
    assert asked(cast.ada, kept).status_code == 200


def test_what_a_crash_left_is_swept_away_and_what_is_being_written_is_not(
    database: Database, settings: Settings
) -> None:
    old, fresh, folder = (settings.staging / name for name in ("form-old", "form-fresh", "tmp-rendition"))
    folder.mkdir()
    (folder / "small.m4a").write_bytes(b"half")
    for path in (old, fresh):
        path.write_bytes(b"x")
    two_days_ago = time.time() - 2 * 86400
    for path in (old, folder):
        os.utime(path, (two_days_ago, two_days_ago))

    leftovers.sweep(database, settings.staging)

    assert staged(settings.staging) == ["form-fresh"]
