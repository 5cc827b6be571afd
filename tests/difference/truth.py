"""How far a time map is from the truth."""

from collections.abc import Callable

import numpy as np

from server.difference.time_map import TimeMap

Truth = Callable[[float], float | None]


def share_within(time_map: TimeMap, truth: Truth, tolerance: float, *, edge: float = 0.1) -> float:
    """Of the seconds of A that have a place: the share found within ``tolerance`` seconds of it."""
    hits = []
    for time in np.arange(0.1, time_map.a_duration - 0.1, 0.05).tolist():
        wanted = truth(time)
        if wanted is None or truth(time - edge) is None or truth(time + edge) is None:
            continue
        found = time_map.b_at(time)
        hits.append(found is not None and abs(found - wanted) <= tolerance)
    assert hits
    return float(np.mean(hits))


def worst(time_map: TimeMap, truth: Truth) -> float:
    """The largest error in seconds where the map gives a place and the truth has one nearby."""
    errors = [
        abs(found - wanted)
        for time in np.arange(0.1, time_map.a_duration - 0.1, 0.05).tolist()
        if (found := time_map.b_at(time)) is not None and (wanted := truth(time)) is not None
    ]
    return max(errors)


def pieces(*lines: tuple[float, float, float]) -> Truth:
    """(a_start, a_end, b_start) of pieces that run on at the same speed."""

    def truth(time: float) -> float | None:
        return next((b + time - start for start, end, b in lines if start <= time < end), None)

    return truth
