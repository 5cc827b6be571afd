"""A version that becomes ready is compared with those it has to answer: the one before, and all with open comments."""

import itertools
from pathlib import Path

from tests.compare.asking import compared, told_of_comparisons, uploaded
from tests.databases import both_databases
from tests.running import Running
from tests.sound.signals import noise, write


@both_databases
def test_it_is_compared_with_every_earlier_version_that_has_an_open_comment(
    running: Running, tmp_path: Path
) -> None:
    ids = uploaded(running, *(write(tmp_path, noise(1.0, seed=n), name=str(n)) for n in range(4)))
    told_of_comparisons(running, 3)
    said = {}
    for version in ids[:3]:
        answer = running.ada.post(f"/api/versions/{version}/comments", json={"at": 0.5, "body": "Louder?"})
        said[version] = answer.json()["id"]
    running.ada.patch(f"/api/comments/{said[ids[1]]}", json={"done": True})
    running.ada.delete(f"/api/comments/{said[ids[2]]}")

    [last] = uploaded(running, write(tmp_path, noise(1.0, seed=9), name="last"))

    told = told_of_comparisons(running, 5)
    pairs = {(event["comparison"]["a"], event["comparison"]["b"]) for event in told}
    assert pairs == {*itertools.pairwise(ids), (ids[3], last), (ids[0], last)}
    assert compared(running.ada, ids[0], last)["stage"] == "mixing"
