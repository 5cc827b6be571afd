"""What was answered with 201 is there after `kill -9`, at once and every time."""

from pathlib import Path
from uuid import uuid4

from tests.databases import both_databases
from tests.running import Running
from tests.sound.signals import noise, write
from tests.uploads.tus_client import begun, sent

ROUNDS = 4


@both_databases
def test_a_comment_that_was_answered_is_not_lost(running: Running, tmp_path: Path) -> None:
    version = running.upload(write(tmp_path, noise(1.0)))["id"]
    comments = f"/api/versions/{version}/comments"
    answered = []

    for round in range(ROUNDS):
        for _ in range(5 * round + 1):
            answer = running.ada.post(
                comments, json={"id": str(uuid4()), "at": 0.5, "body": f"Round {round}"}
            )
            assert answer.status_code == 201
            answered.append(answer.json())
        running.server.kill()
        running.server.restart()

    kept = running.ada.get(comments).json()["items"]
    assert {comment["id"]: comment for comment in kept} == {comment["id"]: comment for comment in answered}
    assert len(kept) == len(answered)


def test_a_version_that_was_answered_is_not_lost(running: Running, tmp_path: Path) -> None:
    files = [write(tmp_path, noise(0.3, seed=n), name=str(n)) for n in range(2)]
    answered = []

    for n, file in enumerate(files):
        if n % 2:
            address = begun(running.ada, running.song, file.stat().st_size)
            answered.append(sent(running.ada, address, 0, file.read_bytes()).headers["earmark-version"])
        else:
            answered.append(running.upload(file)["id"])
        running.server.kill()
        running.server.restart()

    there = running.ada.get(f"/api/songs/{running.song}/versions").json()["items"]
    assert [(version["id"], version["number"]) for version in there] == list(
        zip(answered, (1, 2), strict=False)
    )
    for id, file in zip(answered, files, strict=False):
        assert running.ada.get(f"/api/versions/{id}/audio").content == file.read_bytes()
        assert running.ready(id)["duration"] == 0.3
