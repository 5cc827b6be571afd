"""Where listeners agree and where they scatter, in words and as a shape to draw. Pure.

Every listener counts once, however often they answered. Fewer than three tell nothing.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID

import numpy as np

from server.events.objects import AnswerShape, QuestionShape
from server.rendering import clock

FEWEST = 3
_SHARE = 2 / 3
_NEAR_ENOUGH = 0.4
"""Of half the pad: points this close to their middle mean the same place, for a finger on glass is not exact."""
_TOGETHER = 6.0
"""Seconds: marks this close are about the same moment, for some wait until they are sure."""
_MOST_PLACES = 3
_JUST_RIGHT, _MUCH = 20, 60


@dataclass(frozen=True)
class Place:
    start: float
    end: float
    listeners: int


@dataclass(frozen=True)
class Ellipse:
    """Two standard deviations about the middle; ``long`` and ``short`` are half axes in halves of the pad."""

    across: float
    away: float
    long: float
    short: float
    turned: float


@dataclass(frozen=True)
class Agreement:
    """``agree``: how many of ``listeners`` do, None where that cannot be said. ``middle``: of a slider's answers."""

    listeners: int
    plain: str
    agree: int | None = None
    ellipse: Ellipse | None = None
    middle: float | None = None
    places: tuple[Place, ...] = ()


def agreement_on(question: QuestionShape, answers: Sequence[AnswerShape]) -> Agreement:
    """``answers``: all to this question."""
    listeners = len({one.author.id for one in answers})
    if not listeners:
        return Agreement(0, "Nobody has answered yet.")
    if question.kind == "words":
        return Agreement(listeners, f"{_counted(listeners, 'answer')} in words.")
    if listeners < FEWEST:
        return Agreement(listeners, f"{_counted(listeners, 'listener')} so far: too few to tell.")
    if question.kind == "pad":
        return _on_pad([(one.across or 0.0, one.away or 0.0) for one in answers])
    if question.kind == "slider":
        return _on_slider([one.loudness or 0 for one in answers], question.part)
    return _on_moments([(one.at or 0.0, one.author.id) for one in answers], listeners)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _most(count: int) -> int:
    """How many of so many it takes to say that they agree."""
    return math.ceil(count * _SHARE - 1e-9)


# --- a point on the pad ----------------------------------------------------------------------------------


def _on_pad(points: list[tuple[float, float]]) -> Agreement:
    count = len(points)
    across, away = median(x for x, _ in points), median(y for _, y in points)
    # The pad is as deep as it is wide: `away` runs over one unit where `across` runs over two.
    close = [
        point for point in points if math.hypot(point[0] - across, 2 * (point[1] - away)) <= _NEAR_ENOUGH
    ]
    if len(close) >= _most(count):
        across, away = median(x for x, _ in close), median(y for _, y in close)
        said = f"{len(close)} of {count} agree: {_across(across)}, {_away(away)}."
        return Agreement(count, said, len(close), _ellipse(close))
    sides = sum(abs(x - across) <= _NEAR_ENOUGH for x, _ in points)
    depths = sum(2 * abs(y - away) <= _NEAR_ENOUGH for _, y in points)
    if sides >= _most(count):
        said = f"{sides} of {count} agree on the side ({_across(across)}), not on how near."
    elif depths >= _most(count):
        said = f"{depths} of {count} agree that it is {_away(away)}; " + _sides(
            points, "the side divides them"
        )
    else:
        said = _sides(points, "They scatter")
    return Agreement(count, said, None, _ellipse(points))


def _across(x: float) -> str:
    if abs(x) < 0.15:
        return "in the middle"
    return f"{'a little' if abs(x) < 0.5 else 'far'} {'left' if x < 0 else 'right'}"


def _away(y: float) -> str:
    return "near" if y < 1 / 3 else "halfway back" if y < 2 / 3 else "far back"


def _sides(points: list[tuple[float, float]], lead: str) -> str:
    sides = Counter("in the middle" if abs(x) < 0.15 else "left" if x < 0 else "right" for x, _ in points)
    told = [f"{sides[side]} {side}" for side in ("left", "in the middle", "right") if sides[side]]
    return f"{lead}: {', '.join(told)}."


def _ellipse(points: list[tuple[float, float]]) -> Ellipse:
    plane = np.array(points, dtype=np.float64) * (1, 2)
    middle = plane.mean(axis=0)
    spread = np.cov((plane - middle).T, bias=True)
    values, vectors = np.linalg.eigh(spread)
    short, long = (2 * math.sqrt(max(0.0, float(value))) for value in values)
    turned = math.degrees(math.atan2(float(vectors[1, 1]), float(vectors[0, 1])))
    return Ellipse(
        round(float(middle[0]), 3),
        round(float(middle[1]) / 2, 3),
        round(long, 3),
        round(short, 3),
        round(turned, 1),
    )


# --- a loudness ------------------------------------------------------------------------------------------


def _on_slider(values: list[int], part: str) -> Agreement:
    count, middle = len(values), float(median(values))
    sides = Counter(map(_side, values))
    side, most = sides.most_common(1)[0]
    if most >= _most(count):
        of_these = median(value for value in values if _side(value) == side)
        return Agreement(
            count,
            f"{most} of {count} agree: {part} {is_or_are(part)} {_loudness(of_these)}.",
            most,
            middle=middle,
        )
    told = [f"{sides[one]} {one}" for one in ("too quiet", "just right", "too loud") if sides[one]]
    return Agreement(count, f"They do not agree: {', '.join(told)}.", middle=middle)


def _side(value: float) -> str:
    return "just right" if abs(value) <= _JUST_RIGHT else "too quiet" if value < 0 else "too loud"


def _loudness(value: float) -> str:
    side = _side(value)
    return side if side == "just right" else f"{'much' if abs(value) > _MUCH else 'a little'} {side}"


def is_or_are(part: str) -> str:
    """As good as one can tell from a name."""
    return "are" if part.endswith("s") and not part.endswith(("ss", "us")) else "is"


# --- moments ---------------------------------------------------------------------------------------------


def _on_moments(marks: list[tuple[float, UUID]], count: int) -> Agreement:
    places = _places(sorted(marks))
    if not places:
        return Agreement(count, f"They scatter: no two of {count} marked the same moment.")
    best = places[0]
    if best.listeners < count / 2:
        said = f"They scatter: at most {best.listeners} of {count} meet, at {_span(best)}."
        return Agreement(count, said, None, places=places)
    others = "".join(f", then {place.listeners} at {_span(place)}" for place in places[1:])
    return Agreement(
        count, f"{best.listeners} of {count} marked {_span(best)}{others}.", best.listeners, places=places
    )


def _places(marks: list[tuple[float, UUID]]) -> tuple[Place, ...]:
    """The stretches that most listeners marked, the most first, none over another."""
    found: list[Place] = []
    left = marks
    while len(found) < _MOST_PLACES:
        windows = [[one for one in left if at <= one[0] <= at + _TOGETHER] for at, _ in left]
        best = max(
            windows, key=lambda window: (len({who for _, who in window}), -_length(window)), default=[]
        )
        listeners = len({who for _, who in best})
        if listeners < 2:
            break
        found.append(Place(round(best[0][0], 3), round(best[-1][0], 3), listeners))
        left = [one for one in left if one not in best]
    return tuple(found)


def _length(window: list[tuple[float, UUID]]) -> float:
    return window[-1][0] - window[0][0]


def _span(place: Place) -> str:
    start, end = clock(place.start), clock(place.end)
    return start if start == end else f"{start}\N{EN DASH}{end}"
