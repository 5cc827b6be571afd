"""The pace at which a take was played, beat by beat: one best way through time and tempo.

Around a first path the music of both is compared every 20 ms at every offset, and pieces of 0.8 s, each at a pace
of its own, are scored along their whole length. The best chain of pieces is taken, in which a change of pace costs
by its square (dynamic programming over offset and slope, as beat trackers do it: Ellis 2007; Krebs, Böck and
Widmer 2015). What repeats within a bar, a strummed eighth, cannot pull it aside: no player slows down for one note
and hurries back. Where nothing begins, the pace runs on.
"""

import numpy as np
from numpy.typing import NDArray

PIECE = 40  # frames
_REACH = 30  # frames searched on both sides, 600 ms
_SLOPES = 6  # frames that a piece may gain or lose: 15 % beside the first path
_CHANGE = 0.12  # what a change of slope by one frame costs, in units of what a piece tells
_NEAR = 4  # frames: a way that is no further off comes to the same
_CHUNK = 256  # pieces at a time

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


def at_its_pace(centres: Doubles, first: int, ours: Floats, theirs: Floats) -> tuple[Doubles, Doubles]:
    """``centres``: (n,), where the frames ``first``.. of A are in B by a first guess, in frames.

    The same, better; and (n,) how much worse every way is that stays away from there, in units of what a piece
    tells: near 0 another place is as good.
    """
    pieces = len(centres) // PIECE
    if pieces < 2:
        return centres, np.zeros(len(centres))
    scores = np.concatenate(
        [
            _scores(centres[low * PIECE : high * PIECE], first + low * PIECE, ours, theirs)
            for low in range(0, pieces, _CHUNK)
            for high in [min(low + _CHUNK, pieces)]
        ]
    )
    usual = float(np.mean(scores.max(axis=(1, 2)) - np.median(scores, axis=(1, 2))))
    knots, margins = _best_way(np.divide(scores, max(usual, 1e-6), dtype=np.float32))
    at, between = np.arange(len(centres)), np.arange(pieces + 1) * PIECE
    # What is left of a piece at the end goes on as the last one did.
    late = np.maximum(at - pieces * PIECE, 0) * (knots[-1] - knots[-2]) / PIECE
    return np.asarray(centres + np.interp(at, between, knots) + late), np.interp(at, between, margins)


def _scores(centres: Doubles, first: int, ours: Floats, theirs: Floats) -> Floats:
    """(pieces, offsets, slopes): how alike the two are along a line that begins at the offset."""
    pieces = len(centres) // PIECE
    margin = _REACH + _SLOPES
    base = np.rint(centres).astype(np.intp).reshape(pieces, PIECE)
    starts = base.min(axis=1) - margin
    width = int((base.max(axis=1) - starts).max()) + margin + 1
    windows = theirs[np.clip(starts[:, None] + np.arange(width), 0, len(theirs) - 1)]
    here = ours[first : first + pieces * PIECE].reshape(pieces, PIECE, -1)
    alike = np.matmul(here, windows.transpose(0, 2, 1))
    columns = (base - starts[:, None])[:, :, None] + np.arange(-margin, margin + 1)
    outside = (base[:, :, None] + np.arange(-margin, margin + 1)) // len(theirs) != 0
    fits = np.take_along_axis(alike, columns, axis=2)
    fits[outside] = 0
    sums = np.zeros((pieces, PIECE + 1, 2 * margin + 1), dtype=np.float32)
    np.cumsum(fits, axis=1, out=sums[:, 1:])
    return np.stack([_along(sums, slope) for slope in range(-_SLOPES, _SLOPES + 1)], axis=2)


def _along(sums: Floats, slope: int) -> Floats:
    """(pieces, offsets): the sum along lines that drift by ``slope`` frames, a step at a time."""
    steps = abs(slope) + 1
    edges = np.rint(np.linspace(0, PIECE, steps + 1)).astype(np.intp)
    offsets = 2 * _REACH + 1
    total = np.zeros((len(sums), offsets), dtype=np.float32)
    for step in range(steps):
        low = _SLOPES + (step if slope > 0 else -step)
        total += (sums[:, edges[step + 1]] - sums[:, edges[step]])[:, low : low + offsets]
    return total


def _best_way(scores: Floats) -> tuple[Doubles, Doubles]:
    """(pieces, offsets, slopes) to the offsets (pieces + 1,) between the pieces, in frames, and how much worse the
    best way is that does not come near them."""
    count, offsets, slopes = scores.shape
    bend = np.float32(_CHANGE) * np.square(np.arange(slopes)[:, None] - np.arange(slopes)).astype(np.float32)
    # Where a piece ends that begins at an offset, and where one began that ends there.
    ends = np.arange(offsets)[:, None] + (np.arange(slopes) - _SLOPES)
    begins = 2 * np.arange(offsets)[:, None] - ends
    no_end, no_begin = ((each < 0) | (each >= offsets) for each in (ends, begins))
    ends, begins = (np.clip(each, 0, offsets - 1) for each in (ends, begins))
    columns = np.arange(slopes)[None, :]
    before = np.zeros((count + 1, offsets, slopes), dtype=np.float32)
    came = np.zeros((count, offsets, slopes), dtype=np.int8)
    for piece in range(count):
        options = before[piece][:, None, :] - bend  # (offset, slope from here, slope before)
        came[piece] = options.argmax(axis=2)
        before[piece + 1] = (options.max(axis=2) + scores[piece])[begins, columns]
        before[piece + 1][no_begin] = -np.inf
    knots = _read_back(before[count], came)
    margins = np.empty(count + 1)
    after = np.zeros((offsets, slopes), dtype=np.float32)
    for piece in range(count, -1, -1):
        margins[piece] = _margin((before[piece] + after).max(axis=1), int(knots[piece]))
        if piece:
            onward = scores[piece - 1] + after[ends, columns]
            onward[no_end] = -np.inf
            after = (onward[:, :, None] - bend).max(axis=1)
    return knots - _REACH, margins


def _read_back(total: Floats, came: NDArray[np.int8]) -> Doubles:
    offset, slope = (int(index) for index in np.unravel_index(int(total.argmax()), total.shape))
    knots = np.empty(len(came) + 1)
    knots[-1] = offset
    for piece in range(len(came) - 1, -1, -1):
        offset -= slope - _SLOPES
        knots[piece] = offset
        slope = int(came[piece, offset, slope])
    return knots


def _margin(totals: Floats, best: int) -> float:
    """What a way through another offset would lose."""
    away = np.abs(np.arange(len(totals)) - best) > _NEAR
    return float(totals[best] - totals[away].max())
