"""Which delay holds when: one best path through "delay or gone", with each second of B used once.

A run is a stretch of A at one delay. The path costs nothing to stay on, something to begin or leave, so that
a bar that is the copy of another does not tempt it away (Viterbi 1967).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.difference.coherence import coherence
from server.difference.delays import CELL, CELLS_PER_SECOND, Delay, Floats, Signs, likely_delays, opposed
from server.difference.features import LEVEL_SECONDS, RATE

_BEGIN, _BEGIN_AT_ONCE, _LEAVE = 3.0, 2.0, 0.5  # what it costs, in cells of full coherence (50 ms)
_LEAST_COHERENCE = 0.05
_AS_GOOD = 0.9  # of the best's correlation, over a second
_SHARE_OF_USUAL = 0.22  # a place that agrees so much less than the rest does is no place
_ROUNDS, _DELAYS_A_ROUND = 4, 20
_WORTH_LOOKING = 30  # cells without a place
_OVERLAP = 3  # cells that two runs may share in B before one has to give way
_BLOCKED = -1.0


@dataclass(frozen=True)
class Run:
    """Cells ``first``..``last`` (exclusive) of A at ``delay``; ``score``: cells times coherence above the
    least."""

    first: int
    last: int
    delay: Delay
    score: float


@dataclass(frozen=True)
class Found:
    """``usual``: the median coherence over all runs."""

    runs: tuple[Run, ...]
    usual: float


def find_runs(a: Signs, b: Signs, weights: Floats) -> Found:
    """The runs in the order of A; none where the two share no audio. ``weights``: how much each 80 ms of A
    count."""
    middles = (np.arange(len(a) // CELL) + 0.5) * CELL / (LEVEL_SECONDS * RATE)
    weights = weights[middles.astype(np.intp)]
    delays: list[Delay] = []
    curves: list[Floats] = []
    least, usual = _LEAST_COHERENCE, 0.0
    runs: tuple[Run, ...] = ()
    left_a, left_b = a, b
    for _ in range(_ROUNDS):
        known = {delay.samples for delay in delays}
        likely = likely_delays(left_a, left_b, most=_DELAYS_A_ROUND)
        # Upside down is all of a recording or nothing. A held tone is so half a period away.
        fresh = [
            delay
            for delay in likely
            if delay.samples not in known and not opposed((delays or likely)[0], delay)
        ]
        if not fresh:
            break
        delays += fresh
        curves += [coherence(a, b, delay) for delay in fresh]
        runs = _assigned(a, b, delays, np.stack(curves), least, weights)
        usual = _usual(runs, delays, curves)
        if usual * _SHARE_OF_USUAL > least:
            least = usual * _SHARE_OF_USUAL
            runs = _assigned(a, b, delays, np.stack(curves), least, weights)
        left_a, left_b = _left(a, b, runs)
        if min(np.count_nonzero(left_a), np.count_nonzero(left_b)) < _WORTH_LOOKING * CELL:
            break
    return Found(runs, usual)


def _usual(runs: tuple[Run, ...], delays: list[Delay], curves: list[Floats]) -> float:
    if not runs:
        return 0.0
    covered = [curves[delays.index(run.delay)][run.first : run.last] for run in runs]
    return float(np.median(np.concatenate(covered)))


def _left(a: Signs, b: Signs, runs: tuple[Run, ...]) -> tuple[Signs, Signs]:
    left_a, left_b = a.copy(), b.copy()
    for run in runs:
        left_a[run.first * CELL : run.last * CELL] = 0
        left_b[max(0, run.first * CELL + run.delay.samples) : max(0, run.last * CELL + run.delay.samples)] = 0
    return left_a, left_b


def _assigned(
    a: Signs, b: Signs, delays: list[Delay], curves: Floats, least: float, weights: Floats
) -> tuple[Run, ...]:
    gains = _evened(curves)
    gains -= np.float32(least)
    gains *= weights
    cells = gains.shape[1]
    silent = ~a[: cells * CELL].reshape(-1, CELL).any(axis=1)
    gains[:, silent] = 0
    at = np.arange(cells) * CELL
    for row, delay in enumerate(delays):
        gains[row, (at + delay.samples < -CELL // 2) | (at + delay.samples > len(b) - CELL // 2)] = _BLOCKED
    settled: set[tuple[int, int, int]] = set()
    runs: list[Run] = []
    for _ in range(12):
        runs = [run for run in _best_runs(gains, delays) if run.score > 0]
        if not _give_way(gains, delays, runs, settled):
            break
    return tuple(runs)


def _evened(curves: Floats) -> Floats:
    """Delays that agree as well as the best one are made equal to it, and what lasts decides. Of bars that are copies
    of one another the true one may agree a little less: where a delay lies between two samples, and between two of the
    frames that whitened the sound, takes up to a tenth of its correlation."""
    best = np.zeros(curves.shape[1], dtype=np.float32)
    for curve in curves:
        np.maximum(best, _over_a_second(curve), out=best)
    evened = curves.copy()
    for curve in evened:
        usual = _over_a_second(curve)
        good = (usual > 0) & (_correlation(usual) > _AS_GOOD * _correlation(best))
        curve[good] *= best[good] / usual[good]
    return evened


def _correlation(coherence: Floats) -> Floats:
    return np.asarray(np.sin(np.pi / 2 * np.minimum(coherence, 1)))


def _over_a_second(curve: Floats) -> Floats:
    sums = np.cumsum(np.pad(curve, (CELLS_PER_SECOND // 2 + 1, CELLS_PER_SECOND // 2)), dtype=np.float64)
    return np.asarray(
        (sums[CELLS_PER_SECOND:] - sums[:-CELLS_PER_SECOND]) / CELLS_PER_SECOND, dtype=np.float32
    )[: len(curve)]


def _give_way(
    gains: Floats, delays: list[Delay], runs: list[Run], settled: set[tuple[int, int, int]]
) -> bool:
    """Closes what the surest of those that share B holds to every other; whether there was one."""
    taken: list[Run] = []
    for run in sorted(runs, key=lambda each: -each.score):
        for holder in taken:
            key = (holder.delay.samples, holder.first, holder.last)
            if _shared_cells(run, holder) > _OVERLAP and key not in settled:
                settled.add(key)
                _close(gains, delays, holder)
                return True
        taken.append(run)
    return False


def _shared_cells(one: Run, other: Run) -> float:
    start = max(one.first * CELL + one.delay.samples, other.first * CELL + other.delay.samples)
    end = min(one.last * CELL + one.delay.samples, other.last * CELL + other.delay.samples)
    return (end - start) / CELL


def _close(gains: Floats, delays: list[Delay], holder: Run) -> None:
    cells = gains.shape[1]
    for row, delay in enumerate(delays):
        back = (holder.delay.samples - delay.samples) / CELL
        if delay == holder.delay:
            continue
        start = max(0, round(holder.first + back) + 1)
        end = min(cells, max(0, round(holder.last + back) - 1))
        gains[row, start:end] = _BLOCKED


def _best_runs(gains: Floats, delays: list[Delay]) -> list[Run]:
    states = _best_path(gains)
    edges = np.flatnonzero(np.diff(states)) + 1
    runs = []
    for first, last in zip([0, *edges.tolist()], [*edges.tolist(), len(states)], strict=True):
        state = int(states[first])
        if state:
            runs.append(Run(first, last, delays[state - 1], float(gains[state - 1, first:last].sum())))
    return runs


def _best_path(gains: Floats) -> NDArray[np.intp]:
    """(cells,): 0 for gone, else 1 + the row of ``gains`` (delays, cells)."""
    rows, cells = gains.shape
    scores = np.zeros((cells, rows + 1), dtype=np.float32)
    scores[:, 1:] = gains.T
    stays = np.zeros((cells, rows + 1), dtype=bool)
    best_before = np.zeros(cells, dtype=np.intp)
    cost = np.full(rows + 1, _BEGIN, dtype=np.float32)
    cost[0] = _LEAVE
    total = scores[0].copy()
    total[1:] -= _BEGIN_AT_ONCE  # less than later: a poor beginning is no reason to begin later
    for cell in range(1, cells):
        best = int(total.argmax())
        change = total[best] - cost
        stays[cell] = total >= change
        best_before[cell] = best
        total = np.maximum(total, change) + scores[cell]
    states = np.empty(cells, dtype=np.intp)
    state = int(total.argmax())
    for cell in range(cells - 1, 0, -1):
        states[cell] = state
        if not stays[cell, state]:
            state = int(best_before[cell])
    states[0] = state
    return states
