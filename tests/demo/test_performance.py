"""What is played keeps to the timeline, where a note ends as well as where it begins."""

import numpy as np
import pytest

from server.demo.audio import SAMPLE_RATE, frames_of
from server.demo.instruments.rack import RELEASE_SECONDS
from server.demo.performance import MACHINE, perform
from server.demo.score.note import Note
from server.demo.timelines import timeline


@pytest.mark.parametrize("number", [1, 2, 4])
@pytest.mark.parametrize(("beat", "length"), [(160, 5.0), (40, 3.0), (156, 2.0)])
def test_a_held_note_is_let_go_at_its_beat_however_the_tempo_changes_under_it(
    number: int, beat: int, length: float
) -> None:
    note = Note("lead", beat, length, 71, 0.6, "u")
    sung = perform([note], timeline(number), MACHINE)["lead"]
    last = np.flatnonzero(np.abs(sung).max(axis=1))[-1]
    ends = timeline(number).sounding(beat + length) + frames_of(RELEASE_SECONDS["lead"])
    assert last == pytest.approx(ends, abs=0.002 * SAMPLE_RATE)
