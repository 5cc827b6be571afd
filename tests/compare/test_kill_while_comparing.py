"""Whatever ends a worker in the middle, the comparison is made."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.compare.asking import ask, compared, told_of_comparisons, uploaded
from tests.databases import both_databases
from tests.running import Running
from tests.sound.signals import music, write

RATE = 8000


@pytest.fixture(scope="module")
def long_pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Long enough that comparing them takes seconds."""
    folder = tmp_path_factory.mktemp("long")
    song, other = (music(400.0, rate=RATE, seed=seed)[:1] for seed in (1, 2))
    return write(folder, song, rate=RATE, name="a"), write(folder, other[:, :-RATE], rate=RATE, name="b")


@both_databases
def test_killed_while_comparing_it_compares_again(running: Running, long_pair: tuple[Path, Path]) -> None:
    a, b = uploaded(running, *long_pair)
    told_of_comparisons(running, 1, kind="comparison.progress")

    running.server.kill()
    running.server.restart()

    assert ask(running.ada, a, b).status_code == 202
    assert compared(running.ada, a, b)["only_in_a"] is not None
    told = told_of_comparisons(running, 1)
    assert len({event["comparison"]["id"] for event in told}) == 1
    assert [event["type"] for event in told].count("comparison.failed") == 0


def test_a_child_that_is_killed_is_given_another_go(running: Running, long_pair: tuple[Path, Path]) -> None:
    """As it is when the system stops a server: it ends the children together with their parent."""
    a, b = uploaded(running, *long_pair)
    told_of_comparisons(running, 1, kind="comparison.progress")

    kill_children_of(running.server.process.pid)

    assert compared(running.ada, a, b)["only_in_a"] is not None
    assert [event["type"] for event in told_of_comparisons(running, 1)].count("comparison.failed") == 0


def test_what_breaks_off_every_time_has_failed_with_a_sentence(
    running: Running, long_pair: tuple[Path, Path]
) -> None:
    uploaded(running, *long_pair)
    told = told_of_comparisons(running, 1, kind="comparison.progress")

    while told[-1]["type"] != "comparison.failed":
        kill_children_of(running.server.process.pid)
        time.sleep(0.2)
        told = told_of_comparisons(running, 1, kind="comparison.progress")

    assert told[-1]["comparison"]["error"].startswith("Comparing these two broke off")


def kill_children_of(pid: int) -> None:
    """The processes that decode and compare; not the one that watches over shared memory."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent == pid and b"spawn_main" in (stat.parent / "cmdline").read_bytes():
                os.kill(int(stat.parent.name), signal.SIGKILL)
