"""A take's pace, from what sounds in every frame: eighths that are all alike, and a note now and then that is not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from server.difference.features import FRAMES_PER_SECOND
from server.difference.pace import PIECE, at_its_pace

EIGHTH, FRAMES, SLOWER = 14, 1600, 1.07
NEAR, SURE = 4, 0.9  # frames; of a margin
Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
ALL: Doubles = np.arange(FRAMES, dtype=np.float64)


def heard(times: Doubles, frames: int) -> Floats:
    """(frames, 24): every eighth the same stroke, every fifth of them a note of its own over it."""
    rng = np.random.default_rng(3)
    sound = np.zeros((frames, 24), dtype=np.float32)
    for number, time in enumerate(times):
        at = round(float(time))
        sound[at : at + 2, 12] = 0.6
        if number % 5 == 0:
            sound[at : at + 2, rng.integers(13, 24)] = 0.6
            sound[at : at + 30, rng.integers(0, 12)] = 0.8
    return sound


@pytest.fixture
def strokes() -> Doubles:
    return np.arange(20.0, FRAMES - 40, EIGHTH)


def test_eighths_that_are_all_alike_do_not_pull_a_take_an_eighth_aside(strokes: Doubles) -> None:
    truth = SLOWER * ALL
    ours, theirs = heard(strokes, FRAMES), heard(SLOWER * strokes, round(SLOWER * FRAMES))
    one_eighth_late = np.interp(ALL, [450, 700, 850, 1100], [0, EIGHTH, EIGHTH, 0])
    found, margins = at_its_pace(truth + one_eighth_late, 0, ours, theirs)

    assert np.abs(found - truth)[: FRAMES - PIECE].max() <= NEAR
    assert margins[2 * PIECE : -2 * PIECE].min() > SURE


def test_a_pace_that_quickens_and_slows_down_is_followed(strokes: Doubles) -> None:
    def played(times: Doubles) -> Doubles:
        return np.asarray(1.02 * times + 9 * np.sin(times / 90))

    ours, theirs = heard(strokes, FRAMES), heard(played(strokes), round(1.02 * FRAMES) + 10)
    found, _ = at_its_pace(1.02 * ALL, 0, ours, theirs)

    assert np.abs(found - played(ALL))[PIECE:-PIECE].max() <= NEAR


def test_where_nothing_begins_the_pace_runs_on_and_is_not_sure(strokes: Doubles) -> None:
    """As under a last chord, eight seconds long."""
    held = 8 * FRAMES_PER_SECOND
    truth = SLOWER * ALL
    kept = strokes[strokes < FRAMES - held]
    ours, theirs = heard(kept, FRAMES), heard(SLOWER * kept, round(SLOWER * FRAMES))
    found, margins = at_its_pace(truth, 0, ours, theirs)

    assert np.abs(found - truth).max() <= NEAR
    assert margins[FRAMES - held + 3 * PIECE :].max() < SURE
    assert margins[2 * PIECE : FRAMES - held - 2 * PIECE].min() > SURE


def test_a_take_of_a_moment_is_left_where_it_was_and_nothing_is_sure() -> None:
    guess = np.arange(60.0)
    found, margins = at_its_pace(guess, 0, np.ones((60, 24), np.float32), np.ones((60, 24), np.float32))

    assert (found == guess).all()
    assert (margins == 0).all()
