"""Where listeners agree and where they scatter, in plain words, from answers that were made to."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from server.events.objects import AnswerShape, QuestionKind, QuestionShape, author
from server.listening.agreement import Agreement, agreement_on

WHEN = datetime(2026, 5, 1, tzinfo=UTC)
HERE: dict[str, Any] = {"song": UUID(int=1), "version": UUID(int=2), "created_at": WHEN, "removed": False}


def found(kind: QuestionKind, *values: Any, part: str = "") -> Agreement:
    """What comes of these answers, each of another listener; a list is all of one listener's."""
    question = QuestionShape(id=UUID(int=3), kind=kind, text="?", part=part, revision=1, **HERE)
    given = [
        answer(kind, one, listener)
        for listener, each in enumerate(values)
        for one in (each if isinstance(each, list) else [each])
    ]
    return agreement_on(question, given)


def answer(kind: QuestionKind, value: Any, listener: int) -> AnswerShape:
    empty: dict[str, Any] = dict.fromkeys(("at", "across", "away", "loudness", "body"))
    named = {
        "moment": lambda: {"at": value},
        "pad": lambda: {"across": value[0], "away": value[1]},
        "slider": lambda: {"loudness": value},
        "words": lambda: {"body": value},
    }[kind]()
    who = author(UUID(int=100 + listener), "guest", f"Listener {listener}")
    return AnswerShape(id=uuid4(), question=UUID(int=3), author=who, **HERE, **(empty | named))


@pytest.mark.parametrize("kind", ["moment", "pad", "slider", "words"])
def test_without_an_answer_nothing_is_claimed(kind: QuestionKind) -> None:
    assert found(kind) == Agreement(0, "Nobody has answered yet.")


@pytest.mark.parametrize(
    ("kind", "value"), [("moment", 5.0), ("pad", (0.5, 0.5)), ("slider", 40), ("moment", [5.0, 6.0, 7.0])]
)
def test_two_listeners_are_too_few_to_tell(kind: QuestionKind, value: Any) -> None:
    assert found(kind, value) == Agreement(1, "1 listener so far: too few to tell.")
    assert found(kind, value, value) == Agreement(2, "2 listeners so far: too few to tell.")


def test_six_of_eight_on_the_pad_agree() -> None:
    near_left = [(-0.3 + 0.05 * number, 0.15) for number in range(6)]

    agreed = found("pad", *near_left, (0.9, 0.9), (0.8, 0.1))

    assert (agreed.agree, agreed.plain) == (6, "6 of 8 agree: a little left, near.")
    assert agreed.ellipse is not None
    assert agreed.ellipse.across == pytest.approx(-0.175, abs=0.001)
    assert agreed.ellipse.away == pytest.approx(0.15, abs=0.001)
    # Two standard deviations of six evenly placed points, on a line that is not turned.
    assert agreed.ellipse.long == pytest.approx(2 * 0.05 * (35 / 12) ** 0.5, abs=0.001)
    assert agreed.ellipse.short == 0
    assert agreed.ellipse.turned % 180 == 0


def test_the_shape_is_turned_as_the_points_lie() -> None:
    """From near left to far right, at 45 degrees on a pad as deep as it is wide."""
    agreed = found("pad", *[(0.1 * step, 0.5 + 0.05 * step) for step in (-2, -1, 0, 1, 2)])

    assert agreed.ellipse is not None and agreed.ellipse.turned % 180 == pytest.approx(45)


@pytest.mark.parametrize(
    ("points", "plain"),
    [
        ([(0, 0), (0, 0.1), (0.1, 0)], "3 of 3 agree: in the middle, near."),
        ([(0.9, 0.9), (0.8, 1), (1, 0.8)], "3 of 3 agree: far right, far back."),
        ([(-0.9, 0.5), (-0.9, 0.5), (0.9, 0.5)], "2 of 3 agree: far left, halfway back."),
        (
            [(-0.9, 0.1), (0, 0.1), (0.9, 0.1)],
            "3 of 3 agree that it is near; the side divides them: 1 left, 1 in the middle, 1 right.",
        ),
        ([(-0.3, 0), (-0.3, 0.5), (-0.3, 1)], "3 of 3 agree on the side (a little left), not on how near."),
        ([(-0.9, 0), (0.9, 1), (0.9, 0), (-0.9, 1)], "They scatter: 2 left, 2 right."),
    ],
)
def test_the_pad_in_words(points: list[tuple[float, float]], plain: str) -> None:
    agreed = found("pad", *points)

    assert agreed.plain == plain
    assert (agreed.agree is None) == ("agree: " not in plain)


@pytest.mark.parametrize(
    ("values", "part", "plain", "agree", "middle"),
    [
        ([30, 40, 50, -10], "the bass", "3 of 4 agree: the bass is a little too loud.", 3, 35),
        ([-70, -80, -90], "the drums", "3 of 3 agree: the drums are much too quiet.", 3, -80),
        ([0, 20, -20], "the voice", "3 of 3 agree: the voice is just right.", 3, 0),
        ([-50, 0, 50], "the bass", "They do not agree: 1 too quiet, 1 just right, 1 too loud.", None, 0),
        ([-50, -50, 50, 50], "the bass", "They do not agree: 2 too quiet, 2 too loud.", None, 0),
    ],
)
def test_the_slider_in_words(
    values: list[int], part: str, plain: str, agree: int | None, middle: float
) -> None:
    agreed = found("slider", *values, part=part)

    assert (agreed.plain, agreed.agree, agreed.middle) == (plain, agree, middle)


def test_the_moments_that_most_marked_come_first() -> None:
    agreed = found("moment", *[[62.0 + n, 130.0 + n] for n in range(4)], 64.5, [5.0], [20.0], [40.0])

    assert agreed.plain == "5 of 8 marked 1:02\N{EN DASH}1:05, then 4 at 2:10\N{EN DASH}2:13."
    assert agreed.agree == 5
    assert [(place.start, place.end, place.listeners) for place in agreed.places] == [
        (62.0, 65.0, 5),
        (130.0, 133.0, 4),
    ]


def test_a_nervous_thumb_counts_once() -> None:
    agreed = found("moment", [10.0, 11.0, 12.0, 13.0], [40.0], [80.0])

    assert (agreed.plain, agreed.places) == ("They scatter: no two of 3 marked the same moment.", ())


def test_a_few_who_meet_are_said_to_be_few() -> None:
    agreed = found("moment", 10.0, 11.0, 40.0, 80.0, 100.0)

    assert agreed.plain == "They scatter: at most 2 of 5 meet, at 0:10\N{EN DASH}0:11."
    assert (agreed.agree, len(agreed.places)) == (None, 1)


def test_words_are_counted_not_weighed() -> None:
    assert found("words", "yes", "no", "perhaps") == Agreement(3, "3 answers in words.")
