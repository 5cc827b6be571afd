"""Comparing two versions as a page does: on a real server with its worker."""

from pathlib import Path

import numpy as np
import pytest

from tests.compare.asking import compared, uploaded
from tests.databases import both_databases
from tests.running import Running
from tests.sound.signals import music, write


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

    found = compared(running.ada, a, b)

    assert found["stage"] == "mixing"
    assert found["only_in_a"] == [[pytest.approx(8.0, abs=0.05), pytest.approx(11.0, abs=0.05)]]
    assert found["matched_gain_db"] == pytest.approx(3.0, abs=0.02)
