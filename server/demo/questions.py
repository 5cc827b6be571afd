"""What the band asks its friends of two versions, and what these answer: some of it agreed upon, some of it not."""

from dataclasses import dataclass, field
from typing import Any

from server.demo.comments import DRUMMER, ENGINEER, FRIEND, SINGER, second_in
from server.demo.reactions import AUNT, NEIGHBOUR

Answers = tuple[tuple[str, dict[str, Any]], ...]


@dataclass(frozen=True)
class DemoQuestion:
    version: int
    asked: dict[str, str]
    answers: Answers = field(default=())


def _at(author: str, version: int, name: str, beats: float) -> tuple[str, dict[str, Any]]:
    return author, {"at": second_in(version, name, beats)}


def _placed(author: str, across: float, away: float) -> tuple[str, dict[str, Any]]:
    return author, {"across": across, "away": away}


def _loud(author: str, loudness: int) -> tuple[str, dict[str, Any]]:
    return author, {"loudness": loudness}


QUESTIONS = (
    DemoQuestion(
        8,
        {"kind": "pad", "text": "Where does the singer stand?"},
        (
            _placed(AUNT, 0.05, 0.15),
            _placed(FRIEND, -0.08, 0.2),
            _placed(NEIGHBOUR, 0.02, 0.3),
            _placed(DRUMMER, 0.0, 0.22),
            _placed(ENGINEER, -0.04, 0.12),
        ),
    ),
    DemoQuestion(
        8,
        {"kind": "slider", "text": "How loud is the bass?", "part": "the bass"},
        (_loud(AUNT, 45), _loud(FRIEND, 0), _loud(NEIGHBOUR, 35), _loud(DRUMMER, -40), _loud(ENGINEER, -5)),
    ),
    DemoQuestion(
        8,
        {"kind": "moment", "text": "Where did your attention drift?"},
        (
            _at(AUNT, 8, "verse 2", 9),
            _at(FRIEND, 8, "verse 2", 11),
            _at(NEIGHBOUR, 8, "verse 2", 8),
            _at(SINGER, 8, "intro", 4),
        ),
    ),
    DemoQuestion(
        10,
        {
            "kind": "slider",
            "text": "How loud is the whole song beside others you know?",
            "part": "the whole song",
        },
        (_loud(AUNT, 5), _loud(FRIEND, 10), _loud(NEIGHBOUR, 0), _loud(SINGER, -15)),
    ),
    DemoQuestion(
        10,
        {"kind": "moment", "text": "Which ten seconds would make a friend listen?"},
        (
            _at(AUNT, 10, "chorus", 3),
            _at(FRIEND, 10, "chorus", 1),
            _at(NEIGHBOUR, 10, "last chorus", 2),
            _at(DRUMMER, 10, "chorus", 4),
        ),
    ),
)
