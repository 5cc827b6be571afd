from pathlib import Path
from typing import Any

import pytest

from server.database import Database
from server.songs.models import Version
from tests.cast import Cast
from tests.running import Running
from tests.songs.prepared import prepare, upload
from tests.sound.signals import noise, write

CONTENT = b"RIFF not decoded in these tests"


def address(cast: Cast) -> str:
    return f"/api/versions/{cast.version}/audio"


def test_the_original_comes_bit_for_bit(cast: Cast) -> None:
    for browser in (cast.ben, cast.gil, cast.lou):
        answer = browser.get(address(cast))
        assert (answer.status_code, answer.content) == (200, CONTENT)
        assert answer.headers["content-type"] == "audio/wav"
        assert answer.headers["content-length"] == str(len(CONTENT))
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_outsiders_are_told_there_is_nothing(cast: Cast) -> None:
    for outsider in cast.outsiders:
        for asked in ("", "?as=small", "?as=opus", "?download=1"):
            assert outsider.get(address(cast) + asked).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "first", "end"),
    [
        ("bytes=0-3", 0, 4),
        ("bytes=5-", 5, 31),
        ("bytes=30-30", 30, 31),
        ("bytes=-4", 27, 31),
        ("bytes=-400", 0, 31),
        ("bytes=20-400", 20, 31),
        ("Bytes=1-2", 1, 3),
    ],
)
def test_a_range_comes_alone(cast: Cast, wanted: str, first: int, end: int) -> None:
    answer = cast.gil.get(address(cast), headers={"range": wanted})

    assert (answer.status_code, answer.content) == (206, CONTENT[first:end])
    assert answer.headers["content-range"] == f"bytes {first}-{end - 1}/31"
    assert answer.headers["content-length"] == str(end - first)


@pytest.mark.parametrize("wanted", ["bytes=31-", "bytes=40-50", "bytes=-0"])
def test_a_range_outside_is_refused_with_the_size(cast: Cast, wanted: str) -> None:
    answer = cast.gil.get(address(cast), headers={"range": wanted})

    assert answer.status_code == 416
    assert answer.headers["content-range"] == "bytes */31"
    assert "31 bytes" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "wanted",
    ["bytes=", "bytes=-", "lines=1-2", "bytes=5-3", "bytes=0-1,4-5", "bytes=a-b", "bytes=\u0661-\u0662"],
)
def test_a_range_that_is_none_is_answered_with_all(cast: Cast, wanted: str) -> None:
    answer = cast.gil.get(address(cast), headers={b"range": wanted.encode()})

    assert (answer.status_code, answer.content) == (200, CONTENT)


def test_an_absurd_number_of_digits_does_no_harm(cast: Cast) -> None:
    answer = cast.gil.get(address(cast), headers={"range": f"bytes=0-{'9' * 5000}"})

    assert answer.status_code in (200, 206)
    assert answer.content == CONTENT


def test_what_the_browser_has_is_not_sent_again(cast: Cast) -> None:
    tag = cast.gil.get(address(cast)).headers["etag"]

    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = cast.gil.get(address(cast), headers={"if-none-match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
        assert "content-length" not in answer.headers or answer.headers["content-length"] == "0"
    assert cast.gil.get(address(cast), headers={"if-none-match": '"other"'}).status_code == 200


def test_not_being_sent_again_needs_the_right_to_hear(cast: Cast) -> None:
    tag = cast.gil.get(address(cast)).headers["etag"]

    for outsider in cast.outsiders:
        assert outsider.get(address(cast), headers={"if-none-match": tag}).status_code == 404
    assert "no-cache" in cast.gil.get(address(cast)).headers["cache-control"]
    assert "private" in cast.gil.get(address(cast)).headers["cache-control"]


def test_a_range_of_another_file_is_answered_with_all_of_this_one(cast: Cast) -> None:
    tag = cast.gil.get(address(cast)).headers["etag"]

    same = cast.gil.get(address(cast), headers={"range": "bytes=0-3", "if-range": tag})
    other = cast.gil.get(address(cast), headers={"range": "bytes=0-3", "if-range": '"before"'})
    dated = cast.gil.get(
        address(cast), headers={"range": "bytes=0-3", "if-range": "Mon, 12 Jan 2026 10:00:00 GMT"}
    )
    outside = cast.gil.get(address(cast), headers={"range": "bytes=99-", "if-range": '"before"'})

    assert (same.status_code, same.content) == (206, CONTENT[:4])
    for answer in (other, dated, outside):
        assert (answer.status_code, answer.content) == (200, CONTENT)


def test_a_download_is_the_original_under_its_own_name(cast: Cast) -> None:
    answer = cast.ben.get(f"{address(cast)}?download=1")

    assert answer.content == CONTENT
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''night%20bus.wav"
    assert "content-disposition" not in cast.ben.get(address(cast)).headers


def test_a_file_name_cannot_break_out_of_its_header(cast: Cast, database: Database) -> None:
    def rename(session: Any) -> None:
        session.get_one(Version, cast.version).file_name = 'a"; x="é/../b.html'

    database.write(rename)

    answer = cast.ben.get(f"{address(cast)}?download=1")

    name = answer.headers["content-disposition"].removeprefix("attachment; filename*=UTF-8''")
    assert name == "a%22%3B%20x%3D%22%C3%A9%2F..%2Fb.html"
    assert answer.headers["content-type"] == "audio/wav"


def test_a_guest_without_the_right_may_hear_but_not_download(cast: Cast) -> None:
    answer = cast.gil.get(f"{address(cast)}?download=1")

    assert answer.status_code == 403
    assert "downloading" in answer.json()["error"]["message"]


def test_what_is_not_prepared_says_so(cast: Cast) -> None:
    for kind in ("small", "opus", "lossless"):
        answer = cast.ben.get(f"{address(cast)}?as={kind}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_prepared")


@pytest.mark.parametrize("query", ["?as=flac", "?as=", "?download=perhaps"])
def test_nonsense_is_named(cast: Cast, query: str) -> None:
    answer = cast.ben.get(address(cast) + query)

    assert answer.status_code == 422
    assert answer.json()["error"]["details"]["fields"]


@pytest.mark.parametrize(
    ("format", "kind"),
    [
        ("wav24", "audio/wav"),
        ("aiff", "audio/aiff"),
        ("flac", "audio/flac"),
        ("alac", "audio/mp4"),
        ("mp3", "audio/mpeg"),
        ("aac", "audio/mp4"),
        ("adts", "audio/aac"),
        ("vorbis", "audio/ogg"),
        ("opus", "audio/ogg"),
    ],
)
def test_the_kind_is_told_by_what_is_in_the_file(cast: Cast, tmp_path: Path, format: str, kind: str) -> None:
    disguised = write(tmp_path, noise(1.0), format=format).rename(tmp_path / "song.html")

    version = prepare(cast.ada, upload(cast.ada, cast.song, disguised)["id"])

    sound = f"/api/versions/{version['id']}/audio"
    assert cast.gil.get(sound).headers["content-type"] == kind
    assert cast.gil.get(f"{sound}?as=small").headers["content-type"] == "audio/mp4"
    small = cast.ada.get(f"{sound}?as=small&download=1").headers["content-disposition"]
    assert small.endswith("''song.m4a")
    assert cast.gil.get(f"{sound}?as=opus").headers["content-type"] == "audio/ogg"
    opus = cast.ada.get(f"{sound}?as=opus&download=1").headers["content-disposition"]
    assert opus.endswith("''song.opus")
    if format in ("aiff", "alac"):
        assert cast.gil.get(f"{sound}?as=lossless").headers["content-type"] == "audio/flac"


def test_real_sockets_carry_heads_and_ranges(running: Running, tmp_path: Path) -> None:
    file = write(tmp_path, noise(20.0))
    content = file.read_bytes()
    sound = f"/api/versions/{running.upload(file)['id']}/audio"

    head = running.ada.head(sound)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(content))
    assert running.ada.head(sound, headers={"range": "bytes=0-9"}).headers["content-length"] == "10"
    assert running.ada.get(sound).content == content
    middle = running.ada.get(sound, headers={"range": "bytes=1000000-2999999"})
    assert (middle.status_code, middle.content) == (206, content[1000000:3000000])
    with running.ada.stream("GET", sound) as cut:
        next(cut.iter_raw())
    assert running.ada.get("/healthz").status_code == 200
    assert "Traceback" not in running.server.log
