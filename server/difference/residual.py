"""Only what changed, as sound: B minus A, A laid under B to a fraction of a sample and brought to its level.

Nothing is ever matched by more than one gain for the whole song, so a part that was turned up is heard as what was
added to it; and by one delay (and drift) for each line of the map.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from server.difference.interpolation import Doubles, Floats, at_places, reach
from server.difference.line import Line
from server.difference.null import DEEPEST_DB, lag_between, same_channels
from server.sound.reading import Reader, open_audio

LONGEST_SECONDS = 60.0
_SEARCH_SECONDS = 0.0015
_ENOUGH = 0.5  # of what was asked for must be the same take, or silence would pass for "nothing changed"
_DRIFT = 0.1  # samples over the piece: less is none
_TELLING_SECONDS = 8.0  # of it tell the delay
_BLOCK = 65536
_FADE_SECONDS = 0.005
_SHORTEST = 1024  # samples that can tell a delay


class NothingToSubtract(Exception):
    """``reason``: ``"cut"``, that part is not in B; ``"anew"``, it was played anew, so no sample of it is the same."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Residual:
    """``samples``: float32 (channels, n) at ``sample_rate``, B's; silent where A is not in B.

    ``level_db``: mean square relative to B's own, -120 where nothing is left. ``covered``: the share (0 to 1) of
    what was asked for that could be subtracted.
    """

    samples: Floats
    sample_rate: int
    level_db: float
    covered: float


@dataclass(frozen=True)
class _Piece:
    """``start`` to ``end`` (seconds of A), all on one line."""

    line: Line
    start: float
    end: float


def write_residual(
    a: Path,
    b: Path,
    target: Path,
    lines: Sequence[Line],
    gain_db: float,
    span: tuple[float, float],
    format: str,
    *,
    progress: Callable[[float], None] | None = None,
) -> tuple[float, float]:
    """Write it as ``wav`` or ``flac``, 24 bit; (level, covered) of the Residual. Raises as ``residual`` does."""
    found = residual(a, b, lines, gain_db, *span)
    samples = np.clip(_faded(found.samples, found.sample_rate), -1, 1)
    soundfile.write(target, samples.T, found.sample_rate, format=format.upper(), subtype="PCM_24")
    if progress:
        progress(1.0)
    return found.level_db, found.covered


def residual(a: Path, b: Path, lines: Sequence[Line], gain_db: float, start: float, end: float) -> Residual:
    """B minus A from ``start`` to ``end`` (seconds of A), where ``lines`` say A is, A raised by ``gain_db``.

    Raises NothingToSubtract where less than half of that is the same take in both, and UnreadableAudio.
    """
    pieces = _pieces(lines, start, end)
    covered = sum(piece.end - piece.start for piece in pieces if piece.line.shared) / (end - start)
    if covered < _ENOUGH:
        anew = any(not piece.line.shared for piece in pieces)
        raise NothingToSubtract("anew" if anew else "cut")
    with open_audio(a) as ours, open_audio(b) as theirs:
        parts, powers, at = [], np.zeros(2), start
        for piece in pieces:
            if piece.line.shared:
                parts.append(_silence(piece.start - at, theirs))
                his, left = _subtracted(ours, theirs, piece, 10 ** (gain_db / 20))
                parts.append(left)
                powers += _power(his), _power(left)
                at = piece.end
        parts.append(_silence(end - at, theirs))
        channels = max(len(part) for part in parts)
        samples = np.concatenate([np.broadcast_to(part, (channels, part.shape[1])) for part in parts], axis=1)
        return Residual(samples, theirs.sample_rate, _level(*powers.tolist()), min(1.0, covered))


def _pieces(lines: Sequence[Line], start: float, end: float) -> list[_Piece]:
    found = [_Piece(line, max(start, line.a_start), min(end, line.a_end)) for line in lines]
    return [piece for piece in found if piece.end - piece.start > 1e-4]


def _level(his: float, left: float) -> float:
    if left <= his * 10 ** (DEEPEST_DB / 10):
        return DEEPEST_DB
    return 10 * float(np.log10(left / max(his, 1e-20)))


def _silence(seconds: float, theirs: Reader) -> Floats:
    return np.zeros((1, max(0, round(seconds * theirs.sample_rate))), dtype=np.float32)


def _subtracted(ours: Reader, theirs: Reader, piece: _Piece, gain: float) -> tuple[Floats, Floats]:
    """(channels, n) each: B itself, and what is left of it."""
    line, rate = piece.line, theirs.sample_rate
    first, last = round(line.b_at(piece.start) * rate), round(line.b_at(piece.end) * rate)
    his, tried = _read(theirs, first, last), []
    for places in _refined(ours, his, first, line, rate):
        mine, matched = same_channels(_heard_at(ours, places), his)
        left = matched - np.float32(gain * line.sign) * mine
        tried.append((_power(left), matched, left))
    _, matched, left = min(tried, key=lambda attempt: attempt[0])
    return matched, left


def _refined(ours: Reader, his: Floats, first: int, line: Line, rate: int) -> list[Doubles]:
    """(n,) each: where the samples of B from ``first`` on are in A, counted in samples, by all that may be so.

    To the whole sample, finer, and with the drift that the map tells of: what was added to B can look like a
    fraction, and a map's small drift may be its own. What is right leaves least.
    """
    count, middle = his.shape[1], (line.a_start + line.a_end) / 2
    if ours.sample_rate == rate:
        steady = np.arange(first, first + count, dtype=np.float64) - round(
            (line.b_at(middle) - middle) * rate
        )
        lag = _lag(_heard_at(ours, steady), his, rate)
        found = [steady - late for late in {float(round(lag)), lag}]
        if abs(line.speed - 1) * count < _DRIFT:
            return found
    else:
        found = []
    seconds = np.arange(first, first + count) / rate - line.b_start
    places = np.asarray((seconds / line.speed + line.a_start) * ours.sample_rate)
    return [*found, places - _growing_lag(_heard_at(ours, places), his, rate) * ours.sample_rate / rate]


def _growing_lag(mine: Floats, his: Floats, rate: int) -> Doubles:
    """(n,): samples of B, straight through what both halves tell."""
    count = his.shape[1]
    halves = slice(count // 2), slice(count // 2, None)
    early, late = (_lag(mine[:, half], his[:, half], rate) for half in halves)
    growing: Doubles = early + (np.arange(count) / count - 0.25) * 2 * (late - early)
    return growing


def _lag(mine: Floats, his: Floats, rate: int) -> float:
    """By how many samples of B it is later than the map says, from the loudest part; 0 in silence."""
    mine, his = mine.mean(axis=0), his.mean(axis=0)
    if len(his) < _SHORTEST:
        return 0.0
    window = min(len(his), round(_TELLING_SECONDS * rate))
    energy = np.concatenate(([0.0], np.cumsum(np.square(his, dtype=np.float64))))
    first = int(np.argmax(energy[window:] - energy[:-window]))
    here, there = mine[first : first + window], his[first : first + window]
    if _power(here) == 0 or _power(there) == 0:
        return 0.0
    return lag_between(here, there, round(_SEARCH_SECONDS * rate))


def _heard_at(ours: Reader, places: Doubles) -> Floats:
    """(channels, n): A at these places."""
    margin = reach((places[-1] - places[0]) / max(1, len(places) - 1))
    first = math.floor(places[0]) - margin
    return at_places(_read(ours, first, math.ceil(places[-1]) + margin), places - first)


def _read(reader: Reader, first: int, last: int) -> Floats:
    """(channels, last - first): silent before the beginning and after the end."""
    start = max(0, first)
    parts: list[Floats] = [np.zeros((reader.channels, start - first), dtype=np.float32)]
    missing = last - start
    for block in reader.blocks(min(_BLOCK, missing), start=start):
        parts.append(block.samples[:, :missing])
        missing -= parts[-1].shape[1]
        if missing <= 0:
            break
    return np.pad(np.concatenate(parts, axis=1), ((0, 0), (0, missing)))


def _power(samples: Floats) -> float:
    return float(np.sum(np.square(samples, dtype=np.float64)))


def _faded(samples: Floats, rate: int) -> Floats:
    """Without a click at its ends."""
    count = min(round(_FADE_SECONDS * rate), samples.shape[1] // 2)
    ramp = np.ones(samples.shape[1], dtype=np.float32)
    ramp[:count] = np.arange(count) / max(1, count)
    ramp[len(ramp) - count :] = ramp[:count][::-1]
    return samples * ramp
