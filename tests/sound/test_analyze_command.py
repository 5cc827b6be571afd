"""`earmark analyze FILE`: everything about one recording, without a server."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sound.signals import sine, write

ROOT = Path(__file__).parents[2]


def analyze(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "server", "analyze", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=250)


def test_json_says_what_the_signal_is(tmp_path: Path) -> None:
    file = write(tmp_path, sine(1000.0, 20.0, dbfs=-23.0))

    ended = analyze(str(file), "--json")

    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["facts"]["duration"] == 20.0
    # Tech 3341 case 1: a stereo sine of 1 kHz at -23 dBFS reads -23.0 LUFS.
    assert found["loudness"]["integrated_lufs"] == pytest.approx(-23.0, abs=0.1)


def test_a_table_for_people(tmp_path: Path) -> None:
    ended = analyze(str(write(tmp_path, sine(1000.0, 6.0, dbfs=-20.0))))

    assert ended.returncode == 0, ended.stderr
    for words in ("Integrated", "LUFS", "True peak", "0:06.00", "stereo"):
        assert words in ended.stdout


def test_what_is_no_recording_is_said_in_one_line(tmp_path: Path) -> None:
    lie = tmp_path / "lyrics.wav"
    lie.write_text("la la la")

    ended = analyze(str(lie))

    assert ended.returncode == 2
    assert "not an audio file" in ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout
