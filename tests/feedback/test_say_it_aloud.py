"""A comment that is spoken: it stands in the list like any other, and only who may hear the song hears it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Client, Response

from tests.cast import Cast
from tests.databases import both_databases
from tests.feedback.saying import listed, said
from tests.sound.signals import write
from tests.sound.test_voice_notes import spoken

pytestmark = both_databases

Events = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def recording(tmp_path: Path) -> bytes:
    return write(tmp_path, spoken(0.5, 1.5, 0.5), name="said").read_bytes()


def say(client: Client, cast: Cast, recording: bytes, **fields: Any) -> Response:
    fields = {"id": str(uuid4()), "at": "12.5", **fields}
    files = {"file": ("said.webm", recording)}
    return client.post(f"/api/versions/{cast.version}/voice-notes", data=fields, files=files)


def test_it_stands_in_the_list_and_can_be_heard(cast: Cast, events: Events, recording: bytes) -> None:
    answer = say(cast.gil, cast, recording)

    assert answer.status_code == 201, answer.text
    comment = answer.json()
    assert (comment["at"], comment["author"]["name"], comment["body"]) == (12.5, "Gil", "")
    assert comment["voice"]["seconds"] == pytest.approx(1.5, abs=0.3)
    assert len(comment["voice"]["peaks"]) == 48
    assert listed(cast.ada, cast) == [comment]
    assert events()[-1]["comment"] == comment

    heard = cast.ada.get(f"/api/comments/{comment['id']}/voice")
    assert (heard.status_code, heard.headers["content-type"]) == (200, "audio/mp4")
    piece = cast.ada.get(f"/api/comments/{comment['id']}/voice", headers={"range": "bytes=4-7"})
    assert (piece.status_code, piece.content) == (206, b"ftyp")


def test_sent_twice_it_exists_once(cast: Cast, recording: bytes) -> None:
    id = str(uuid4())

    first, second = say(cast.gil, cast, recording, id=id), say(cast.gil, cast, recording, id=id)

    assert (first.status_code, second.status_code) == (201, 200)
    assert listed(cast.ada, cast) == [first.json()]


def test_one_answers_aloud_and_takes_it_back(cast: Cast, recording: bytes) -> None:
    comment = said(cast.gil, cast)

    reply = say(cast.ada, cast, recording, reply_to=comment["id"]).json()
    assert (reply["reply_to"], reply["at"]) == (comment["id"], comment["at"])

    assert cast.ada.delete(f"/api/comments/{reply['id']}").status_code == 204
    assert cast.gil.get(f"/api/comments/{reply['id']}/voice").status_code == 404
    cast.ada.post(f"/api/comments/{reply['id']}/restore")
    assert cast.gil.get(f"/api/comments/{reply['id']}/voice").status_code == 200


def test_outsiders_hear_nothing_and_listeners_only_listen(cast: Cast, recording: bytes) -> None:
    comment = say(cast.gil, cast, recording).json()

    for outsider in cast.outsiders:
        assert outsider.get(f"/api/comments/{comment['id']}/voice").status_code == 404
        assert say(outsider, cast, recording).status_code == 404
    assert cast.lou.get(f"/api/comments/{comment['id']}/voice").status_code == 200
    assert say(cast.lou, cast, recording).status_code == 403


def test_a_written_comment_says_nothing_aloud(cast: Cast) -> None:
    assert cast.ada.get(f"/api/comments/{said(cast.gil, cast)['id']}/voice").status_code == 404


@pytest.mark.parametrize(
    ("recording", "fields", "sentence"),
    [
        (b"", {}, "There is no recording in this note."),
        (b"no sound at all", {}, "This is not an audio file Earmark can read."),
        (b"RIFF", {"id": "x"}, "id:"),
        (b"RIFF", {"at": "-1"}, "at:"),
    ],
)
def test_nonsense_is_refused_and_nothing_is_kept(
    cast: Cast, recording: bytes, fields: dict[str, str], sentence: str
) -> None:
    answer = say(cast.gil, cast, recording, **fields)

    assert answer.status_code == 422
    assert sentence in answer.json()["error"]["message"]
    assert listed(cast.ada, cast) == []


def test_what_is_too_much_is_refused_before_it_is_read(cast: Cast) -> None:
    assert say(cast.gil, cast, bytes(17 << 20)).status_code == 413
