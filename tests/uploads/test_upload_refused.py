"""What is no recording, or too much of one: a sentence, and nothing left behind."""

import base64
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from server.settings import Settings
from server.songs.models import Version
from server.uploads.models import Upload
from tests.cast import Cast
from tests.running import Running
from tests.sound.signals import noise, write

Count = Callable[[type[Any]], int]
LETTER = b"Dear band, here are the lyrics of the second verse.\n" * 20
PLAYLIST = b"#EXTM3U\n#EXTINF:100,Song\nhttp://example.org/song.mp3\n"


@pytest.fixture(autouse=True)
def nothing_is_left(count: Count, settings: Settings) -> Iterator[None]:
    """In every test of this file."""
    blobs = [path for path in (settings.data / "blobs").rglob("*") if path.is_file()]
    yield
    assert count(Version) in (0, 1)  # the cast's own
    assert count(Upload) == 0
    assert list(settings.staging.iterdir()) == []
    kept = [path for path in (settings.data / "blobs").rglob("*") if path.is_file()]
    assert len(kept) <= max(len(blobs), 1)


def refused(cast: Cast, content: bytes, name: str = "song.wav", **fields: str) -> dict[str, Any]:
    """Sent in all three ways, it gets one and the same answer."""
    by_form = cast.ada.post(
        f"/api/songs/{cast.song}/versions", files={"file": (name, content)}, data={"stage": "mixing"} | fields
    )
    by_tus = cast.ada.post(
        "/api/uploads",
        content=content,
        headers={
            "tus-resumable": "1.0.0",
            "upload-length": str(len(content)),
            "upload-metadata": _metadata(
                {"song": str(cast.song), "stage": "mixing", "filename": name} | fields
            ),
            "content-type": "application/offset+octet-stream",
        },
    )
    page = cast.ada.post(
        f"/songs/{cast.song}/versions/new",
        files={"file": (name, content)},
        data={"stage": "mixing"} | fields,
    )
    error: dict[str, Any] = by_form.json()["error"]
    assert (by_form.status_code, by_tus.status_code, page.status_code) == (422, 422, 422)
    assert by_tus.json()["error"]["message"] == error["message"]
    assert page.text.count("<h1") == 1
    assert error["message"].endswith(".")
    return error


def _metadata(fields: dict[str, str]) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in fields.items())


def test_an_empty_file(cast: Cast) -> None:
    assert "empty" in refused(cast, b"")["message"]


def test_a_letter_called_wav(cast: Cast) -> None:
    assert refused(cast, LETTER)["code"] == "not_audio"


def test_a_truncated_file(cast: Cast, tmp_path: Path) -> None:
    content = write(tmp_path, noise(4.0), format="flac").read_bytes()

    assert refused(cast, content[: len(content) // 2], "song.flac")["code"] == "truncated"


def test_a_playlist(cast: Cast) -> None:
    assert refused(cast, PLAYLIST, "song.mp3")["code"] == "playlist"


def test_a_video_without_sound(cast: Cast, tmp_path: Path) -> None:
    assert refused(cast, silent_film(tmp_path).read_bytes(), "clip.mp4")["code"] == "no_sound"


def test_a_picture(cast: Cast) -> None:
    assert refused(cast, b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(900)), "cover.mp3")["code"] == "not_audio"


def test_a_stage_that_is_none(cast: Cast, tmp_path: Path) -> None:
    error = refused(cast, write(tmp_path, noise(0.5)).read_bytes(), stage="demo")

    assert "stage" in error["details"]["fields"]


def test_a_label_that_is_too_long(cast: Cast, tmp_path: Path) -> None:
    error = refused(cast, write(tmp_path, noise(0.5)).read_bytes(), label="x" * 121)

    assert "label" in error["details"]["fields"]


def test_nothing_chosen(cast: Cast) -> None:
    for files in ({"file": ("", b"")}, {"other": ("a.wav", b"x")}):
        answer = cast.ada.post(
            f"/api/songs/{cast.song}/versions",
            files=files,
            data={"stage": "mixing"},
        )
        assert answer.status_code == 422
        assert answer.json()["error"]["details"]["fields"] == {"file": "Choose a file first."}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
        (b'{"stage": "mixing"}', "application/json"),
        (b"stage=mixing&file=x", "application/x-www-form-urlencoded"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
    ],
)
def test_what_is_no_such_form(cast: Cast, content: bytes, kind: str) -> None:
    answer = cast.ada.post(
        f"/api/songs/{cast.song}/versions", content=content, headers={"content-type": kind}
    )

    assert answer.status_code == 422
    assert "file" in answer.json()["error"]["details"]["fields"]


@pytest.fixture
def running(start_running: Callable[..., Running]) -> Running:
    """It takes 200 kB."""
    return start_running(env={"EARMARK_UPLOAD_LIMIT": "200kB"}, arguments=["--no-worker"])


def test_too_large_is_413_with_the_limit_in_words(running: Running, tmp_path: Path) -> None:
    """On real sockets: the answer comes although the rest of the file was never asked for."""
    file = write(tmp_path, noise(30.0))
    versions = f"/api/songs/{running.song}/versions"

    def pieces() -> Iterator[bytes]:
        """Sent in chunks, a request does not announce its length."""
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
        for _ in range(100):
            yield bytes(10_000)

    announced = running.ada.post(
        versions, files={"file": ("a.wav", file.read_bytes())}, data={"stage": "mixing"}
    )
    chunked = running.ada.post(
        versions, content=pieces(), headers={"content-type": "multipart/form-data; boundary=x"}
    )
    by_tus = running.ada.post(
        "/api/uploads",
        headers={
            "tus-resumable": "1.0.0",
            "upload-length": "200001",
            "upload-metadata": _metadata({"song": str(running.song), "stage": "mixing"}),
        },
    )

    for answer in (announced, chunked, by_tus):
        assert answer.status_code == 413
        assert answer.json()["error"]["code"] == "too_large"
        assert "200 kB" in answer.json()["error"]["message"]
        assert answer.json()["error"]["details"]["limit"] == 200_000


def test_a_little_over_the_limit_is_too_large_as_well(running: Running, tmp_path: Path) -> None:
    answer = running.ada.post(
        f"/api/songs/{running.song}/versions",
        files={"file": ("a.wav", bytes(200_001))},
        data={"stage": "mixing"},
    )

    assert (answer.status_code, "200 kB" in answer.json()["error"]["message"]) == (413, True)


def test_json_that_is_too_large_says_so_in_words(cast: Cast) -> None:
    answer = cast.ada.post("/api/songs", json={"title": "x" * 300_000})

    assert answer.status_code == 413
    assert "at most" in answer.json()["error"]["message"]


def silent_film(folder: Path) -> Path:
    path = folder / "film.mp4"
    with av.open(str(path), "w") as output:
        picture = output.add_stream("mpeg4", rate=10, width=64, height=64, pix_fmt="yuv420p")
        for n in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), n * 20, dtype=np.uint8), format="rgb24")
            output.mux(picture.encode(frame))
        output.mux(picture.encode(None))
    return path
