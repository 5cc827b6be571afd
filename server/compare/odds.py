"""How sure some votes can be: the chance that people who hear no difference would vote like this."""

from fractions import Fraction
from math import comb

_STRONG, _WEAK = Fraction(1, 10), Fraction(1, 5)
_HARDLY_CHANCE = Fraction(1, 100)
_RATHER_IN_TEN = Fraction(2, 5)  # above it "1 time in 2" would be a lie by rounding


def chance_of(one: int, other: int) -> Fraction:
    """The exact probability, 0 to 1, that tossed coins fall at least as unevenly as ``one`` to ``other``.

    A two-sided binomial test with p = 1/2: nobody said beforehand which of the two would win.
    """
    tosses = one + other
    uneven = sum(comb(tosses, wins) for wins in range(max(one, other), tosses + 1))
    return min(Fraction(1), Fraction(2 * uneven, 2**tosses))


def verdict(a: int, b: int, same: int, a_name: str, b_name: str) -> str:
    """What the votes say, for people: who won, and what that is worth. ``same``: those who heard no difference."""
    return f"{_preference(a, b, a_name, b_name)}{_undecided(same)}" if a + b else _nobody(same)


def _preference(a: int, b: int, a_name: str, b_name: str) -> str:
    if a == b:
        return f"{a} preferred {a_name} and {b} preferred {b_name}: a draw."
    most, name = max((a, a_name), (b, b_name))
    return f"{most} of {a + b} preferred {name}. {_worth(chance_of(a, b))}"


def _worth(chance: Fraction) -> str:
    if chance == 1:
        return "By pure chance a result as clear as that always comes out: this says nothing."
    if chance <= _HARDLY_CHANCE:
        hint = "that is hardly chance"
    elif chance <= _STRONG:
        hint = "a strong hint"
    else:
        hint = "a weak hint" if chance <= _WEAK else "too little to go by"
    return f"By pure chance that happens {how_often(chance)}: {hint}."


def if_all_agree(votes: int) -> str:
    """How sure so many votes can be at best. The page counts along in blind-words.js."""
    if votes < 2:
        return ""
    return f"Even if all {votes} prefer the same, pure chance does that {how_often(chance_of(0, votes))}."


def how_often(chance: Fraction) -> str:
    """1/16 -> 1 time in 16, 3/8 -> about 1 time in 3, 11/16 -> about 7 times in 10."""
    if chance == 1:
        return "always"
    if chance > _RATHER_IN_TEN and chance != Fraction(1, 2):
        return f"about {round(10 * chance)} times in 10"
    times = 1 / chance
    exact = times.denominator == 1
    return f"{'' if exact else 'about '}1 time in {round(times)}"


def _undecided(same: int) -> str:
    return f" {same} heard no difference." if same else ""


def _nobody(same: int) -> str:
    if not same:
        return "Nobody has voted."
    return (
        "Nobody preferred either: "
        + ("the one who voted" if same == 1 else f"all {same} who voted")
        + " heard no difference."
    )
