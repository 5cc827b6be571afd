"""One line of a difference, and the words that all of them share."""

import math
import re
from dataclasses import dataclass
from typing import Any

from server.sound.decibels import rounded

_SIGN_OF_ZERO = re.compile(r"(?<!\w)[-+](?=0(?:\.0*)?(?![.\d]))")
_HYPHEN_FOR_MINUS = re.compile(r"(?<!\w)-(?=\d)")


@dataclass(frozen=True)
class Finding:
    """``start``, ``end``: seconds of B, None for the whole song. ``plain`` is for everybody, ``detail`` for who
    wants the numbers. ``weight`` ranks: 1 is just heard by who listens for it, 10 by everybody."""

    kind: str
    plain: str
    detail: str
    weight: float
    amount: float | None = None
    unit: str | None = None
    start: float | None = None
    end: float | None = None
    confidence: float = 1.0

    def __post_init__(self) -> None:
        # As everywhere else on the pages, people read a minus sign, and none before nothing; programs take ``amount``.
        unsigned = _SIGN_OF_ZERO.sub("", self.detail)
        object.__setattr__(self, "detail", _HYPHEN_FOR_MINUS.sub("\N{MINUS SIGN}", unsigned))

    @property
    def place(self) -> str:
        """Where in B, as people write it: 0:20, or 0:20 to 0:46, or whole song."""
        if self.start is None or self.end is None:
            return "whole song"
        start, end = clock(self.start), clock(self.end)
        return start if start == end or self.end - self.start < 1 else f"{start} to {end}"

    def to_json(self) -> dict[str, Any]:
        return {
            "start": rounded(self.start),
            "end": rounded(self.end),
            "kind": self.kind,
            "amount": rounded(self.amount),
            "unit": self.unit,
            "plain": self.plain,
            "detail": self.detail,
            "confidence": rounded(self.confidence, 2),
        }


def clock(seconds: float) -> str:
    """83.2 is 1:23, and 83.5 is 1:24, as in JavaScript: the page writes its places itself, from the JSON."""
    whole = max(0, math.floor(round(seconds, 3) + 0.5))
    return f"{whole // 60}:{whole % 60:02d}"


def during(start: float, end: float) -> str:
    """At 1:23, or from 1:23 to 1:31."""
    return f"at {clock(start)}" if end - start < 1.5 else f"from {clock(start)} to {clock(end)}"


def listed(names: list[str]) -> str:
    """a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def how_much(db: float) -> str:
    """How people would say it."""
    size = abs(db)
    return "a touch" if size < 1 else "a little" if size < 2.5 else "clearly" if size < 6 else "much"


def ranked(findings: list[Finding], *, most: int) -> list[Finding]:
    """The weightiest, no more than a person reads; nothing too faint to hear."""
    return sorted((f for f in findings if f.weight >= 1), key=lambda f: -f.weight)[:most]
