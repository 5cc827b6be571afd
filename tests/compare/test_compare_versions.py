"""Comparing two versions as a page does: on a real server with its worker."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlmodel import Session, select

from server.compare.models import Comparison
from server.database import Database
from server.difference.analysed import listen_to
from server.stages import STAGES
from server.stages.comparison import compare
from tests.compare.asking import ask, compared, told_of_comparisons, uploaded
from tests.databases import both_databases
from tests.running import Running
from tests.sound.signals import music, noise, write

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Twenty seconds, and the same without the seconds from 8 to 11, 3 dB softer."""
    folder, song = tmp_path_factory.mktemp("pair"), music(20.0)
    cut = np.concatenate((song[:, : 8 * 44100], song[:, 11 * 44100 :]), axis=1) * 10 ** (-3 / 20)
    return write(folder, song, rate=44100, name="a"), write(folder, cut, rate=44100, name="b")


@both_databases
def test_a_new_version_is_compared_with_the_one_before_it_by_itself(
    running: Running, pair: tuple[Path, Path]
) -> None:
    a, b = uploaded(running, *pair)

    told = told_of_comparisons(running, 1)

    assert [(event["comparison"]["a"], event["comparison"]["b"]) for event in told] == [(a, b)] * len(told)
    assert (told[0]["type"], told[-1]["type"]) == ("comparison.added", "comparison.ready")
    assert {event["type"] for event in told[1:-1]} == {"comparison.progress"}
    fractions = [event["comparison"]["progress"] for event in told[1:-1]]
    assert fractions == sorted(fractions)
    assert told[-1]["comparison"]["status"] == "ready"
    found = ask(running.ada, a, b)
    assert found.status_code == 200
    assert found.json()["only_in_a"] == [[pytest.approx(8.0, abs=0.05), pytest.approx(11.0, abs=0.05)]]
    assert found.json()["matched_gain_db"] == pytest.approx(3.0, abs=0.02)


def test_it_says_what_the_command_says_for_every_stage(running: Running, pair: tuple[Path, Path]) -> None:
    a, b = uploaded(running, *pair, stage="editing")
    sides = [listen_to(file) for file in pair]
    compared(running.ada, a, b)

    for stage in (None, *STAGES):
        found = ask(running.ada, a, b, **({"stage": stage.key} if stage else {})).json()
        picture = found.pop("picture")
        assert found == compare(*sides, stage=stage.key if stage else "editing").to_json()
        assert [band["key"] for band in picture["bands"]] == [
            "air",
            "presence",
            "mids",
            "low-mids",
            "low-end",
        ]
        assert {len(band["db"]) for band in picture["bands"]} == {round(20 / picture["step"])}


def test_any_other_pair_is_compared_when_it_is_asked_for(running: Running, tmp_path: Path) -> None:
    song = music(12.0)
    files = [write(tmp_path, song * gain, rate=44100, name=str(gain)) for gain in (1.0, 0.9, 0.5)]
    first, _, third = uploaded(running, *files)

    waiting = ask(running.ada, third, first)
    assert waiting.status_code == 202
    body = waiting.json()
    assert (body["status"], body["comparison"]["a"], body["comparison"]["b"]) == ("preparing", third, first)
    back = compared(running.ada, third, first)
    there = compared(running.ada, first, third)

    assert back["matched_gain_db"] == pytest.approx(-6.02, abs=0.02)
    assert there["matched_gain_db"] == pytest.approx(6.02, abs=0.02)
    assert [finding["kind"] for finding in there["findings"]] == ["level"]


def test_a_version_against_itself_has_not_changed(running: Running, tmp_path: Path) -> None:
    [only] = uploaded(running, write(tmp_path, music(8.0), rate=44100))

    found = compared(running.ada, only, only)

    assert [finding["kind"] for finding in found["findings"]] == ["nothing"]
    assert {db for band in found["picture"]["bands"] for db in band["db"]} <= {0.0, None}


def test_what_is_known_is_not_sent_twice(running: Running, tmp_path: Path) -> None:
    [only] = uploaded(running, write(tmp_path, noise(4.0)))
    compared(running.ada, only, only)
    query = {"a": only, "b": only, "stage": "mixing"}
    tag = running.ada.get("/api/compare", params=query).headers["etag"]

    again = running.ada.get("/api/compare", params=query, headers={"if-none-match": tag})
    other = running.ada.get(
        "/api/compare", params=query | {"stage": "editing"}, headers={"if-none-match": tag}
    )

    assert (again.status_code, again.content) == (304, b"")
    assert (other.status_code, other.json()["stage"]) == (200, "editing")


def test_the_same_two_files_are_compared_once(start_running: Callable[..., Running], tmp_path: Path) -> None:
    """Put a mark into what was kept: a second pair of the same files is answered with it."""
    running = start_running()
    files = [write(tmp_path, noise(4.0, seed=seed), name=str(seed)) for seed in (1, 2)]
    a, b = uploaded(running, *files)
    compared(running.ada, a, b)
    [kept] = list((running.server.data / "blobs" / "compared").rglob("*.json"))
    kept.write_text(kept.read_text().replace('"unrelated"', '"marked"'))

    c, d = uploaded(running, *files)

    assert [finding["kind"] for finding in compared(running.ada, c, d)["findings"]] == ["marked"]


def test_what_an_earlier_release_prepared_is_heard_first(running: Running, pair: tuple[Path, Path]) -> None:
    a, b = uploaded(running, *pair)
    compared(running.ada, a, b)
    for kept in (running.server.data / "blobs" / "prepared").rglob("heard.zip"):
        kept.unlink()

    assert compared(running.ada, b, a)["matched_gain_db"] == pytest.approx(-3.0, abs=0.02)


def test_what_was_found_and_lost_is_found_anew(running: Running, pair: tuple[Path, Path]) -> None:
    a, b = uploaded(running, *pair)
    found = compared(running.ada, a, b)
    for kept in (running.server.data / "blobs" / "compared").rglob("*.json"):
        kept.unlink()

    assert ask(running.ada, a, b).status_code == 202
    assert compared(running.ada, a, b) == found


def test_one_that_failed_is_tried_again_when_it_is_asked_for_a_minute_later(
    running: Running, pair: tuple[Path, Path]
) -> None:
    a, b = uploaded(running, *pair)
    compared(running.ada, a, b)
    original = next((running.server.data / "blobs" / "originals").iterdir())
    away = original.rename(original.with_suffix(".away"))
    first = ask(running.ada, b, a)
    assert first.status_code == 202

    failed = told_of_comparisons(running, 1, kind="comparison.failed")[-1]["comparison"]
    assert failed["id"] == first.json()["comparison"]["id"]
    assert failed["error"].startswith("Something went wrong inside Earmark")
    at_once = ask(running.ada, b, a)
    assert (at_once.status_code, at_once.json()["error"]["code"]) == (409, "comparison_failed")
    away.rename(original)
    with closing(Database(running.database_url)) as database:
        database.write(lambda session: make_older(session, timedelta(seconds=61)))

    assert compared(running.ada, b, a)["matched_gain_db"] == pytest.approx(-3.0, abs=0.02)


def make_older(session: Session, by: timedelta) -> None:
    for row in session.exec(select(Comparison)):
        row.created_at -= by
        session.add(row)


def test_a_version_that_cannot_be_read_is_not_compared(
    start_running: Callable[..., Running], tmp_path: Path
) -> None:
    running = start_running(arguments=["--no-worker"])
    good = running.upload(write(tmp_path, noise(2.0), name="good"))["id"]
    damaged = running.upload(write(tmp_path, noise(2.0, seed=2), format="flac"))["id"]
    waiting = ask(running.ada, good, damaged)
    assert waiting.status_code == 202
    for original in (running.server.data / "blobs" / "originals").iterdir():
        content = original.read_bytes()
        if content.startswith(b"fLaC"):
            original.write_bytes(content[:5000])

    running.start_worker()
    failed = running.wait_until(damaged, lambda version: version["status"] != "preparing")
    answer = ask(running.ada, good, damaged)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "version_failed")
    assert answer.json()["error"]["message"].endswith(failed["error"])
    told = told_of_comparisons(running, 1, kind="comparison.failed")[-1]["comparison"]
    assert told["error"] == "Version 2 could not be read, so there is nothing to compare."


@pytest.mark.parametrize(
    "query",
    [{}, {"a": NOBODY}, {"a": "x", "b": "y"}, {"a": NOBODY, "b": NOBODY, "stage": "dancing"}],
)
def test_what_is_no_question_is_named(running: Running, query: dict[str, Any]) -> None:
    answer = running.ada.get("/api/compare", params=query)

    assert answer.status_code == 422
    assert answer.json()["error"]["message"]
