"""A real edit, through the server, against the synthesiser's truth: the recording (version 4) and its edit (5)."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from server.demo.band import changes, versions, write_version
from server.demo.truth import time_map, true_time
from tests.compare.asking import compared, uploaded
from tests.running import Running


@pytest.fixture(scope="module")
def recording_and_edit(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("demo")
    return [write_version(version, folder) for version in islice(versions(), 5) if version.number >= 4]


def test_what_the_editor_did_is_found_heard_and_told(
    running: Running, recording_and_edit: list[Path]
) -> None:
    a, b = uploaded(running, *recording_and_edit, stage="editing")
    found, truth = compared(running.ada, a, b), time_map(4, 5)

    # Where each second went, a tenth of a second away from the joints.
    checked = 0
    for segment in truth.segments:
        for at in np.arange(segment.a_start + 0.1, segment.a_end - 0.1, 0.5).tolist():
            place = next(
                s["b_start"] + (at - s["a_start"]) * (s["b_end"] - s["b_start"]) / (s["a_end"] - s["a_start"])
                for s in found["time_map"]["segments"]
                if s["a_start"] <= at < s["a_end"]
            )
            assert place == pytest.approx(true_time(4, 5, at), abs=0.005)
            checked += 1
    assert checked > 100

    gone = [end - start for start, end in truth.only_in_a]
    assert [end - start for start, end in found["only_in_a"]] == pytest.approx(gone, abs=0.01)

    # Only what changed: the bass note that was mended stands out of what was only made less noisy.
    [mend] = changes(5).processing.mends
    start, end = (true_time(5, 4, second) for second in (mend.start, mend.end))
    assert start is not None and end is not None
    left = [residual_db(running, a, b, first, first + end - start) for first in (start, start - 8, end + 4)]
    assert left[0] > max(left[1:]) + 10

    [step] = running.ada.get(f"/api/songs/{running.song}/story").json()["items"]
    assert step["only_in_a"] == pytest.approx(sum(gone), abs=0.02)
    assert step["tempo"] is None
    assert len(step["findings"]) == 3


def residual_db(running: Running, a: str, b: str, start: float, end: float) -> float:
    query: dict[str, str | float] = {"a": a, "b": b, "start": start, "end": end}
    answer = running.ada.get("/api/compare/difference", params=query)
    assert answer.status_code == 200, answer.text
    return float(answer.headers["x-residual-db"])
