"""How it got here: one step after the other, in plain words."""

import itertools
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from starlette.testclient import TestClient

from tests.cast import Cast
from tests.compare.in_process import compare_waiting
from tests.songs.prepared import prepare, upload
from tests.sound.signals import music, write

RATE = 44100


@pytest.fixture
def versions(cast: Cast, tmp_path: Path) -> list[str]:
    """The cast's own version is taken away; then come a song, the song 6 dB softer, and that without 3 s."""
    cast.ada.delete(f"/api/versions/{cast.version}")
    song = music(14.0, rate=RATE)
    shorter = np.concatenate((song[:, : 6 * RATE], song[:, 9 * RATE :]), axis=1) / 2
    ids = []
    for stage, samples in (("songwriting", song), ("editing", song / 2), ("mixing", shorter)):
        file = write(tmp_path, samples, rate=RATE, name=stage)
        ids.append(prepare(cast.ada, upload(cast.ada, cast.song, file, stage=stage)["id"])["id"])
    return ids


def story(who: Any, song: UUID) -> list[dict[str, Any]]:
    answer = who.get(f"/api/songs/{song}/story")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_each_step_says_what_changed_as_its_own_stage_hears_it(cast: Cast, versions: list[str]) -> None:
    asked = story(cast.gil, cast.song)
    assert [(step["a"]["id"], step["b"]["id"]) for step in asked] == list(itertools.pairwise(versions))
    assert [(step["status"], step["findings"]) for step in asked] == [("preparing", [])] * 2

    assert len(compare_waiting(cast.ada)) == 2
    softer, cut = story(cast.gil, cast.song)

    assert softer["status"] == cut["status"] == "ready"
    assert [finding["plain"] for finding in softer["findings"]] == ["The whole song is much quieter."]
    assert (softer["only_in_a"], softer["only_in_b"], softer["tempo"]) == (0, 0, None)
    assert cut["only_in_a"] == pytest.approx(3.0, abs=0.05)
    assert 1 <= len(cut["findings"]) <= 3
    found = cast.gil.get(f"/api/compare?a={versions[1]}&b={versions[2]}").json()
    assert (found["stage"], found["findings"][:3]) == ("mixing", cut["findings"])


def test_a_version_that_was_taken_away_is_left_out(cast: Cast, versions: list[str]) -> None:
    cast.ada.delete(f"/api/versions/{versions[1]}")

    [step] = story(cast.ada, cast.song)

    assert (step["a"]["id"], step["b"]["id"]) == (versions[0], versions[2])


def test_one_version_alone_has_no_story_yet(cast: Cast) -> None:
    assert story(cast.ada, cast.song) == []


def test_a_song_that_is_not_there_has_none(client: TestClient, cast: Cast) -> None:
    assert cast.ada.get(f"/api/songs/{cast.version}/story").status_code == 404
