"""Adding a version with a browser that runs no scripts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from server.songs.models import Version
from tests.cast import Cast
from tests.sound.signals import noise, write

Count = Callable[[type[Version]], int]


def send(browser: TestClient, cast: Cast, files: dict[str, Any] | None, **fields: str) -> Any:
    return browser.post(
        f"/songs/{cast.song}/versions/new",
        files=files or {"file": ("", b"")},
        data=fields,
        follow_redirects=False,
    )


def test_the_page_offers_the_stages_and_says_the_limit(cast: Cast) -> None:
    page = cast.ada.get(f"/songs/{cast.song}/versions/new")

    assert page.status_code == 200
    assert 'enctype="multipart/form-data"' in page.text
    for stage in ("songwriting", "post-production", "distribution"):
        assert f'value="{stage}"' in page.text
    assert "2 GB" in page.text


def test_a_sent_file_leads_on_to_its_version(cast: Cast, tmp_path: Path, count: Count) -> None:
    file = write(tmp_path, noise(0.5))

    answer = send(
        cast.ben, cast, {"file": ("mix 2.wav", file.read_bytes())}, stage="mixing", label="mix 2", notes=""
    )

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/songs/{cast.song}?v=2"
    page = cast.ben.get(answer.headers["location"])
    assert page.status_code == 200
    assert "mix 2" in page.text
    assert count(Version) == 2


def test_nothing_chosen_comes_back_with_what_was_typed(cast: Cast, count: Count) -> None:
    answer = send(cast.ada, cast, None, stage="mastering", label='the "loud" one', notes="")

    assert answer.status_code == 422
    assert "Choose a file first." in answer.text
    assert "the &#34;loud&#34; one" in answer.text
    assert count(Version) == 1


def test_a_file_that_is_no_recording_comes_back_with_a_sentence(cast: Cast, count: Count) -> None:
    answer = send(cast.ada, cast, {"file": ("a.wav", b"Dear band,\n" * 99)}, stage="mixing", label="x")

    assert answer.status_code == 422
    assert "not an audio file" in answer.text or "no audio" in answer.text
    assert count(Version) == 1


def test_a_guest_may_not(cast: Cast, count: Count) -> None:
    assert cast.gil.get(f"/songs/{cast.song}/versions/new").status_code == 403
    assert send(cast.gil, cast, {"file": ("a.wav", b"x")}, stage="mixing").status_code == 403
    assert count(Version) == 1


def test_outsiders_are_told_there_is_nothing(cast: Cast, count: Count) -> None:
    for outsider in cast.outsiders:
        assert outsider.get(f"/songs/{cast.song}/versions/new").status_code == 404
        assert send(outsider, cast, {"file": ("a.wav", b"x")}, stage="mixing").status_code == 404
    assert count(Version) == 1
