"""Where a passage of a take begins and ends that meets no other: where what it plays is no more, or something else."""

import numpy as np

from server.difference.features import FRAMES_PER_SECOND
from server.difference.fitting import Fitting, doubt, frames_between
from server.difference.passages import Passage

_LOOK = 5.0  # seconds that an end may move, more than the walk blurs
# All in units of what fitting means. The walk came through here, for all that the frames say; but where both go on
# with something else, of the same beat and maybe the same chords, what fits hardly half as well is that already.
_WALKED, _AS_USUAL = 0.4, 0.4
_SILENCE = 0.2  # what a silent frame costs before the first note
_BREATH = 0.25  # seconds at the ends of a recording that are worth no word
_BLUR = 0.1  # seconds: levels tell no better where a sound begins or ends
_FRAME = 1 / FRAMES_PER_SECOND  # the last one that fits is over


def free_end(passage: Passage, passages: list[Passage], fitting: Fitting) -> float:
    """The second of A, and ``passage.end_doubt``; ``passages`` are all of the take."""
    last_a = min([fitting.a.duration, *(other.start for other in passages if other.start > passage.start)])
    starts_in_b = [other.b_of(other.start) for other in passages]
    last_b = min(
        [fitting.b.duration, *(start for start in starts_in_b if start > passage.b_of(passage.start))]
    )
    high = min(last_a, passage.a_of(last_b))
    times = frames_between(max(passage.start, passage.end - _LOOK), min(high, passage.end + _LOOK))
    if len(times) < 2:
        return min(passage.end, high)
    bonus = np.where(times < passage.end, _WALKED, 0) if high - passage.end < _LOOK else -_AS_USUAL
    silent = fitting.silent(passage, times)
    gains = np.cumsum(np.where(silent, 0, fitting.gains(passage, times) + bonus))
    end = float(times[int(gains.argmax())]) + _FRAME
    passage.end_doubt = doubt(times, gains)
    # Music ends by and by: what is silent up to where either has no more is its last decay.
    decayed = fitting.silent(passage, frames_between(end + _BLUR, high)).all()
    return high if decayed or high - end < _BREATH else end


def free_start(passage: Passage, passages: list[Passage], fitting: Fitting) -> float:
    """The second of A, and ``passage.start_doubt``; ``passages`` are all of the take."""
    first_a = max([0.0, *(other.end for other in passages if other.start < passage.start)])
    ends_in_b = [other.b_of(other.end) for other in passages if other is not passage]
    first_b = max([0.0, *(end for end in ends_in_b if end < passage.b_of(passage.end))])
    low = max(first_a, passage.a_of(first_b))
    times = frames_between(max(low, passage.start - _LOOK), min(passage.end, passage.start + _LOOK))
    if len(times) < 2:
        return max(passage.start, low)
    bonus = np.where(times > passage.start, _WALKED, 0) if passage.start - low < _LOOK else -_AS_USUAL
    silent = fitting.silent(passage, times)
    gains = np.cumsum(np.where(silent, -_SILENCE, fitting.gains(passage, times) + bonus)[::-1])[::-1]
    start = float(times[int(gains.argmax())])
    passage.start_doubt = doubt(times, gains)
    # Music begins at once: what is silent before has no place of its own, unless both have as much of it.
    if fitting.silent(passage, frames_between(low, start - _BLUR)).all():
        return low if abs(first_a - passage.a_of(first_b)) < _BREATH else start
    return low if start - low < _BREATH else start
