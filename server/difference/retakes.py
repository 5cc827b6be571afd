"""From a walk in steps of 100 ms to straight lines: a take played anew, followed to a few milliseconds.

Around the walk the level rises of both are compared every 20 ms at small offsets, and one best path through
the offsets, which may not leap, gives the time (a narrow dynamic time warping: Sakoe and Chiba 1978; onsets
for sharpness: Ewert, Müller and Grosche 2009).
"""

import itertools

import numpy as np
from numpy.typing import NDArray

from server.difference.features import FRAMES_PER_SECOND, Traces
from server.difference.line import Line
from server.difference.takes import CELL_SECONDS, Walk, stretches_of

_OFFSETS = 16  # frames searched on both sides, 320 ms
_LOOK_SECONDS = 1.2
_EVERY = 5  # frames from one decision to the next
_LEAP = 0.04  # what a change of one frame costs, in units of the usual likeness
_TOLERANCE = 0.015  # seconds that a straight line may be off
_SHORTEST = 1.5

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


def lines_along(walk: Walk, a: Traces, b: Traces, *, confidence: float) -> list[Line]:
    """The walk's stretches as lines, in the order of A; stretches under 1.5 s are no music."""
    ours, theirs = _sharp(a.rises), _sharp(b.rises)
    cells = np.where(np.isnan(walk.places), -1, np.rint(walk.places / walk.speed / CELL_SECONDS)).astype(
        np.intp
    )
    lines: list[Line] = []
    for first, last in stretches_of(cells):
        if (last - first) * CELL_SECONDS < _SHORTEST:
            continue
        times = np.asarray((np.arange(first, last) + 0.5) * CELL_SECONDS, dtype=np.float64)
        path = _smoothed(times, walk.places[first:last], walk.speed)
        times, path = _to_the_edges(times, path, a, b, cells, first, last)
        times, path = _sharpened(times, path, ours, theirs)
        lines += _straight(times, path, confidence)
    return _once(lines)


def _sharp(rises: Floats) -> Floats:
    """Rises that count the same where it is soft and where it is loud."""
    values = np.sqrt(rises)
    energy = np.sqrt(np.convolve(np.square(values).sum(axis=1), np.ones(101) / 101, "same"))
    values /= np.maximum(energy, 0.3 * float(energy.mean()) + 1e-6)[:, None]
    return (0.5 * values + 0.25 * np.roll(values, 1, axis=0) + 0.25 * np.roll(values, -1, axis=0)).astype(
        np.float32
    )


def _smoothed(times: Doubles, places: Doubles, speed: float, cells: int = 15) -> Doubles:
    """Straight in the mean over a second and a half."""
    away = places - speed * times
    cells = min(cells, len(away) // 2 * 2 - 1) if len(away) > 2 else 1
    padded = np.pad(away, cells // 2, mode="edge")
    smooth: Doubles = np.convolve(padded, np.ones(cells) / cells, "valid")
    return smooth + speed * times


def _to_the_edges(
    times: Doubles, path: Doubles, a: Traces, b: Traces, cells: NDArray[np.intp], first: int, last: int
) -> tuple[Doubles, Doubles]:
    """From cells' middles to their edges, and out to the ends of the recordings."""
    half = CELL_SECONDS / 2
    slope = (path[-1] - path[0]) / (times[-1] - times[0])
    head = half if first else times[0]
    tail = half if last < len(cells) else a.duration - times[-1]
    head, tail = min(head, path[0] / slope), min(tail, max(0.0, (b.duration - path[-1]) / slope))
    return (
        np.concatenate(([times[0] - head], times, [times[-1] + tail])),
        np.concatenate(([path[0] - slope * head], path, [path[-1] + slope * tail])),
    )


def _sharpened(times: Doubles, path: Doubles, ours: Floats, theirs: Floats) -> tuple[Doubles, Doubles]:
    frames = np.arange(
        round(times[0] * FRAMES_PER_SECOND), min(len(ours), round(times[-1] * FRAMES_PER_SECOND))
    )
    if len(frames) < 2 * _EVERY:
        return times, path
    centres = np.interp(frames / FRAMES_PER_SECOND, times, path) * FRAMES_PER_SECOND
    base = np.rint(centres).astype(np.intp)
    offsets = np.arange(-_OFFSETS, _OFFSETS + 1)
    fits = np.stack(
        [
            np.einsum("fd,fd->f", ours[frames], theirs[np.clip(base + offset, 0, len(theirs) - 1)])
            for offset in offsets.tolist()
        ],
        axis=1,
    )
    # What one frame was rounded by would be lost: read each fit at its exact place.
    share = (centres - base)[:, None]
    fits = np.where(
        share >= 0,
        (1 - share) * fits + share * np.roll(fits, -1, axis=1),
        (1 + share) * fits - share * np.roll(fits, 1, axis=1),
    )
    half = round(_LOOK_SECONDS * FRAMES_PER_SECOND)
    sums = np.cumsum(np.pad(fits, ((half + 1, half), (0, 0))), axis=0)
    means = (sums[2 * half + 1 :] - sums[: -2 * half - 1])[::_EVERY]
    means /= max(float(means.max(axis=1).mean()), 1e-9)
    best = _best_offsets(means)
    rows = np.arange(len(best))
    inner = np.clip(best, 1, len(offsets) - 2)
    left, here, right = (means[rows, inner + step] for step in (-1, 0, 1))
    bend = left - 2 * here + right
    fine = np.where(bend < 0, np.clip(0.5 * (left - right) / np.minimum(bend, -1e-9), -1, 1), 0)
    shift = (inner + fine - _OFFSETS) / FRAMES_PER_SECOND
    anchors = frames[::_EVERY] / FRAMES_PER_SECOND
    smooth = np.convolve(np.pad(shift, 6, mode="edge"), np.hanning(15)[1:-1] / 7, "valid")
    ends = np.concatenate((times[:1], anchors[1:-1], times[-1:]))
    return ends, np.interp(ends, times, path) + np.interp(ends, anchors, smooth)


def _best_offsets(means: Doubles) -> NDArray[np.intp]:
    """(anchors, offsets) to the best offset of each, no leaps."""
    count = means.shape[1]
    leaps = _LEAP * np.abs(np.arange(count)[:, None] - np.arange(count))
    total, came = means[0], np.zeros(means.shape, dtype=np.intp)
    for row in range(1, len(means)):
        options = total[None, :] - leaps
        came[row] = options.argmax(axis=1)
        total = options.max(axis=1) + means[row]
    best = np.empty(len(means), dtype=np.intp)
    best[-1] = total.argmax()
    for row in range(len(means) - 1, 0, -1):
        best[row - 1] = came[row, best[row]]
    return best


def _straight(times: Doubles, path: Doubles, confidence: float) -> list[Line]:
    """The fewest straight lines that stay close (Ramer 1972, Douglas and Peucker 1973)."""
    path = np.maximum.accumulate(path)
    corners, waiting = {0, len(times) - 1}, [(0, len(times) - 1)]
    while waiting:
        low, high = waiting.pop()
        if high - low < 2:
            continue
        between = np.interp(times[low : high + 1], times[[low, high]], path[[low, high]])
        off = np.abs(path[low : high + 1] - between)
        worst = low + int(off.argmax())
        if off.max() > _TOLERANCE and low < worst < high:
            corners.add(worst)
            waiting += [(low, worst), (worst, high)]
    places = sorted(corners)
    return [
        Line(float(times[i]), float(times[j]), float(path[i]), float(path[j]), confidence, shared=False)
        for i, j in itertools.pairwise(places)
        if path[j] > path[i]
    ]


def _once(lines: list[Line]) -> list[Line]:
    """No second of B twice: the later line in B begins where the one before ends."""
    kept: list[Line] = []
    end = -1.0
    for line in sorted(lines, key=lambda each: each.b_start):
        if line.b_end <= end + 1e-6:
            continue
        if line.b_start < end:
            late = (end - line.b_start) / line.speed
            line = Line(line.a_start + late, line.a_end, end, line.b_end, line.confidence, shared=False)
        kept.append(line)
        end = line.b_end
    return sorted(kept, key=lambda each: each.a_start)
