"""Where the music of A is in B when it was played anew: pitch classes and onsets decide, not waveforms.

Cells of 100 ms are compared by their pitch classes and rises, B brought to A's speed and key first (``walking``
reads the way from them). How much clearer the diagonals are than those through B played backwards, which has the same
chords and no song, says how far to believe it (a decoy, as in Elias and Gygi 2007).
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.difference.delays import fast_length
from server.difference.features import FRAMES_PER_SECOND, LEVEL_SECONDS, Traces
from server.difference.walking import stretches_of, walk

CELL_SECONDS = 0.1
_FRAMES = round(CELL_SECONDS * FRAMES_PER_SECOND)
_SPEEDS = np.geomspace(0.72, 1.39, 39)
_PIECES, _PIECE = 40, 40  # of A that say how clear the diagonals are; cells of each, at half the rate
_LONGEST, _ROUGH_CELLS = 7200, 3600
_BAND, _BAND_MARGIN = 2400, 300  # cells
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
    # Silence is like silence, backwards too: there is nothing in it to tell by.
    speed, clear, decoy = _speed(ours * _sounding(a, len(ours)), theirs * _sounding(b, len(theirs)))
    theirs = _at_speed(theirs, speed)
    longest = max(len(ours), len(theirs))
    places, likeness = walk(ours, theirs) if longest <= _LONGEST else _walk_in_bands(ours, theirs)
    seconds = np.where(places >= 0, (places + 0.5) * speed * CELL_SECONDS, np.nan)
    decoy = max(decoy / _chance(longest * CELL_SECONDS), 1e-6)
    return Walk(seconds, likeness, clear / decoy - 1, speed, semitones)


def _chance(seconds: float) -> float:
    """How much clearer than in a song the best of so many seconds is where nothing is alike."""
    return 1 + _CHANCE_A_DOUBLING * max(0.0, float(np.log2(max(seconds, 1.0) / _SONG_SECONDS)))


def _walk_in_bands(ours: Floats, theirs: Floats) -> tuple[NDArray[np.intp], float]:
    """A rough walk through the whole, then a fine one along it, some minutes at a time."""
    pool = -(-max(len(ours), len(theirs)) // _ROUGH_CELLS)
    rough, _ = walk(_pooled(ours, pool), _pooled(theirs, pool))
    places = np.full(len(ours), -1, dtype=np.intp)
    likenesses = []
    for first, last in stretches_of(rough):
        for start in range(first * pool, last * pool, _BAND):
            end = min(start + _BAND, last * pool, len(ours))
            near = rough[start // pool : max(start // pool + 1, end // pool)]
            low = max(0, int(near.min()) * pool - _BAND_MARGIN)
            high = min(len(theirs), (int(near.max()) + 1) * pool + _BAND_MARGIN)
            fine, likeness = walk(ours[start:end], theirs[low:high], whole=False)
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
    sounding = _sounding(traces, cells)
    chroma = _unit(_without_usual(_smooth(pooled(np.roll(traces.chroma, -semitones, axis=1)), 3), sounding))
    rises = _unit(_without_usual(np.sqrt(pooled(traces.rises)), sounding))
    return np.concatenate((np.float32(0.8) * chroma, np.float32(0.6) * rises), axis=1)


def _sounding(traces: Traces, cells: int) -> Floats:
    """(cells, 1): 1, and 0 where there is silence."""
    steps = ((np.arange(cells) + 0.5) * (CELL_SECONDS / LEVEL_SECONDS)).astype(np.intp)
    silent = traces.silent[np.minimum(steps, len(traces.silent) - 1)]
    return np.asarray(~silent[:, None], dtype=np.float32)


def _smooth(values: Floats, cells: int) -> Floats:
    kernel = np.ones(cells) / cells
    return np.stack([np.convolve(column, kernel, "same") for column in values.T], axis=1).astype(np.float32)


def _without_usual(values: Floats, sounding: Floats) -> Floats:
    usual = (values * sounding).sum(axis=0) / max(1.0, float(sounding.sum()))
    return np.asarray(values - usual, dtype=np.float32)


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
