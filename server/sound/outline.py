"""What is known of a recording as soon as all of it is decoded: all that a page needs to draw it."""

import pickle
from dataclasses import dataclass
from pathlib import Path

from server.sound.facts import Facts
from server.sound.waveform import Waveform


@dataclass(frozen=True)
class Outline:
    facts: Facts
    waveform: Waveform


def leave_outline(outline: Outline, path: Path) -> None:
    """For whoever waits in another process: the file is there whole, or not at all."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_bytes(pickle.dumps(outline))
    unfinished.replace(path)


def find_outline(path: Path) -> Outline | None:
    """From our own child process, as trusted as its results, which are pickled too."""
    if not path.exists():
        return None
    found: Outline = pickle.loads(path.read_bytes())
    return found
