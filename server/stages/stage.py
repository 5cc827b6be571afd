"""What a stage of a song is, to those who listen and to a comparison."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from server.difference.findings.finding import Finding
from server.difference.measurements import Difference

StageKey = Literal[
    "songwriting",
    "pre-production",
    "recording",
    "editing",
    "post-production",
    "mixing",
    "mastering",
    "distribution",
]

Lens = Callable[[Difference], list[Finding]]


@dataclass(frozen=True)
class Stage:
    """``hint``: one line for who has never made a record. ``purpose``: two sentences. ``questions``: for
    anybody to answer while listening. ``lens``: what of a difference is worth saying here; ``most``: how many."""

    key: StageKey
    name: str
    hint: str
    purpose: str
    questions: tuple[str, ...]
    lens: Lens
    most: int = 7
