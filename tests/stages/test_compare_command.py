"""`earmark compare A B`: what changed between two recordings, without a server."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sound.signals import music, write

ROOT = Path(__file__).parents[2]
RATE = 44100


def compare(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "server", "compare", *arguments]
    # However long the path is that a sentence names, its words stand in one line.
    wide = os.environ | {"TERMINAL_WIDTH": "1000"}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=250, env=wide)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Thirty seconds, and the same 3 dB quieter."""
    folder = tmp_path_factory.mktemp("pair")
    sound = 0.5 * music(30.0, rate=RATE)
    loud = write(folder, sound, rate=RATE, name="loud", format="wav24")
    return str(loud), str(write(folder, sound * 10 ** (-3 / 20), rate=RATE, name="soft", format="wav24"))


def test_json_has_the_shape_that_the_design_fixes(pair: tuple[str, str]) -> None:
    ended = compare(*pair, "--json", "--stage", "mastering")

    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["stage"] == "mastering"
    assert found["matched_gain_db"] == pytest.approx(3.0, abs=0.05)
    assert found["time_map"]["confidence"] > 0.6
    assert found["only_in_a"] == found["only_in_b"] == found["moved"] == []
    assert len(found["findings"]) == 1
    assert set(found["findings"][0]) == {
        "start",
        "end",
        "kind",
        "amount",
        "unit",
        "plain",
        "detail",
        "confidence",
    }


def test_people_read_it_in_words(pair: tuple[str, str]) -> None:
    ended = compare(*pair)

    assert ended.returncode == 0, ended.stderr
    assert "quieter" in ended.stdout
    assert compare(pair[0], pair[0]).stdout.count("Nothing changed") == 1


def test_a_page_that_opens_from_disk(pair: tuple[str, str], tmp_path: Path) -> None:
    page = tmp_path / "what changed.html"

    ended = compare(*pair, "--html", str(page))

    assert ended.returncode == 0, ended.stderr
    text = page.read_text()
    assert "quieter" in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_what_cannot_be_compared_is_said_in_one_line(pair: tuple[str, str], tmp_path: Path) -> None:
    lie = tmp_path / "lyrics.wav"
    lie.write_text("la la la")

    for arguments, words in (
        ((pair[0], str(lie)), "not an audio file"),
        ((pair[0], str(tmp_path / "none.wav")), "does not exist"),
        ((*pair, "--stage", "cooking"), "cooking"),
    ):
        ended = compare(*arguments)
        assert ended.returncode == 2
        assert words in ended.stderr
        assert "Traceback" not in ended.stderr
