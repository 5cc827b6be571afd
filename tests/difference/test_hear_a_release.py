"""Where a decaying chord is let go."""

import numpy as np
import pytest

from server.difference.features import FRAMES_PER_SECOND, PITCHES
from server.difference.fitting import Music
from server.difference.releases import release


def decaying(seconds: float, db_a_second: float, ripple: float = 0.0) -> np.ndarray:
    time = np.arange(round(seconds * FRAMES_PER_SECOND)) / FRAMES_PER_SECOND
    return -10 - db_a_second * time + ripple * np.random.default_rng(1).standard_normal(len(time))


def music(*levels: np.ndarray) -> Music:
    level = np.concatenate(levels).astype(np.float32)
    return Music(np.zeros((len(level), PITCHES), np.float32), level, len(level) / FRAMES_PER_SECOND)


@pytest.mark.parametrize("ripple", [0.0, 0.7])
def test_where_the_level_leaves_its_decay_for_silence_the_chord_is_let_go(ripple: float) -> None:
    heard = music(decaying(2.5, 7, ripple), np.full(60, -45.0))
    assert release(heard, 0.0, 3.5) == pytest.approx(2.5, abs=0.03)


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("decays into silence", (decaying(6.0, 7),)),
        ("only softer", (decaying(2.5, 7), decaying(1.2, 7) - 10)),
        ("swells", (decaying(2.5, 7, ripple=4.0), np.full(60, -45.0))),
    ],
)
def test_what_decays_goes_on_or_swells_is_not_let_go(name: str, levels: tuple[np.ndarray, ...]) -> None:
    heard = music(*levels)
    assert release(heard, 0.0, heard.duration) is None
