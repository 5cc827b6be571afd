"""Whatever ends a worker in the middle, the comparison is made."""

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
