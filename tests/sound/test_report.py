"""The report at the terminal: everything in words, and all of it in JSON."""

import io
import json
from pathlib import Path

import numpy as np
from rich.console import Console

from server.sound.analysis import analyze
from server.sound.report import clock, print_report
from tests.sound.signals import clicks, silence, sine, write


def report(path: Path, width: int = 80) -> str:
    output = io.StringIO()
    print_report(analyze(path), Console(file=output, width=width))
    return output.getvalue()


def test_the_report_tells_what_was_measured(tmp_path: Path) -> None:
    path = write(tmp_path, sine(1000, 12, dbfs=-23), format="flac")
    text = report(path)
    for expected in (
        "FLAC, 24 bit",
        "2 (stereo)",
        "0:12.00",
        "-23.0 LUFS",
        "-23.0 dBTP",
        "not sure",
        "centred",
    ):
        assert expected in text
    assert "1000 Hz" in line(text, "Spectral centroid")
    assert max(map(len, text.splitlines())) <= 80


def line(text: str, name: str) -> str:
    (found,) = (line for line in text.splitlines() if name in line)
    return found


def test_the_report_of_silence_and_of_clipping(tmp_path: Path) -> None:
    assert "none" in line(report(write(tmp_path, silence(4))), "Integrated")
    samples = clicks([1.0], 5.0)
    samples[:, 96_000:96_010] = 1.0
    assert "at 0:02.00" in report(write(tmp_path, samples))


def test_json_has_all_of_it_and_only_what_json_allows(tmp_path: Path) -> None:
    for samples in (sine(440, 6), silence(6), np.zeros((1, 10))):
        described = analyze(write(tmp_path, samples)).to_json()
        again = json.loads(json.dumps(described, allow_nan=False))
        assert again == described
        assert {"facts", "loudness", "waveform", "tone", "tempo", "key", "background"} <= set(again)


def test_times_are_written_as_people_read_them() -> None:
    assert [clock(0), clock(83.2), clock(3723.456)] == ["0:00.00", "1:23.20", "1:02:03.46"]
    assert clock(59.999) == "1:00.00"
