"""What was heard of a recording is kept, and a comparison of what was kept is a comparison of the recordings."""

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from server.difference.analysed import Analysed, listen_to
from server.difference.kept import keep, unpacked
from server.stages.comparison import compare
from tests.difference.studio import Studio, decibels
from tests.sound.signals import music, noise, silence, write


def again(heard: Analysed, folder: Path) -> Analysed:
    file = folder / "heard.zip"
    keep(heard, file)
    return unpacked(file, heard.path)


def test_a_comparison_of_what_was_kept_is_the_same_in_every_figure(studio: Studio, tmp_path: Path) -> None:
    a, b = studio.base, studio.hear("softer", lambda: studio.song() * decibels(-3.7))
    kept = compare(again(a, tmp_path), again(b, tmp_path), stage="mixing")
    assert json.dumps(kept.to_json()) == json.dumps(compare(a, b, stage="mixing").to_json())


def test_a_recording_kept_and_heard_anew_is_the_same_recording(studio: Studio, tmp_path: Path) -> None:
    comparison = compare(again(studio.base, tmp_path), studio.base, stage="editing")
    assert comparison.difference.identical
    assert [finding.kind for finding in comparison.findings] == ["nothing"]


@pytest.mark.parametrize("what", ["music", "silence", "a moment", "loud noise"])
def test_every_measurement_comes_back(tmp_path: Path, what: str) -> None:
    samples = {
        "music": music(20.0),
        "silence": silence(3.0),
        "a moment": noise(0.02, channels=1),
        "loud noise": noise(4.0, dbfs=3.0),
    }[what]
    heard = listen_to(write(tmp_path, samples, format="flac"))
    there = again(heard, tmp_path)

    assert there.path == heard.path
    assert there.analysis.to_json() == heard.analysis.to_json()
    for name in ("facts", "loudness", "tempo", "key", "background"):
        assert getattr(there.analysis, name) == getattr(heard.analysis, name)
    for part, other in ((there.traces, heard.traces), (there.analysis.features, heard.analysis.features)):
        for field in fields(part):
            np.testing.assert_array_equal(getattr(part, field.name), getattr(other, field.name))
    for level, peaks in heard.analysis.waveform.peaks.items():
        np.testing.assert_array_equal(there.analysis.waveform.peaks[level], peaks)
