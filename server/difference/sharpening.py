"""A path through a take played anew, from steps of 100 ms to a few milliseconds.

Its pace is found first (``pace``). Around that the level rises of both are compared every 20 ms at small offsets, and
one best way through the offsets, which may not leap, gives the time (a narrow dynamic time warping: Sakoe and Chiba
1978; onsets for sharpness: Ewert, Müller and Grosche 2009). Where nothing begins, a held chord or a tail, no offset
is better than another: there the tempo runs on (a smoother that weighs what it is given: Whittaker 1923).
"""

import numpy as np
from numpy.typing import NDArray

from server.difference.features import FRAMES_PER_SECOND, ONSET_STEP_DB, PITCHES
from server.difference.pace import at_its_pace

_OFFSETS = 6  # frames searched on both sides, 120 ms
_LOOK_SECONDS = 1.2
_EVERY = 5  # frames from one decision to the next
_LEAP = 0.04  # what a change of one frame costs, in units of the usual likeness
_STIFFNESS = 100.0  # against turns of the path, in units of what an anchor with an onset weighs
_CHANCE, _TELLING = (
    0.2,
    0.4,
)  # by how much of the usual likeness the best offset stands out, by chance and surely

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


def sharp(rises: Floats) -> Floats:
    """(frames, bands) to the same: rises that count the same where it is soft and where it is loud; the ripple
    of what decays does not count."""
    values = np.sqrt(np.maximum(rises - np.float32(ONSET_STEP_DB), 0))
    energy = np.sqrt(np.convolve(np.square(values).sum(axis=1), np.ones(101) / 101, "same"))
    values /= np.maximum(energy, 0.3 * float(energy.mean()) + 1e-6)[:, None]
    wider = 0.5 * values + 0.25 * np.roll(values, 1, axis=0) + 0.25 * np.roll(values, -1, axis=0)
    return np.asarray(wider, dtype=np.float32)


def sharpened(
    times: Doubles, path: Doubles, ours: Floats, theirs: Floats
) -> tuple[Doubles, Doubles, Doubles]:
    """``times`` of A at ``path`` of B (seconds) to more of them, each where the music says: (frames, features), the
    last of which are the rises. And how sure each of them is, as ``at_its_pace`` tells it."""
    frames = np.arange(
        round(times[0] * FRAMES_PER_SECOND), min(len(ours), round(times[-1] * FRAMES_PER_SECOND))
    )
    if len(frames) < 2 * _EVERY:
        return times, path, np.zeros(len(times))
    centres = np.interp(frames / FRAMES_PER_SECOND, times, path) * FRAMES_PER_SECOND
    centres, margins = at_its_pace(centres, int(frames[0]), ours, theirs)
    means = _means(_fits(frames, centres, ours[:, PITCHES:], theirs[:, PITCHES:]))
    means /= max(float(means.max(axis=1).mean()), 1e-9)
    best = _best_offsets(means)
    rows = np.arange(len(best))
    inner = np.clip(best, 1, means.shape[1] - 2)
    left, here, right = (means[rows, inner + step] for step in (-1, 0, 1))
    bend = left - 2 * here + right
    fine = np.where(bend < 0, np.clip(0.5 * (left - right) / np.minimum(bend, -1e-9), -1, 1), 0)
    shift = (inner + fine - _OFFSETS) / FRAMES_PER_SECOND
    anchors = frames[::_EVERY] / FRAMES_PER_SECOND
    sure = np.clip((here - np.median(means, axis=1) - _CHANCE) / _TELLING, 0, 1) ** 2
    places = even(centres[::_EVERY] / FRAMES_PER_SECOND + shift, sure)
    ends = np.concatenate((times[:1], anchors[1:-1], times[-1:]))
    return ends, _extended(ends, anchors, places), np.interp(ends, anchors, margins[::_EVERY])


def _fits(frames: NDArray[np.intp], centres: Doubles, ours: Floats, theirs: Floats) -> Doubles:
    """(frames, offsets): how alike the rises are, offset by -16 to 16 frames."""
    base = np.rint(centres).astype(np.intp)
    offsets = range(-_OFFSETS, _OFFSETS + 1)
    fits = np.stack(
        [
            np.einsum("fd,fd->f", ours[frames], theirs[np.clip(base + offset, 0, len(theirs) - 1)])
            for offset in offsets
        ],
        axis=1,
    )
    # What one frame was rounded by would be lost: read each fit at its exact place.
    share = (centres - base)[:, None]
    later = (1 - share) * fits + share * np.roll(fits, -1, axis=1)
    sooner = (1 + share) * fits - share * np.roll(fits, 1, axis=1)
    return np.asarray(np.where(share >= 0, later, sooner))


def _means(fits: Doubles) -> Doubles:
    """Over 2.4 s, every tenth of a second."""
    half = round(_LOOK_SECONDS * FRAMES_PER_SECOND)
    sums = np.cumsum(np.pad(fits, ((half + 1, half), (0, 0))), axis=0)
    means: Doubles = (sums[2 * half + 1 :] - sums[: -2 * half - 1])[::_EVERY]
    return means


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


def even(places: Doubles, weights: Doubles, stiffness: float = _STIFFNESS) -> Doubles:
    """The smoothest sequence near ``places`` where ``weights`` say so, straight where they don't: least squares
    with a penalty on second differences, five diagonals solved in one sweep down and one up."""
    count = len(places)
    if count < 4:
        return places
    weight = np.maximum(weights, 1e-6)
    diagonal = weight + stiffness * np.r_[1, 5, np.full(count - 4, 6.0), 5, 1]
    beside = np.full(count, -4.0 * stiffness)
    beside[0] = beside[count - 2] = -2.0 * stiffness
    pivots, first, second, values = [0.0] * count, [0.0] * count, [0.0] * count, (weight * places).tolist()
    main, near = diagonal.tolist(), beside.tolist()
    for i in range(count):
        pivot, link = main[i], near[i]
        if i > 0:
            pivot -= pivots[i - 1] * first[i - 1] ** 2
            link -= pivots[i - 1] * first[i - 1] * second[i - 1]
            values[i] -= first[i - 1] * values[i - 1]
        if i > 1:
            pivot -= pivots[i - 2] * second[i - 2] ** 2
            values[i] -= second[i - 2] * values[i - 2]
        pivots[i] = pivot
        first[i] = link / pivot if i + 1 < count else 0.0
        second[i] = stiffness / pivot if i + 2 < count else 0.0
    for i in range(count - 1, -1, -1):
        values[i] /= pivots[i]
        if i + 1 < count:
            values[i] -= first[i] * values[i + 1]
        if i + 2 < count:
            values[i] -= second[i] * values[i + 2]
    return np.array(values)


def _extended(times: Doubles, anchors: Doubles, places: Doubles) -> Doubles:
    """Read between the anchors, and beyond them at the pace of the outermost second."""
    reach = min(10, len(anchors) - 1)
    head = (places[reach] - places[0]) / (anchors[reach] - anchors[0])
    tail = (places[-1] - places[-1 - reach]) / (anchors[-1] - anchors[-1 - reach])
    inside = np.interp(times, anchors, places)
    outside = head * np.minimum(times - anchors[0], 0) + tail * np.maximum(times - anchors[-1], 0)
    return np.asarray(inside + outside)
