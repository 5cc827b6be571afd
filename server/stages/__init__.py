"""The eight stages that a song goes through, in order.

Each stage has a key (in addresses and data), a name, and a hint: one line for somebody who has never made a
record, shown where a version's stage is chosen.
"""

from dataclasses import dataclass
from typing import Literal, get_args

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


@dataclass(frozen=True)
class Stage:
    key: StageKey
    name: str
    hint: str


_HINTS: dict[StageKey, str] = {
    "songwriting": "The idea: a voice memo, a sketch, words and chords.",
    "pre-production": "The plan: a demo of the arrangement, the tempo, the parts.",
    "recording": "The takes: what was played and sung, as it was.",
    "editing": "The choices: takes put together, cut and tidied.",
    "post-production": "The extras: added sounds, effects, risers and hits.",
    "mixing": "The balance: how loud, where and how far away each part is.",
    "mastering": "The finish: loudness and tone of the whole song.",
    "distribution": "The file that goes out to shops and streaming.",
}

STAGES: tuple[Stage, ...] = tuple(Stage(key, key.capitalize(), _HINTS[key]) for key in get_args(StageKey))


def stage_name(key: str) -> str:
    """The name that people read; raises KeyError for what is no stage."""
    return {stage.key: stage.name for stage in STAGES}[key]  # type: ignore[index]
