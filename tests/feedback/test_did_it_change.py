"""What a carried comment says was measured, from pictures whose every column is known."""

from collections.abc import Sequence
from typing import Any

import pytest

from server.feedback.changed import around, change_around

BANDS = (
    ("air", 8000, 20000),
    ("presence", 2000, 8000),
    ("mids", 500, 2000),
    ("low-mids", 120, 500),
    ("low-end", 20, 120),
)
COLUMNS = 240


def picture(**rows: float | Sequence[float | None]) -> dict[str, Any]:
    """A minute in columns of a quarter of a second; nothing differs but the rows that are given."""

    def row(name: str) -> Sequence[float | None]:
        value = rows.get(name.replace("-", "_"), 0.0)
        return value if isinstance(value, Sequence) else [value] * COLUMNS

    bands = [
        {"key": key, "name": key.replace("-", " "), "from_hz": low, "to_hz": high, "db": row(key)}
        for key, low, high in BANDS
    ]
    return {"step": 0.25, "bands": bands, "level_db": row("level"), "width_db": row("width")}


def said(shown: dict[str, Any], words: str = "Hm", *, at: float = 30.0, turned: bool = False) -> str:
    change = change_around(shown, around(at, None), words, turned=turned)
    assert change is not None
    return change.plain


def test_the_band_that_the_words_are_about_comes_first() -> None:
    shown = picture(low_end=-2.4, air=6.0, level=1.5)

    assert said(shown, "Boomy under the verse") == "low end \N{MINUS SIGN}2.4 dB here"
    assert said(shown, "Too loud") == "this part is louder by 1.5 dB"
    assert said(shown, "The cymbals hiss") == "air +6.0 dB here"


def test_without_a_hint_what_changed_most_is_told() -> None:
    assert said(picture(low_end=-2.4, air=6.0)) == "air +6.0 dB here"
    assert said(picture(level=-3.0, width=2.0)) == "this part is quieter by 3.0 dB"


def test_where_nothing_changed_it_says_so_with_the_number() -> None:
    change = change_around(picture(mids=0.4), around(30.0, None), "Boomy", turned=False)

    assert change is not None
    assert change.plain == "nothing measurable changed here"
    assert change.detail == "+0.4 dB at the most (mids)"
    assert (change.kind, change.amount, change.unit) == ("nothing", None, None)


def test_what_was_asked_for_and_stayed_is_told_beside_what_changed() -> None:
    assert said(picture(air=3.0), "Boomy") == "low end as it was; air +3.0 dB here"


def test_only_the_place_itself_is_looked_at() -> None:
    later = picture(low_end=[0.0] * 160 + [-6.0] * 80)  # from 0:40 on

    assert said(later, "Boomy", at=30.0) == "nothing measurable changed here"
    assert said(later, "Boomy", at=50.0) == "low end \N{MINUS SIGN}6.0 dB here"


def test_a_range_is_measured_as_a_whole() -> None:
    half = picture(low_end=[0.0] * 120 + [-4.0] * 120)
    change = change_around(half, around(20.0, 40.0), "Boomy", turned=False)

    assert change is not None
    assert change.amount == pytest.approx(-2.0)


def test_a_comparison_made_the_other_way_round_is_read_in_a_mirror() -> None:
    assert said(picture(low_end=2.4), "Boomy", turned=True) == "low end \N{MINUS SIGN}2.4 dB here"


def test_where_nothing_can_be_compared_nothing_is_said() -> None:
    silent = picture(
        **{
            name: [None] * COLUMNS
            for name in ("air", "presence", "mids", "low_mids", "low_end", "level", "width")
        }
    )

    assert change_around(silent, around(30.0, None), "Boomy", turned=False) is None
    assert change_around(picture(), around(90.0, None), "Boomy", turned=False) is None, "after the end"


def test_a_silent_band_is_left_out() -> None:
    assert said(picture(low_end=[None] * COLUMNS, air=2.0), "Boomy") == "air +2.0 dB here"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Boomy under the verse", "low-end"),
        ("The bass is lost", "low-end"),
        ("sounds muddy", "low-mids"),
        ("pretty harsh!", "presence"),
        ("I can't make out the words when the drums come in", "presence"),
        ("hats too bright", "air"),
        ("vocal up?", "mids"),
        ("way too quiet", "level"),
        ("so wide", "width"),
    ],
)
def test_plain_words_name_a_band(words: str, kind: str) -> None:
    rows = dict.fromkeys(("air", "presence", "mids", "low_mids", "low_end", "level", "width"), 2.0)
    change = change_around(picture(**rows), around(30.0, None), words, turned=False)

    assert change is not None
    assert change.kind == kind


def test_around_a_second_is_from_before_it_to_after_it() -> None:
    assert around(30.0, None) == (28.0, 34.0)
    assert around(0.5, None) == (0.0, 4.5)
    assert around(30.0, 31.0) == (30.0, 31.0)
