"""A plain word becomes a question from what is measured there; the truth is in signals made for it."""

from functools import cache

import numpy as np
import pytest

from server.sound.features import Features
from server.sound.third_octaves import CENTRES
from server.stages.plain_words import Hint, Listened, plain_word_in, usual_tone

ROWS = 600  # a minute
PLACE = (20.0, 26.0)
HERE = slice(200, 260)


def song(
    *,
    boost: tuple[float, float, float] = (0.0, 0.0, 0.0),
    everywhere: tuple[float, float, float] = (0.0, 0.0, 0.0),
    louder: float = 0.0,
    **here: float,
) -> Listened:
    """A song of the usual tilt; `boost` is (from Hz, to Hz, dB) at the place, `everywhere` in all of it.

    `here` sets side, crest, correlation or onsets at the place.
    """
    mid = np.tile(usual_tone() - 20.0, (ROWS, 1))
    mid[:, _bands(everywhere)] += everywhere[2]
    mid[HERE, _bands(boost)] += boost[2]
    mid[HERE] += louder
    side = mid - 12.0
    side[HERE] += here.get("side", 0.0)
    crest, correlation, onsets = np.full(ROWS, 1200.0), np.full(ROWS, 60.0), np.full((ROWS, 10), 0.1)
    onsets[:, 0] = 2.0
    crest[HERE] += 100 * here.get("crest", 0.0)
    correlation[HERE] += 100 * here.get("correlation", 0.0)
    onsets[HERE] *= here.get("onsets", 1.0)
    return Listened(
        Features(
            mid_cdb=np.rint(100 * mid).astype(np.int16),
            side_cdb=np.rint(100 * side).astype(np.int16),
            correlation=correlation.astype(np.int8),
            balance_cdb=np.zeros(ROWS, np.int16),
            crest_cdb=crest.astype(np.int16),
            chroma=np.zeros((ROWS, 12), np.uint8),
            onsets=onsets.ravel().astype(np.float16),
        )
    )


def _bands(boost: tuple[float, float, float]) -> np.ndarray:
    return (boost[0] * 0.95 < CENTRES) & (boost[1] * 1.05 > CENTRES)


plain_song = cache(song)


def asked(listened: Listened, words: str) -> Hint:
    hint = listened.hint(words, *PLACE)
    assert hint is not None
    return hint


@pytest.mark.parametrize(
    ("words", "region", "question"),
    [
        ("it gets muddy", (200, 400), "the 200 to 400 Hz region"),
        ("So boomy!", (63, 160), "the 63 to 160 Hz region"),
        ("a bit boxy to me", (315, 800), "the 315 to 800 Hz region"),
        ("The voice is harsh", (2000, 5000), "the 2 to 5 kHz region"),
        ("her esses", (5000, 10000), "the 5 to 10 kHz region"),
        ("too much bass", (40, 125), "the 40 to 125 Hz region"),
    ],
)
def test_too_much_of_a_region_is_found_and_measured(
    words: str, region: tuple[float, float], question: str
) -> None:
    hint = asked(song(boost=(*region, 4.0)), words)

    assert hint.question == f"Could it be {question}?"
    # A tenth of the song is the place itself, so its average is a little higher.
    assert hint.amount == pytest.approx(4.0 - 0.6, abs=0.3)
    assert "above the song's average here." in hint.fact


@pytest.mark.parametrize(
    ("words", "region"),
    [
        ("it sounds thin", (100, 315)),
        ("dull", (4000, 10000)),
        ("not enough bass", (40, 125)),
        ("I can\N{RIGHT SINGLE QUOTATION MARK}t make out the words", (2000, 5000)),
    ],
)
def test_too_little_of_a_region_is_found_and_measured(words: str, region: tuple[float, float]) -> None:
    hint = asked(song(boost=(*region, -5.0)), words)

    assert hint.question.startswith("Could it be too little in the ")
    assert hint.amount == pytest.approx(-5.0 + 0.3, abs=0.3)
    assert "below the song's average here." in hint.fact


def test_a_louder_passage_is_not_more_of_everything() -> None:
    hint = asked(song(louder=9.0), "muddy")

    assert hint.fact == "It is about as strong here as in the rest of the song."
    assert hint.amount == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize(
    ("words", "here", "about"),
    [
        ("no punch", {"onsets": 0.5}, "beginnings"),
        ("no punch", {"crest": -4.0}, "compression"),
        ("squashed", {"crest": -4.0}, "compression"),
        ("so far away", {"onsets": 0.5}, "beginnings"),
        ("too much reverb", {"side": 6.0}, "sides"),
        ("narrow", {"side": -6.0}, "sides"),
        ("hollow", {"correlation": -0.6}, "left and right"),
        ("too loud", {"louder": 6.0}, "level"),
        ("too quiet", {"louder": -6.0}, "level"),
    ],
)
def test_what_is_no_matter_of_tone_is_found_too(words: str, here: dict[str, float], about: str) -> None:
    hint = asked(song(**here), words)  # type: ignore[arg-type]

    assert about in hint.question
    assert "the song's average here." in hint.fact


def test_of_several_meanings_the_one_that_stands_out_is_asked_about() -> None:
    assert "too little in the 100 to 315 Hz" in asked(song(boost=(100, 315, -4.0)), "tinny").question
    assert "the 1 to 4 kHz" in asked(song(boost=(1000, 4000, 4.0)), "tinny").question


def test_a_song_that_is_muddy_throughout_is_held_against_released_music() -> None:
    hint = asked(song(everywhere=(200, 400, 8.0)), "muddy")

    assert hint.fact == "In the whole song it is 8 dB above the usual tilt of released music."
    assert asked(plain_song(), "muddy").fact == "It is about as strong here as in the rest of the song."


def test_what_points_the_other_way_is_said_as_it_is() -> None:
    hint = asked(song(boost=(63, 160, -4.0)), "boomy")

    assert hint.question.endswith("?")
    assert hint.fact.endswith("below the song's average here, so it may be something else.")


@pytest.mark.parametrize(
    "words",
    [
        "not muddy any more",
        "no longer boomy",
        "it isn't harsh",
        "less boxy than before",
        "something about the thing",
        "I love this",
        "no mud",
        "mudguard",
        "",
    ],
)
def test_without_a_plain_word_that_is_meant_there_is_no_hint(words: str) -> None:
    assert plain_word_in(words) is None
    assert plain_song().hint(words, *PLACE) is None


def test_the_first_word_that_is_meant_counts() -> None:
    found = plain_word_in("No longer boomy, but thin. And harsh?")

    assert found is not None
    assert found[0] == "thin"


@pytest.mark.parametrize("place", [(70.0, 80.0), (20.0, 20.0), (-5.0, -1.0), (59.95, 60.0)])
def test_where_nothing_was_measured_there_is_no_hint(place: tuple[float, float]) -> None:
    assert plain_song().hint("muddy", *place) is None


def test_silence_gives_no_hint() -> None:
    silent = song(louder=-90.0)

    assert silent.hint("muddy", *PLACE) is None


def test_every_word_gives_a_question_and_never_a_correction() -> None:
    words = (
        "muddy boomy boxy nasal harsh sibilant brittle tinny thin dull bassy flabby squashed distant narrow"
        " phasey mumbling murky honky shrill hissy hollow washy"
    )
    for word in words.split():
        hint = asked(plain_song(), word)
        assert hint.word == word
        assert hint.question.startswith("Could it be ")
        assert hint.question.endswith("?")
        assert hint.fact.endswith(".")
