"""One best way through the cells of two recordings: which cell of B each of A is.

Means along the diagonals make the picture clear (Müller and Kurth 2006), and one best path through "place in B" or
"gone" reads it (Viterbi 1967), steps forward cheap, jumps dear. Each place in B is used once.
"""

import itertools

import numpy as np
from numpy.typing import NDArray

_DIAGONAL = 30  # cells that a mean is taken over
_JUMP, _STEP = 4.0, 0.25
# Where copies leave it open, it is more likely that both begin together and end together than that one of them was
# cut off there too: so much it is worth, within so many cells.
_BOTH_END, _NEAR_END = 3.0, 20
_SHARE_OF_USUAL = 0.55
_CLOSED = np.float32(-1.0)

Floats = NDArray[np.float32]
Stretch = tuple[int, int]  # first cell, last cell + 1


def _similarity(ours: Floats, theirs: Floats) -> Floats:
    """(cells of A, cells of B): means along the diagonals, of some seconds."""
    half = _DIAGONAL // 2
    rows, columns = len(ours), len(theirs)
    plain = ours @ theirs.T
    # Row i moved left by i: diagonals become columns, and their means are differences of running sums.
    skew = np.zeros((rows + 2 * half + 1, columns + rows), dtype=np.float32)
    for row in range(rows):
        skew[row + half + 1, rows - row : rows - row + columns] = plain[row]
    np.cumsum(skew, axis=0, out=skew)
    means = skew[2 * half :][:rows] - skew[:rows]
    count = np.minimum(np.arange(rows) + half, rows) - np.maximum(np.arange(rows) - half, 0)
    out = np.empty((rows, columns), dtype=np.float32)
    for row in range(rows):
        out[row] = means[row, rows - row : rows - row + columns] / max(1, count[row])
    return out


def walk(ours: Floats, theirs: Floats, *, whole: bool = True) -> tuple[NDArray[np.intp], float]:
    """(cells of A,): the cell of B, -1 where gone; and the mean similarity where not. ``whole``: both from their
    beginning to their end."""
    scores = _similarity(ours, theirs)
    least = float(scores.mean() + 1.6 * scores.std())
    both_end = np.float32(_BOTH_END if whole else 0)
    first, _ = _best_walk(scores - np.float32(least), both_end)
    places = _walk_once(scores, max(least, _SHARE_OF_USUAL * _likeness(scores, first)), both_end)
    return places, _likeness(scores, places)


def _walk_once(scores: Floats, least: float, both_end: np.float32) -> NDArray[np.intp]:
    """With each place of B used once."""
    gains = scores - np.float32(least)
    settled: set[tuple[int, int]] = set()
    places, _ = _best_walk(gains, both_end)
    for _ in range(8):
        holders = _wanted_twice(gains, places, settled)
        if not holders:
            break
        # Whoever gives way, what is left may be worth more: of copies the surest stretch is not always the right one.
        walks = [_walk_without(gains, holder, both_end) for holder in holders]
        best = int(np.argmax([worth for _, worth in walks]))
        settled.add(holders[best][1])
        _close(gains, holders[best])
        places = walks[best][0]
    return places


def _likeness(scores: Floats, places: NDArray[np.intp]) -> float:
    """The middle similarity along a walk; 0 for none."""
    there = np.flatnonzero(places >= 0)
    return float(np.median(scores[there, places[there]])) if len(there) else 0.0


def _best_walk(gains: Floats, both_end: np.float32) -> tuple[NDArray[np.intp], float]:
    """(cells of A,): the cell of B, -1 where gone; and what the walk is worth."""
    rows, columns = gains.shape
    near = min(_NEAR_END, columns)
    came = np.zeros(
        (rows, columns + 1), dtype=np.int8
    )  # 0 jump, 1 stay, 2 one on, 3 two on; last column: gone
    jumps = np.zeros(rows, dtype=np.intp)
    total = np.concatenate((gains[0], [np.float32(0)]))
    total[:near] += both_end
    step, jump = np.float32(_STEP), np.float32(_JUMP)
    for row in range(1, rows):
        best = int(total.argmax())
        jumps[row] = best
        gone = max(total[-1], total[best] - jump / 4)
        came[row, -1] = int(gone == total[-1])
        # One on is free, staying and two on cost a step, everything else is a jump.
        now, choice = total[:-1] - step, np.ones(columns, dtype=np.int8)
        straight, two = total[:-2], total[:-3] - step
        choice[2:][two > now[2:]] = 3
        np.maximum(now[2:], two, out=now[2:])
        choice[1:][straight >= now[1:]] = 2
        np.maximum(now[1:], straight, out=now[1:])
        choice[now < total[best] - jump] = 0
        np.maximum(now, total[best] - jump, out=now)
        came[row, :-1] = choice
        now += gains[row]
        total = np.append(now, gone)
    total[columns - near : columns] += both_end
    places = np.empty(rows, dtype=np.intp)
    place = int(total.argmax())
    worth = float(total[place])
    for row in range(rows - 1, -1, -1):
        places[row] = place
        move = int(came[row, place])
        if row:
            place = int(jumps[row]) if move == 0 else place if place == columns else place - (move - 1)
    places[places == columns] = -1
    return places, worth


def _wanted_twice(
    gains: Floats, places: NDArray[np.intp], settled: set[Stretch]
) -> list[tuple[Stretch, Stretch]]:
    """The two surest stretches that want the same of B, each (cells of A, cells of B); none if there are none."""
    stretches = [
        ((first, last), (int(places[first]), int(places[last - 1]) + 1))
        for first, last in sorted(stretches_of(places), key=lambda s: -_score(gains, places, s))
    ]
    for index, one in enumerate(stretches):
        for other in stretches[index + 1 :]:
            shared = min(one[1][1], other[1][1]) - max(one[1][0], other[1][0])
            if shared > 5 and one[1] not in settled:
                return [one, other]
    return []


def _walk_without(
    gains: Floats, holder: tuple[Stretch, Stretch], both_end: np.float32
) -> tuple[NDArray[np.intp], float]:
    """The best walk if what the holder has in B is closed to everything else."""
    _, (low, high) = holder
    before = gains[:, low:high].copy()
    _close(gains, holder)
    found = _best_walk(gains, both_end)
    gains[:, low:high] = before
    return found


def _close(gains: Floats, holder: tuple[Stretch, Stretch]) -> None:
    (first, last), (low, high) = holder
    gains[:first, low + 2 : high - 2] = _CLOSED
    gains[last:, low + 2 : high - 2] = _CLOSED


def _score(gains: Floats, places: NDArray[np.intp], stretch: tuple[int, int]) -> float:
    rows = np.arange(*stretch)
    return float(gains[rows, places[rows]].sum())


def stretches_of(places: NDArray[np.intp]) -> list[tuple[int, int]]:
    """(first cell, last cell + 1) of every unbroken stretch of the walk."""
    steps = np.diff(places)
    broken = (places[1:] < 0) | (places[:-1] < 0) | (steps < 0) | (steps > 2)
    edges = [0, *(np.flatnonzero(broken) + 1).tolist(), len(places)]
    return [(low, high) for low, high in itertools.pairwise(edges) if places[low] >= 0]
