"""Where the music of A is in B when it was played anew: pitch classes and onsets decide, not waveforms.

Cells of 100 ms are compared by their pitch classes and rises, B brought to A's speed and key first; means
along the diagonals make the picture clear (Müller and Kurth 2006), and one best path through "place in B" or
"gone" reads it, steps forward cheap, jumps dear. How much better that path is than the best one through B played
backwards, which has the same chords and no song, says how far to believe it (a decoy, as in Elias and Gygi
2007).
"""

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.difference.delays import fast_length
from server.difference.features import FRAMES_PER_SECOND, Traces

CELL_SECONDS = 0.1
_FRAMES = round(CELL_SECONDS * FRAMES_PER_SECOND)
_SPEEDS = np.geomspace(0.72, 1.39, 39)
_DIAGONAL_SECONDS = 3.0
_JUMP, _STEP = 4.0, 0.25
_SHARE_OF_USUAL = 0.55
_PIECES, _PIECE = 40, 40  # of A that say how clear the diagonals are; cells of each, at half the rate
_LONGEST, _ROUGH_CELLS = 7200, 3600
_BAND, _BAND_MARGIN = 2400, 300  # cells
_CLOSED = np.float32(-1.0)
# The best of more places is better by chance too: the decoy's by so much each time the length doubles. (Of three songs
# made sixteen times as long it became 1.20 to 1.23 times as clear, what truly fits stayed as it was.)
_CHANCE_A_DOUBLING, _SONG_SECONDS = 0.05, 120.0

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Walk:
    """``places``: (cells of A,), where each sits in B in seconds, not-a-number where gone.

    ``likeness``: mean similarity along the walk; ``clearness``: how much it beats the decoy, 0 none.
    ``speed``: seconds of B for one of A; ``semitones``: B above A.
    """

    places: Doubles
    likeness: float
    clearness: float
    speed: float
    semitones: int


def follow(a: Traces, b: Traces) -> Walk:
    """The best walk; O(N M) for N and M cells of 100 ms, and beyond twelve minutes O(N + M) after a rough walk
    whose steps grow with the length."""
    semitones = _transposition(a, b)
    ours, theirs = _cells(a, 0), _cells(b, semitones)
    speed, clear, decoy = _speed(ours, theirs)
    theirs = _at_speed(theirs, speed)
    longest = max(len(ours), len(theirs))
    places, likeness = _walk(ours, theirs) if longest <= _LONGEST else _walk_in_bands(ours, theirs)
    seconds = np.where(places >= 0, (places + 0.5) * speed * CELL_SECONDS, np.nan)
    decoy = max(decoy / _chance(longest * CELL_SECONDS), 1e-6)
    return Walk(seconds, likeness, clear / decoy - 1, speed, semitones)


def _chance(seconds: float) -> float:
    """How much clearer than in a song the best of so many seconds is where nothing is alike."""
    return 1 + _CHANCE_A_DOUBLING * max(0.0, float(np.log2(max(seconds, 1.0) / _SONG_SECONDS)))


def _walk_in_bands(ours: Floats, theirs: Floats) -> tuple[NDArray[np.intp], float]:
    """A rough walk through the whole, then a fine one along it, some minutes at a time."""
    pool = -(-max(len(ours), len(theirs)) // _ROUGH_CELLS)
    rough, _ = _walk(_pooled(ours, pool), _pooled(theirs, pool))
    places = np.full(len(ours), -1, dtype=np.intp)
    likenesses = []
    for first, last in stretches_of(rough):
        for start in range(first * pool, last * pool, _BAND):
            end = min(start + _BAND, last * pool, len(ours))
            near = rough[start // pool : max(start // pool + 1, end // pool)]
            low = max(0, int(near.min()) * pool - _BAND_MARGIN)
            high = min(len(theirs), (int(near.max()) + 1) * pool + _BAND_MARGIN)
            fine, likeness = _walk(ours[start:end], theirs[low:high])
            places[start:end] = np.where(fine >= 0, fine + low, -1)
            likenesses.append(likeness)
    return places, float(np.median(likenesses)) if likenesses else 0.0


def _pooled(cells: Floats, by: int) -> Floats:
    whole = cells[: len(cells) // by * by]
    return _unit(np.asarray(whole.reshape(-1, by, cells.shape[1]).mean(axis=1), dtype=np.float32))


def _transposition(a: Traces, b: Traces) -> int:
    ours, theirs = (traces.chroma.mean(axis=0) - traces.chroma.mean() for traces in (a, b))
    fits = [float(ours @ np.roll(theirs, -shift)) for shift in range(12)]
    best = int(np.argmax(fits))
    # The same key unless another one is clearly better.
    best = best if fits[best] > 1.15 * fits[0] else 0
    return best - 12 if best > 6 else best


def _cells(traces: Traces, semitones: int) -> Floats:
    """(cells, 24): pitch classes and rises, each without what is usual, of length 1 together."""
    cells = max(1, len(traces.chroma) // _FRAMES)

    def pooled(values: Floats) -> Floats:
        out: Floats = values[: cells * _FRAMES].reshape(cells, -1, values.shape[1]).mean(axis=1)
        return out

    if len(traces.chroma) < _FRAMES:
        return np.zeros((1, 24), dtype=np.float32)
    chroma = _unit(_without_mean(_smooth(pooled(np.roll(traces.chroma, -semitones, axis=1)), 3)))
    rises = _unit(_without_mean(np.sqrt(pooled(traces.rises))))
    return np.concatenate((np.float32(0.8) * chroma, np.float32(0.6) * rises), axis=1)


def _smooth(values: Floats, cells: int) -> Floats:
    kernel = np.ones(cells) / cells
    return np.stack([np.convolve(column, kernel, "same") for column in values.T], axis=1).astype(np.float32)


def _without_mean(values: Floats) -> Floats:
    return np.asarray(values - values.mean(axis=0), dtype=np.float32)


def _unit(values: Floats) -> Floats:
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    unit: Floats = values / np.maximum(lengths, 0.3 * float(lengths.mean()) + 1e-9)
    return unit


def _at_speed(cells: Floats, speed: float) -> Floats:
    """B's cells as they would be had it been played at A's speed."""
    count = max(1, round(len(cells) / speed))
    at = np.clip((np.arange(count) + 0.5) * speed - 0.5, 0, len(cells) - 1)
    low = np.floor(at).astype(np.intp)
    high = np.minimum(low + 1, len(cells) - 1)
    share = (at - low)[:, None].astype(np.float32)
    return np.asarray(cells[low] * (1 - share) + cells[high] * share, dtype=np.float32)


def _speed(ours: Floats, theirs: Floats) -> tuple[float, float, float]:
    """The speed at which the diagonals are clearest, how clear they are there, and through B backwards at the
    most."""
    ours, theirs = _halved(ours), _halved(theirs)
    pieces = _Pieces.of(ours, len(_at_speed(theirs, float(_SPEEDS[0]))))

    def strengths(cells: Floats) -> list[float]:
        return [pieces.diagonal_strength(_at_speed(cells, float(speed))) for speed in _SPEEDS]

    with ThreadPoolExecutor(2) as two:
        there, backwards = two.map(strengths, (theirs, theirs[::-1].copy()))
    best = int(np.argmax(there))
    return float(_SPEEDS[best]), there[best], max(backwards)


def _halved(cells: Floats) -> Floats:
    whole = cells[: len(cells) // 2 * 2]
    return np.asarray((whole[::2] + whole[1::2]) / 2, dtype=np.float32) if len(whole) else cells


@dataclass(frozen=True)
class _Pieces:
    """Eight seconds of A each; ``spectra``: conjugated, (pieces, frequencies, features)."""

    spectra: NDArray[np.complex64]
    rows: int
    size: int

    @classmethod
    def of(cls, ours: Floats, longest: int) -> "_Pieces":
        rows = min(_PIECE, len(ours))
        pieces = ours[: len(ours) // rows * rows].reshape(-1, rows, ours.shape[1])
        most = int(np.clip(_PIECES * 1800 / longest, 8, _PIECES))
        pieces = pieces[:: max(1, len(pieces) // most)]
        size = fast_length(longest + rows)
        return cls(np.conj(np.fft.rfft(pieces, size, axis=1)), rows, size)

    def diagonal_strength(self, theirs: Floats) -> float:
        """Mean over the pieces of the best mean similarity along a diagonal."""
        if len(theirs) <= self.rows:
            return 0.0
        spectrum = np.fft.rfft(theirs, self.size, axis=0)
        crossed = np.einsum("fd,pfd->pf", spectrum, self.spectra)
        products = np.fft.irfft(crossed, self.size, axis=1)[:, : len(theirs) - self.rows + 1]
        return float(products.max(axis=1).mean()) / self.rows


def similarity(ours: Floats, theirs: Floats) -> Floats:
    """(cells of A, cells of B): means along the diagonals, of some seconds."""
    half = round(_DIAGONAL_SECONDS / CELL_SECONDS / 2)
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


def _walk(ours: Floats, theirs: Floats) -> tuple[NDArray[np.intp], float]:
    """(cells of A,): the cell of B, -1 where gone; and the mean similarity where not."""
    scores = similarity(ours, theirs)
    least = float(scores.mean() + 1.6 * scores.std())
    first = _likeness(scores, _best_walk(scores - np.float32(least)))
    places = _walk_once(scores, max(least, _SHARE_OF_USUAL * first))
    return places, _likeness(scores, places)


def _walk_once(scores: Floats, least: float) -> NDArray[np.intp]:
    """With each place of B used once."""
    gains = scores - np.float32(least)
    settled: set[tuple[int, int]] = set()
    places = _best_walk(gains)
    for _ in range(8):
        if not _give_way(gains, places, settled):
            break
        places = _best_walk(gains)
    return places


def _likeness(scores: Floats, places: NDArray[np.intp]) -> float:
    """The middle similarity along a walk; 0 for none."""
    there = np.flatnonzero(places >= 0)
    return float(np.median(scores[there, places[there]])) if len(there) else 0.0


def _best_walk(gains: Floats) -> NDArray[np.intp]:
    rows, columns = gains.shape
    came = np.zeros(
        (rows, columns + 1), dtype=np.int8
    )  # 0 jump, 1 stay, 2 one on, 3 two on; last column: gone
    jumps = np.zeros(rows, dtype=np.intp)
    total = np.concatenate((gains[0], [np.float32(0)]))
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
    places = np.empty(rows, dtype=np.intp)
    place = int(total.argmax())
    for row in range(rows - 1, -1, -1):
        places[row] = place
        move = int(came[row, place])
        if row:
            place = int(jumps[row]) if move == 0 else place if place == columns else place - (move - 1)
    places[places == columns] = -1
    return places


def _give_way(gains: Floats, places: NDArray[np.intp], settled: set[tuple[int, int]]) -> bool:
    """What the surest stretch holds in B is closed to every other."""
    stretches = sorted(stretches_of(places), key=lambda s: -_score(gains, places, s))
    for index, holder in enumerate(stretches):
        low, high = int(places[holder[0]]), int(places[holder[1] - 1]) + 1
        for other in stretches[index + 1 :]:
            shared = min(high, int(places[other[1] - 1]) + 1) - max(low, int(places[other[0]]))
            if shared > 5 and (low, high) not in settled:
                settled.add((low, high))
                gains[: holder[0], low + 2 : high - 2] = _CLOSED
                gains[holder[1] :, low + 2 : high - 2] = _CLOSED
                return True
    return False


def _score(gains: Floats, places: NDArray[np.intp], stretch: tuple[int, int]) -> float:
    rows = np.arange(*stretch)
    return float(gains[rows, places[rows]].sum())


def stretches_of(places: NDArray[np.intp]) -> list[tuple[int, int]]:
    """(first cell, last cell + 1) of every unbroken stretch of the walk."""
    steps = np.diff(places)
    broken = (places[1:] < 0) | (places[:-1] < 0) | (steps < 0) | (steps > 2)
    edges = [0, *(np.flatnonzero(broken) + 1).tolist(), len(places)]
    return [(low, high) for low, high in itertools.pairwise(edges) if places[low] >= 0]
