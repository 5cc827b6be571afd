"""Mutated files of every format: each ends in a result or in a refusal, and nothing is left behind.

EARMARK_FUZZ sets how many of each format are tried: 400 make some thousands. EARMARK_FUZZ_SEED makes others.
"""

import json
import os
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from server.sound.analysis import analyze
from server.sound.confined import ConfinedProcesses
from server.sound.errors import SENTENCES, UnreadableAudio
from server.sound.renditions import make_small
from tests.sound.mutations import mutated
from tests.sound.signals import FORMATS, music, write

EACH = int(os.environ.get("EARMARK_FUZZ", "24"))
SEED = os.environ.get("EARMARK_FUZZ_SEED", "")
RENDERED = 4  # each fourth is also made into a rendition
SECONDS = 60.0  # a file takes a hundredth of a second; what hangs takes for ever
NEVER = {"took-too-long", "crashed"}


@pytest.mark.timeout(300 + EACH * 30)
def test_a_broken_file_gives_a_result_or_a_refusal(tmp_path: Path) -> None:
    confined = ConfinedProcesses(memory_bytes=1 << 30)
    confined.warm_up()
    try:
        found = {format: _outcomes(confined, tmp_path, format) for format in FORMATS}
    finally:
        confined.close()
    # Both happen, or it would show nothing: some are still songs, and of each format not all are.
    assert sum(outcomes["measured"] > 0 for outcomes in found.values()) > len(FORMATS) / 2, found
    assert all(set(outcomes) - {"measured"} for outcomes in found.values()), found
    assert set().union(*found.values()) - {"measured"} <= set(SENTENCES) - NEVER, found


def _outcomes(confined: ConfinedProcesses, folder: Path, format: str) -> Counter[str]:
    content = write(folder, music(0.6), format=format, rate=48000).read_bytes()
    random, outcomes = Random(format + SEED), Counter[str]()
    folder = folder / format
    folder.mkdir()
    path, rendition = folder / "broken", folder / "rendition"
    for number in range(EACH):
        path.write_bytes(mutated(content, random))
        try:
            json.dumps(confined.run(analyze, path, seconds=SECONDS).to_json(), allow_nan=False)
            if number % RENDERED == 0:
                confined.run(make_small, path, rendition, seconds=SECONDS)
                rendition.unlink()
            outcomes["measured"] += 1
        except UnreadableAudio as error:
            outcomes[error.code] += 1
            if error.code in NEVER:
                path.rename(folder.parent / f"{format}-{number}-{error.code}")
        assert {left.name for left in folder.iterdir()} <= {"broken"}
    return outcomes
