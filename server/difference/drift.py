"""Two clocks that ran at slightly different speeds: one line, a little off 1."""

import numpy as np

from server.difference.agreement import Doubles, EdgedRun, agreements, peak_of
from server.difference.delays import Signs
from server.difference.features import RATE
from server.difference.line import FULL_COHERENCE, Line

LARGEST_DRIFT = 2e-4  # of clocks: 200 parts in a million
_TRACK_STEP = RATE  # samples


def creeping_line(runs: list[EdgedRun], a: Signs, b: Signs) -> Line | None:
    """One line for all, where two clocks ran at slightly different speeds: the delay of the longest run, tracked
    outwards in both directions a few samples at a time, holds for most of the recording."""
    if len(runs) < 2:
        return None
    longest = max(runs, key=lambda run: (run.end - run.start) * run.coherence)
    places, delays, coherences = _tracked(longest, a, b)
    low, high = max(0, -longest.delay), min(len(a), len(b) - longest.delay)
    if len(places) < 0.8 * (high - low) / _TRACK_STEP or np.ptp(delays) < 2:
        return None
    slope, delay = np.polyfit(places, delays, 1)
    if abs(slope) > LARGEST_DRIFT or np.abs(delays - slope * places - delay).max() > 1.5:
        return None
    start, end = max(0.0, -delay), min(float(len(a)), (len(b) - delay) / (1 + slope))
    return Line(
        start / RATE,
        end / RATE,
        (start + delay + slope * start) / RATE,
        (end + delay + slope * end) / RATE,
        confidence=0.65 + 0.35 * min(1.0, float(np.mean(coherences)) / FULL_COHERENCE),
        coherence=float(np.mean(coherences)),
        sign=-1 if longest.upside_down else 1,
    )


def _tracked(run: EdgedRun, a: Signs, b: Signs) -> tuple[Doubles, Doubles, Doubles]:
    """Places in A (samples, a second apart), the delay at each, and the coherence there."""
    found: list[tuple[float, float, float]] = []
    middle = int((run.start + run.end) / 2)
    for step in (_TRACK_STEP, -_TRACK_STEP):
        delay, place = float(run.delay), middle if step > 0 else middle - _TRACK_STEP
        while place >= 0 and place + _TRACK_STEP <= len(a) and place + round(delay) + _TRACK_STEP <= len(b):
            sums = agreements(a, b, run, round(delay), place, place + 2 * _TRACK_STEP)
            coherence = float(sums.max()) / (2 * _TRACK_STEP)
            if coherence < max(0.05, 0.3 * run.coherence):
                break
            at = round(delay) + peak_of(sums)
            found.append((place + _TRACK_STEP, at, coherence))
            delay += float(np.clip(at - delay, -1, 1))
            place += step
    track = np.array(sorted(found)).reshape(-1, 3)
    return track[:, 0], track[:, 1], track[:, 2]
