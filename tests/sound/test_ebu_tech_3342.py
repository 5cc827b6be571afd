"""EBU Tech 3342: loudness range, test cases 1 to 4, each within 1 LU."""

from pathlib import Path

import numpy as np
import pytest

from server.sound.analysis import analyze
from tests.sound.signals import sine, write


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((-20, -30), 10.0),
        ((-20, -15), 5.0),
        ((-40, -20), 20.0),
        ((-50, -35, -20, -35, -50), 15.0),
    ],
)
def test_loudness_range(tmp_path: Path, levels: tuple[float, ...], expected: float) -> None:
    samples = np.concatenate([sine(1000, 20, dbfs=dbfs) for dbfs in levels], axis=1)
    measured = analyze(write(tmp_path, samples)).loudness.range_lu
    assert measured == pytest.approx(expected, abs=1.0)
