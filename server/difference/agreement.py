"""How much the signs of two recordings agree, sample by sample, at delays near one another."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.difference.delays import Signs

AROUND = 5  # samples searched on both sides of a delay
Doubles = NDArray[np.float64]


@dataclass
class EdgedRun:
    """A run whose edges (samples of A) still move. ``sign``: of the products at its delay."""

    start: float
    end: float
    delay: int
    sign: int
    coherence: float
    upside_down: bool


def products(a: Signs, b: Signs, delay: int, sign: int, start: int, end: int) -> NDArray[np.int8]:
    """sign * a[n] * b[n + delay] for n from start to end; 0 outside."""
    out = np.zeros(max(0, end - start), dtype=np.int8)
    first, last = max(start, 0, -delay), min(end, len(a), len(b) - delay)
    if last > first:
        out[first - start : last - start] = a[first:last] * b[first + delay : last + delay] * sign
    return out


def agreements(a: Signs, b: Signs, run: EdgedRun, delay: int, start: int, end: int) -> Doubles:
    """(2 * 5 + 1,): how much the signs agree at the delays around ``delay``."""
    shifts = range(delay - AROUND, delay + AROUND + 1)
    return np.array(
        [int(products(a, b, at, run.sign, start, end).sum(dtype=np.int64)) for at in shifts],
        dtype=np.float64,
    )


def peak_of(sums: Doubles) -> float:
    """Where the parabola through the highest three values has its top, in samples from the middle."""
    top = int(sums[1:-1].argmax()) + 1
    left, here, right = sums[top - 1 : top + 2]
    bend = left - 2 * here + right
    away = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return top - AROUND + float(np.clip(away, -0.5, 0.5))
