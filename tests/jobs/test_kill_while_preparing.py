"""Whatever ends a worker in the middle, the work goes on at the unfinished step."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.databases import both_databases
from tests.jobs.test_prepare import told
from tests.running import Running
from tests.sound.signals import noise, write


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Long enough that making it small takes seconds."""
    return write(tmp_path_factory.mktemp("long"), noise(200.0, channels=1, rate=44100), rate=44100)


def making_it_small(version: dict[str, Any]) -> bool:
    return version["progress"] is not None and version["progress"]["step"] == "small"


def is_measured_once(running: Running, version: str) -> None:
    """The finished step was not run again: nothing tells of measuring after the first word of another step."""
    steps = [event["version"]["progress"]["step"] for event in told(running, version)[1:-1]]
    assert [step for step, _ in itertools.groupby(steps)] == ["measuring", "small"]


@both_databases
def test_killed_it_goes_on_at_the_unfinished_step(running: Running, long_file: Path) -> None:
    id = running.upload(long_file)["id"]
    running.wait_until(id, making_it_small)

    running.server.kill()
    running.server.restart()

    assert running.version(id)["status"] == "preparing"
    assert running.ready(id)["audio"] == ["original", "opus", "small"]
    is_measured_once(running, id)


def test_killed_while_measuring_it_measures_again(running: Running, long_file: Path) -> None:
    id = running.upload(long_file)["id"]
    running.wait_until(id, lambda version: version["progress"] is not None)

    running.server.kill()
    running.server.restart()

    assert running.ready(id)["duration"] == 200.0


@both_databases
def test_stopped_in_the_middle_it_has_not_failed(running: Running, long_file: Path) -> None:
    id = running.upload(long_file)["id"]
    running.wait_until(id, making_it_small)

    running.server.stop()
    running.server.restart()

    assert running.version(id)["status"] == "preparing"
    assert running.ready(id)["error"] is None
    is_measured_once(running, id)
    assert "version.failed" not in [event["type"] for event in told(running, id)]


@both_databases
def test_another_worker_takes_over_from_one_that_died(
    start_running: Callable[..., Running], long_file: Path
) -> None:
    running = start_running(arguments=["--no-worker"])
    id = running.upload(long_file)["id"]
    first = running.start_worker()
    running.wait_until(id, making_it_small)

    first.kill()
    first.wait()
    assert running.version(id)["status"] == "preparing"
    running.start_worker()

    assert running.ready(id)["audio"] == ["original", "opus", "small"]
    is_measured_once(running, id)


def test_a_worker_that_waits_beside_takes_over_by_itself(
    start_running: Callable[..., Running], long_file: Path
) -> None:
    running = start_running(arguments=["--no-worker"])
    first = running.start_worker()
    id = running.upload(long_file)["id"]
    running.wait_until(id, making_it_small)
    running.start_worker()

    first.kill()
    first.wait()

    assert running.ready(id)["status"] == "ready"
    is_measured_once(running, id)
