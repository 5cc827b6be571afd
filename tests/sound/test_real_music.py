"""The demo band's recordings, measured by us and by FFmpeg."""

from pathlib import Path

import numpy as np
import pytest

from server.demo.band import DemoVersion, versions
from server.sound.analysis import analyze
from tests.sound.references import ffmpeg_loudness
from tests.sound.signals import write


def _version(number: int) -> DemoVersion:
    return next(version for version in versions() if version.number == number)


@pytest.mark.parametrize("number", [1, 3])
def test_ffmpeg_agrees_on_music_within_a_tenth(tmp_path: Path, number: int) -> None:
    version = _version(number)
    path = write(tmp_path, version.mix.T.astype(np.float64), format="wavfloat", rate=version.sample_rate)
    integrated, range_lu = ffmpeg_loudness(path)
    loudness = analyze(path).loudness
    assert loudness.integrated_lufs == pytest.approx(integrated, abs=0.1)
    assert loudness.range_lu == pytest.approx(range_lu, abs=0.1)
