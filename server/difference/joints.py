"""Runs to straight lines: each delay to a fraction of a sample, each edge to where the signs change sides."""

from itertools import pairwise

import numpy as np

from server.difference.agreement import Doubles, EdgedRun, agreements, peak_of, products
from server.difference.delays import CELL, Signs
from server.difference.drift import LARGEST_DRIFT, creeping_line
from server.difference.features import RATE
from server.difference.line import FULL_COHERENCE, Line
from server.difference.runs import Found, Run

_LOOK = round(1.5 * RATE)  # how far an edge may move
_LONGEST_REPEAT = round(60 * RATE)  # that is looked through for its seam
_BREATH = round(0.35 * RATE)
_SHORTEST = 0.25  # seconds
_DRIFT_PIECE = 8.0  # seconds over which a delay is read once more
_LONGEST_BRIDGE, _SAME_PLACE = 6.0, 0.0012  # seconds


def lines_of(found: Found, a: Signs, b: Signs) -> list[Line]:
    """In the order of A; no two share a second of A or of B."""
    runs = [_edged(run, a, b) for run in found.runs]
    if creeping := creeping_line(runs, a, b):
        return [creeping]
    for run in runs:
        _extend_over_silence(run, a, b)
    for before, after in pairwise(runs):
        _meet_in_a(before, after, a, b, seam=_neighbours_in_b(before, after, runs))
    _free_edges(runs, a, b)
    by_b = sorted(runs, key=lambda run: run.start + run.delay)
    for before, after in pairwise(by_b):
        _meet_in_b(before, after, a, b)
    for before, after in pairwise(runs):
        if before.end > after.start:
            before.end = after.start = (before.end + after.start) / 2
    _close_gaps(runs, by_b, a, b)
    lines = [_line(run, a, b) for run in runs if run.end - run.start > _SHORTEST * RATE]
    return _bridged([line for line in lines if line.b_end > line.b_start])


def _bridged(lines: list[Line]) -> list[Line]:
    """Short stretches in place that agree no more (a note mended, a noise) stay in place, less surely."""
    bridged: list[Line] = []
    for line in lines:
        last = bridged[-1] if bridged else None
        if last:
            gap, step = line.a_start - last.a_end, line.b_start - last.b_end
            free = not any(last.b_end < other.b_start < line.b_start for other in lines)
            if 0 <= gap < _LONGEST_BRIDGE and abs(gap - step) < _SAME_PLACE and free:
                whole = line.a_end - last.a_start
                shares = (last.a_end - last.a_start) / whole, (line.a_end - line.a_start) / whole
                bridged[-1] = Line(
                    last.a_start,
                    line.a_end,
                    last.b_start,
                    line.b_end,
                    confidence=min(
                        1.0, shares[0] * last.confidence + shares[1] * line.confidence + 0.5 * gap / whole
                    ),
                    coherence=shares[0] * last.coherence + shares[1] * line.coherence,
                    sign=last.sign,
                )
                continue
        bridged.append(line)
    return bridged


def _edged(run: Run, a: Signs, b: Signs) -> EdgedRun:
    start, end = run.first * CELL, min(run.last * CELL, len(a))
    delay = run.delay
    agreed = max(1e-3, float(products(a, b, delay.samples, delay.sign, start, end).mean()))
    return EdgedRun(start, end, delay.samples, delay.sign, agreed, delay.upside_down)


def _extend_over_silence(run: EdgedRun, a: Signs, b: Signs) -> None:
    """The last half cell, and silence up to the ends of the recordings, go with the run."""
    low, high = max(0, -run.delay), min(len(a), len(b) - run.delay)
    run.start, run.end = max(run.start, low), min(run.end, high)
    if (
        run.start > low
        and not a[low : int(run.start)].any()
        and not b[low + run.delay : int(run.start) + run.delay].any()
    ):
        run.start = low
    if run.end < high and (
        high - run.end <= 2 * CELL
        or (not a[int(run.end) : high].any() and not b[int(run.end) + run.delay : high + run.delay].any())
    ):
        run.end = high


def _neighbours_in_b(before: EdgedRun, after: EdgedRun, runs: list[EdgedRun]) -> bool:
    """Whether ``after`` is the next run in B too, and something of no run lies between."""
    low, high = before.start + before.delay, after.start + after.delay
    return before.delay < after.delay and not any(low < run.start + run.delay < high for run in runs)


def _meet_in_a(before: EdgedRun, after: EdgedRun, a: Signs, b: Signs, *, seam: bool) -> None:
    if after.start - before.end > CELL:
        return
    middle = (before.end + after.start) / 2
    # What was played twice may have been left for the second time anywhere in it.
    look = _LOOK + (min(after.delay - before.delay, _LONGEST_REPEAT) if seam else 0)
    low = int(max(before.start, middle - look))
    high = int(min(after.end, middle + look))
    ours, theirs = _agreed(a, b, before, low, high), _agreed(a, b, after, low, high)
    ways = [ours - theirs]
    if seam:
        # Of what was played twice A agrees with both times. B goes over the seam from the one to the other.
        longer = after.delay - before.delay
        ways.append(ours - _agreed(a, b, after, low - longer, high - longer))
    gained = np.average(ways, axis=0, weights=[_clearness(way) ** 2 for way in ways])
    before.end = after.start = low + _best_change(gained, np.zeros(len(gained)))


def _agreed(a: Signs, b: Signs, run: EdgedRun, start: int, end: int) -> Doubles:
    """The products in shares of their mean over the run: one whose delay is no whole sample agrees by less all along,
    also where it is right and the other but a copy."""
    return products(a, b, run.delay, run.sign, start, end) / run.coherence


def _clearness(way: Doubles) -> float:
    """How surely it tells what comes before a joint from what comes after it."""
    side = max(1, len(way) // 12)
    joint = int(np.clip(_best_change(way, np.zeros(len(way))), side, max(side, len(way) - side)))
    return max(1e-3, min(float(way[:joint].mean()), -float(way[joint:].mean())))


def _meet_in_b(before: EdgedRun, after: EdgedRun, a: Signs, b: Signs) -> None:
    """Two runs that would use the same of B share it at the sample where the one stops to agree."""
    if before.end + before.delay - after.start - after.delay <= 0:
        return
    low = int(max(before.start + before.delay, after.start + after.delay - _LOOK))
    high = int(min(after.end + after.delay, before.end + before.delay + _LOOK))
    ours = _agreed(a, b, before, low - before.delay, high - before.delay)
    theirs = _agreed(a, b, after, low - after.delay, high - after.delay)
    joint = low + _best_change(ours, theirs)
    before.end, after.start = joint - before.delay, joint - after.delay


def _free_edges(runs: list[EdgedRun], a: Signs, b: Signs) -> None:
    """Edges beside what is gone: where a run's coherence falls below half."""
    for index, run in enumerate(runs):
        low = runs[index - 1].end if index else 0
        high = runs[index + 1].start if index + 1 < len(runs) else len(a)
        if run.start - low > CELL:
            start, end = int(max(low, run.start - _LOOK)), int(min(run.end, run.start + _LOOK))
            over = products(a, b, run.delay, run.sign, start, end).astype(np.float64) - run.coherence / 2
            run.start = start + _best_change(np.zeros(len(over)), over)
        if high - run.end > CELL:
            start, end = int(max(run.start, run.end - _LOOK)), int(min(high, run.end + _LOOK))
            over = products(a, b, run.delay, run.sign, start, end).astype(np.float64) - run.coherence / 2
            run.end = start + _best_change(over, np.zeros(len(over)))


def _close_gaps(runs: list[EdgedRun], by_b: list[EdgedRun], a: Signs, b: Signs) -> None:
    """Into what is silent in both, and into a breath that no other run wants in A nor in B."""
    for run in runs:
        here, there = runs.index(run), by_b.index(run)
        last_a = runs[here + 1].start if here + 1 < len(runs) else len(a)
        last_b = by_b[there + 1].start + by_b[there + 1].delay if there + 1 < len(by_b) else len(b)
        room = int(min(last_a, last_b - run.delay) - run.end)
        if room > 0:
            start = int(run.end)
            loud = (a[start : start + room] != 0) | (b[start + run.delay : start + room + run.delay] != 0)
            run.end += room if room <= _BREATH or not loud.any() else int(loud.argmax())
        first_a = runs[here - 1].end if here else 0
        first_b = by_b[there - 1].end + by_b[there - 1].delay if there else 0
        room = int(run.start - max(first_a, first_b - run.delay))
        if room > 0:
            start = int(run.start)
            loud = (a[start - room : start] != 0) | (b[start + run.delay - room : start + run.delay] != 0)
            run.start -= room if room <= _BREATH or not loud.any() else int(loud[::-1].argmax())


def _best_change(before: Doubles, after: Doubles) -> int:
    """After how many values to change from the one to the other for the largest sum."""
    gains = np.concatenate(([0.0], np.cumsum(before - after)))
    best = np.flatnonzero(gains >= gains.max() - 1e-9)
    return int(best[len(best) // 2])


def _line(run: EdgedRun, a: Signs, b: Signs) -> Line:
    start, end = round(run.start), round(run.end)
    offset, drift = _fine_delay(run, a, b, start, end)
    b_start, b_end = (
        place + run.delay + offset + drift * (place - (start + end) / 2) for place in (start, end)
    )
    b_start, b_end = max(0.0, b_start), min(float(len(b)), b_end)
    sure = min(1.0, run.coherence / FULL_COHERENCE) * min(1.0, (end - start) / RATE / 2)
    return Line(
        start / RATE,
        end / RATE,
        b_start / RATE,
        b_end / RATE,
        confidence=0.65 + 0.35 * sure,
        coherence=min(1.0, run.coherence),
        sign=-1 if run.upside_down else 1,
    )


def _fine_delay(run: EdgedRun, a: Signs, b: Signs, start: int, end: int) -> tuple[float, float]:
    """What to add to the delay in the middle of the run, and its growth (samples per sample)."""
    piece = round(_DRIFT_PIECE * RATE)
    edges = np.linspace(start, end, max(1, (end - start) // piece) + 1).round().astype(int)
    sums = np.array([agreements(a, b, run, run.delay, low, high) for low, high in pairwise(edges.tolist())])
    whole = peak_of(sums.sum(axis=0))
    if len(sums) < 4:
        return whole, 0.0
    places = (edges[:-1] + edges[1:]) / 2 - (start + end) / 2
    peaks = np.array([peak_of(row) for row in sums])
    slope = float(
        np.median(
            [
                (peaks[j] - peaks[i]) / (places[j] - places[i])
                for i in range(len(peaks))
                for j in range(i + 1, len(peaks))
            ]
        )
    )
    total = slope * (end - start)
    if abs(total) < 0.4 or abs(slope) > LARGEST_DRIFT:
        return whole, 0.0
    return float(np.median(peaks - slope * places)), slope
