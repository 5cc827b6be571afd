"""How well two recordings agree at a delay, at each moment, wherever between two samples the delay lies."""

import numpy as np

from server.difference.delays import CELL, Delay, Floats, Signs

_COUNTS = 0.05  # a sample beside the delay that weighs less tells nothing


def coherence(a: Signs, b: Signs, delay: Delay) -> Floats:
    """(cells of A,): how well the two agree at a delay, -1 to 1, for every 50 ms of A.

    It is the mean product of the signs as it would be if the delay were a whole number of samples. Half a sample
    beside it even the same audio agrees by half, less than a copy of a bar that happens to lie at a whole one. So the
    samples around the delay are read, each turned into the correlation of the waves (Van Vleck and Middleton 1966),
    and weighed as those of a flat spectrum fall off (sinc).
    """
    offsets = np.array([-1, 0, 1, 2]) if delay.fraction > 0 else np.array([-2, -1, 0, 1])
    weights = np.sinc(delay.fraction - offsets)
    offsets, weights = offsets[np.abs(weights) > _COUNTS], weights[np.abs(weights) > _COUNTS]
    correlation = np.zeros(len(a) // CELL, dtype=np.float32)
    for offset, weight in zip(offsets.tolist(), weights / np.sum(weights**2), strict=True):
        correlation += _correlation(a, b, delay.samples + offset) * np.float32(weight)
    np.clip(correlation, -1, 1, out=correlation)
    return np.asarray(np.arcsin(correlation, out=correlation) * np.float32(delay.sign * 2 / np.pi))


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
