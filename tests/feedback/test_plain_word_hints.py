"""Who writes "muddy" has said enough: the band, and nobody else, is asked what it could be, from what is measured."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cast import Cast
from tests.databases import both_databases
from tests.feedback.saying import said
from tests.songs.prepared import prepare, upload
from tests.sound.signals import RATE, noise, write

pytestmark = both_databases

SECONDS, FROM, TO = 24.0, 12.0, 18.0


@pytest.fixture
def muddy(cast: Cast, tmp_path: Path) -> str:
    """A version whose 200 to 400 Hz are 6 dB up from second 12 to 18; its id."""
    sound = noise(SECONDS, dbfs=-30.0)
    time = np.arange(sound.shape[1]) / RATE
    spectrum = np.fft.rfft(sound, axis=1)
    hertz = np.fft.rfftfreq(sound.shape[1], 1 / RATE)
    spectrum[:, (hertz < 178) | (hertz > 447)] = 0
    # As much again in step, where it is: twice the amplitude, so 6 dB.
    sound += np.fft.irfft(spectrum, sound.shape[1], axis=1) * ((time >= FROM) & (time < TO))
    version = upload(cast.ada, cast.song, write(tmp_path, sound, name="muddy"))
    assert prepare(cast.ada, version["id"])["status"] == "ready"
    id: str = version["id"]
    return id


def hints(client: Any, version: str) -> dict[str, dict[str, Any]]:
    answer = client.get(f"/api/versions/{version}/hints")
    assert answer.status_code == 200, answer.text
    return {item["comment"]: item for item in answer.json()["items"]}


def test_the_band_is_asked_what_is_measured_at_that_place(cast: Cast, muddy: str) -> None:
    there = said(cast.gil, cast, "It gets muddy here", at=14.0, version=muddy)
    elsewhere = said(cast.gil, cast, "Muddy too?", at=4.0, version=muddy)
    said(cast.gil, cast, "Lovely", at=14.0, version=muddy)
    ranged = said(cast.ben, cast, "boxy", at=FROM, until=TO, version=muddy)

    found = hints(cast.ada, muddy)

    assert set(found) == {there["id"], elsewhere["id"], ranged["id"]}
    assert found[there["id"]]["word"] == "muddy"
    assert found[there["id"]]["question"] == "Could it be the 200 to 400 Hz region?"
    # The place itself is a quarter of the song, so its average is 2.4 dB up.
    assert found[there["id"]]["amount"] == pytest.approx(6.0 - 2.4, abs=0.5)
    assert "above the song's average here" in found[there["id"]]["fact"]
    assert found[elsewhere["id"]]["amount"] == pytest.approx(-2.4, abs=0.5)
    assert hints(cast.ben, muddy) == found


def test_guests_and_outsiders_are_not_told(cast: Cast, muddy: str) -> None:
    said(cast.gil, cast, "muddy", at=14.0, version=muddy)

    for guest in (cast.gil, cast.lou):
        assert guest.get(f"/api/versions/{muddy}/hints").status_code == 403
    for outsider in cast.outsiders:
        assert outsider.get(f"/api/versions/{muddy}/hints").status_code == 404


def test_a_comment_that_was_taken_away_or_rewritten_leaves_no_hint(cast: Cast, muddy: str) -> None:
    first = said(cast.gil, cast, "muddy", at=14.0, version=muddy)
    second = said(cast.gil, cast, "muddy", at=14.0, version=muddy)
    cast.gil.delete(f"/api/comments/{first['id']}")
    cast.gil.patch(f"/api/comments/{second['id']}", json={"body": "not muddy any more"})

    assert hints(cast.ada, muddy) == {}


def test_a_version_that_is_not_measured_yet_has_none(cast: Cast) -> None:
    said(cast.gil, cast, "muddy", at=14.0)

    assert hints(cast.ada, str(cast.version)) == {}
