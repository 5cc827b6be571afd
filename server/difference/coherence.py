"""How well two recordings agree at a delay, at each moment, wherever between two samples the delay lies."""

import numpy as np

from server.difference.delays import CELL, Delay, Floats, Signs
from server.difference.features import LEVEL_SECONDS, RATE

_COUNTS = 0.1  # a sample of the response that weighs less tells nothing
_LOST_BETWEEN_FRAMES = 0.05


def coherence(a: Signs, b: Signs, delay: Delay) -> Floats:
    """(cells of A,): how well the two agree at a delay, -1 to 1, for every 50 ms of A.

    It is the mean product of the signs as it would be if the delay were a whole number of samples and no filter had
    turned the phases. Half a sample beside it even the same audio agrees by half, less than a copy of a bar that
    happens to lie at a whole one. So every sample of the response counts, turned into the correlation of the waves
    (Van Vleck and Middleton 1966) and weighed as it is in the response: a matched filter (North 1943).
    """
    weights = np.where(np.abs(delay.response) > _COUNTS, delay.response, 0)
    weights /= np.sqrt(np.sum(weights**2)) * _kept_between_frames(delay.samples)
    correlation = np.zeros(len(a) // CELL, dtype=np.float32)
    for offset, weight in enumerate(weights, start=-(len(weights) // 2)):
        if weight:
            correlation += _correlation(a, b, delay.samples + offset) * np.float32(weight)
    np.clip(correlation, -1, 1, out=correlation)
    return np.asarray(np.arcsin(correlation, out=correlation) * np.float32(2 / np.pi))


def _kept_between_frames(samples: int) -> float:
    """The share of its correlation that the same audio keeps where it was flattened in frames that lie apart: all at
    a whole frame, 0.95 at half a one (measured on music; 0.96 by phone)."""
    return 1 - _LOST_BETWEEN_FRAMES * float(np.sin(np.pi * samples / (LEVEL_SECONDS * RATE)) ** 2)


def _correlation(a: Signs, b: Signs, samples: int) -> Floats:
    """(cells of A,): the correlation of two waves, read from the mean product of their signs."""
    means = _mean_products(a, b, samples)
    return np.asarray(np.sin(np.pi / 2 * means, out=means))


def _mean_products(a: Signs, b: Signs, samples: int) -> Floats:
    cells = len(a) // CELL
    first, last = max(0, -samples), min(cells * CELL, len(b) - samples)
    means = np.zeros(cells, dtype=np.float32)
    if last <= first:
        return means
    start, end = -(-first // CELL), last // CELL
    if start >= end:
        return means
    products = (a[start * CELL : end * CELL] * b[start * CELL + samples : end * CELL + samples]).reshape(
        -1, CELL
    )
    means[start:end] = np.add.reduce(products, axis=1, dtype=np.int16)
    means /= CELL
    return means
