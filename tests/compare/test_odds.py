"""The numbers were worked out by hand from the rows of Pascal's triangle."""

from fractions import Fraction

import pytest

from server.compare.odds import chance_of, how_often, if_all_agree, verdict


@pytest.mark.parametrize(
    ("a", "b", "chance"),
    [
        (0, 0, Fraction(1)),
        (0, 1, Fraction(1)),  # 2 · 1/2
        (0, 2, Fraction(1, 2)),  # 2 · 1/4
        (1, 1, Fraction(1)),
        (0, 3, Fraction(1, 4)),  # 2 · 1/8
        (1, 2, Fraction(1)),  # 2 · (3 + 1)/8
        (0, 4, Fraction(1, 8)),
        (1, 3, Fraction(5, 8)),  # 2 · (4 + 1)/16
        (0, 5, Fraction(1, 16)),
        (1, 4, Fraction(3, 8)),  # 2 · (5 + 1)/32
        (2, 3, Fraction(1)),  # 2 · (10 + 5 + 1)/32
        (1, 5, Fraction(7, 32)),  # 2 · (6 + 1)/64
        (2, 4, Fraction(11, 16)),  # 2 · (15 + 6 + 1)/64
        (1, 7, Fraction(9, 128)),  # 2 · (8 + 1)/256
        (0, 8, Fraction(1, 128)),
        (1, 9, Fraction(11, 512)),  # 2 · (10 + 1)/1024
        (2, 8, Fraction(7, 64)),  # 2 · (45 + 10 + 1)/1024
        (5, 15, Fraction(21700, 2**19)),  # 2 · (15504 + 4845 + 1140 + 190 + 20 + 1)/2^20
    ],
)
def test_the_exact_chance(a: int, b: int, chance: Fraction) -> None:
    assert chance_of(a, b) == chance_of(b, a) == chance


def test_it_stays_exact_for_a_stadium() -> None:
    assert chance_of(0, 2000) == Fraction(1, 2**1999)
    assert 0 < float(chance_of(480, 520)) < 0.25


@pytest.mark.parametrize(
    ("votes", "sentence"),
    [
        ((0, 5, 0), "5 of 5 preferred v8. By pure chance that happens 1 time in 16: a strong hint."),
        ((5, 0, 0), "5 of 5 preferred v7. By pure chance that happens 1 time in 16: a strong hint."),
        (
            (0, 5, 2),
            "5 of 5 preferred v8. By pure chance that happens 1 time in 16: a strong hint. "
            "2 heard no difference.",
        ),
        ((0, 4, 0), "4 of 4 preferred v8. By pure chance that happens 1 time in 8: a weak hint."),
        ((0, 3, 0), "3 of 3 preferred v8. By pure chance that happens 1 time in 4: too little to go by."),
        (
            (4, 1, 0),
            "4 of 5 preferred v7. By pure chance that happens about 1 time in 3: too little to go by.",
        ),
        (
            (2, 4, 0),
            "4 of 6 preferred v8. By pure chance that happens about 7 times in 10: too little to go by.",
        ),
        ((0, 8, 0), "8 of 8 preferred v8. By pure chance that happens 1 time in 128: that is hardly chance."),
        (
            (0, 1, 0),
            "1 of 1 preferred v8. By pure chance a result as clear as that always comes out: this says nothing.",
        ),
        ((2, 2, 1), "2 preferred v7 and 2 preferred v8: a draw. 1 heard no difference."),
        ((0, 0, 3), "Nobody preferred either: all 3 who voted heard no difference."),
        ((0, 0, 1), "Nobody preferred either: the one who voted heard no difference."),
        ((0, 0, 0), "Nobody has voted."),
    ],
)
def test_what_is_said_of_it(votes: tuple[int, int, int], sentence: str) -> None:
    assert verdict(*votes, "v7", "v8") == sentence


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (Fraction(1), "always"),
        (Fraction(5, 8), "about 6 times in 10"),
        (Fraction(1, 2), "1 time in 2"),
        (Fraction(3, 8), "about 1 time in 3"),
        (Fraction(1, 16), "1 time in 16"),
        (Fraction(9, 128), "about 1 time in 14"),
    ],
)
def test_how_often_that_is(chance: Fraction, words: str) -> None:
    assert how_often(chance) == words


def test_how_sure_so_many_can_be_at_best() -> None:
    """In the same words as blind-words.js."""
    assert [if_all_agree(votes) for votes in (0, 1)] == ["", ""]
    assert if_all_agree(2) == "Even if all 2 prefer the same, pure chance does that 1 time in 2."
    assert if_all_agree(5) == "Even if all 5 prefer the same, pure chance does that 1 time in 16."
