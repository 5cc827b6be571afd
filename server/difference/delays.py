"""At which delays two recordings share the same audio, and how surely at each moment.

One correlation of all of A with all of B (by FFT) shows every delay that holds for a few seconds: N signs that
agree by chance add up to sqrt(N), those that share audio to N times their coherence.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.difference.features import RATE

CELL = 200  # samples of the signs, 50 ms
_LONGEST = 16_000_000  # signs of both together that one correlation takes
CELLS_PER_SECOND = RATE // CELL
_CLEAREST = 6.5  # standard deviations that a delay must stand out by chance's measure
_SEPARATE = 3  # samples: closer peaks are one
_REACH = 4  # samples around a delay over which a wave may be spread
_BY_CHANCE = 3.0  # standard deviations below which one of them tells nothing
_LOBE = 12  # samples around a clear peak where its own side lobes are

_A_PULSE = 0.9  # how well a response must agree with a pulse to be one
_PULSES = np.sinc(np.linspace(-0.5, 0.5, 11)[:, None] - np.arange(-_REACH, _REACH + 1))
_PULSES /= np.sqrt(np.sum(_PULSES**2, axis=1, keepdims=True))

Signs = NDArray[np.int8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Delay:
    """A's sample ``n`` sounds at B's sample ``n + samples``, where the two have the same or (-1) the other ``sign``.

    ``response``: (9,), how the sound comes from A to B, from four samples before to four after: a wave between two
    samples, or one whose phase a filter has turned, is spread over several. Its squares add up to 1.
    """

    samples: int
    sign: int
    clearness: float
    response: tuple[float, ...]

    @property
    def upside_down(self) -> bool:
        """Whether the response is a pulse that goes down. One that a filter has turned goes neither way."""
        return bool((_PULSES @ self.response).min() < -_A_PULSE)


def likely_delays(a: Signs, b: Signs, *, most: int) -> list[Delay]:
    """The clearest delays, clearest first. O((N + M) log (N + M)).

    Beyond half an hour together the signs are thinned out for the search, then each delay made exact again.
    """
    if not len(a) or not len(b):
        return []
    thinning = -(-(len(a) + len(b)) // _LONGEST)
    if thinning > 1:
        few_a, few_b = _thinned(a, thinning), _thinned(b, thinning)
        rough = likely_delays(few_a, few_b, most=most)
        exact = [_exact(a, b, delay, thinning, _surest_place(few_a, few_b, delay)) for delay in rough]
        return list({delay.samples: delay for delay in exact}.values())
    size = fast_length(len(a) + len(b))
    cross = np.fft.rfft(b.astype(np.float32), size)
    cross *= np.conj(np.fft.rfft(a.astype(np.float32), size))
    products = np.fft.irfft(cross, size)
    del cross
    products = np.concatenate((products[size - len(a) + 1 :], products[: len(b)]))
    delays = np.arange(-len(a) + 1, len(b))
    overlap = np.minimum(len(a), len(b) - delays) - np.maximum(0, -delays)
    heard = float(np.mean(np.square(a, dtype=np.float32))) * float(np.mean(np.square(b, dtype=np.float32)))
    # Music is no white noise: what chance does is read off the correlation itself, far from its peaks.
    chance = np.sqrt(np.maximum(overlap, RATE) * max(heard, 1e-6)).astype(np.float32)
    clearness = products / chance
    spread = float(np.median(np.abs(clearness[::7]))) / 0.6745  # of so many a part will do
    clearness /= max(spread, 1.0)
    return _peaks(clearness, delays, most)


def _thinned(signs: Signs, by: int) -> Signs:
    whole = len(signs) // by * by
    sums: Signs = np.add.reduce(signs[:whole].reshape(-1, by), axis=1, dtype=np.int8)
    return sums


def _surest_place(a: Signs, b: Signs, delay: Delay) -> float:
    """Where in A (0 to 1) the delay holds best for some twenty seconds."""
    first, last = max(0, -delay.samples), min(len(a), len(b) - delay.samples)
    products = a[first:last].astype(np.int16) * b[first + delay.samples : last + delay.samples]
    size = 16_384
    whole = max(1, len(products) // size)
    sums = np.add.reduceat(products, np.arange(whole) * size, dtype=np.int64) * delay.sign
    return (first + int(sums.argmax()) * size) / len(a)


def _exact(a: Signs, b: Signs, rough: Delay, thinning: int, place: float) -> Delay:
    """The best delay to the sample, read where the rough one holds best."""
    about, start = rough.samples * thinning, round(place * len(a))
    far = thinning + 1 + _REACH
    nearby = range(about - far, about + far + 1)
    sums = np.array([_agreement(a, b, samples, start, 20 * RATE) for samples in nearby], dtype=np.float32)
    top = int(np.argmax(np.abs(sums[_REACH:-_REACH])))
    around = sums[top : top + 2 * _REACH + 1]
    return _delay(nearby[top + _REACH], rough.clearness, around / np.float32(np.sqrt(20 * RATE)))


def _agreement(a: Signs, b: Signs, samples: int, start: int, span: int) -> int:
    low = max(start, -samples)
    high = min(start + span, len(a), len(b) - samples)
    if high <= low:
        return 0
    return int((a[low:high] * b[low + samples : high + samples]).sum(dtype=np.int64))


def _peaks(clearness: Floats, delays: NDArray[np.intp], most: int) -> list[Delay]:
    heights = np.abs(clearness)
    inner = heights[1:-1]
    tops = np.flatnonzero((inner >= heights[:-2]) & (inner > heights[2:]) & (inner > _CLEAREST)) + 1
    tops = tops[np.argsort(heights[tops])[::-1]][: 40 * most]
    kept: list[int] = []
    for top in tops.tolist():
        if len(kept) == most:
            break
        if all(_apart(top, other, heights) for other in kept):
            kept.append(top)
    return [_delay(int(delays[i]), float(heights[i]), _around(clearness, i)) for i in kept]


def _around(values: Floats, middle: int) -> Floats:
    """(9,): 0 beyond the ends."""
    first, last = middle - _REACH, middle + _REACH + 1
    return np.pad(values[max(0, first) : last], (max(0, -first), max(0, last - len(values))))


def _delay(samples: int, clearness: float, around: Floats) -> Delay:
    """``around``: (9,), how clear the samples around the delay are, in standard deviations of chance."""
    response = np.where(np.abs(around) > _BY_CHANCE, around, 0)
    response[_REACH] = around[_REACH] or 1
    response /= np.sqrt(np.sum(response**2))
    return Delay(samples, 1 if response[_REACH] > 0 else -1, clearness, tuple(response.tolist()))


def opposed(one: Delay, other: Delay) -> bool:
    """Whether the sound comes the other way up at one delay than at the other. The whole response tells it: of one
    that lies between two samples, or whose phase a filter has turned, a single sample may have either sign."""
    alike = np.correlate(one.response, other.response, "full")
    return bool(-alike.min() > alike.max())


def _apart(peak: int, other: int, heights: Floats) -> bool:
    """Whether a peak is more than a side lobe of a clearer one."""
    away = abs(peak - other)
    return away > _LOBE or (away >= _SEPARATE and heights[peak] > 0.6 * heights[other])


def fast_length(at_least: int) -> int:
    """The smallest 2^a 3^b 5^c not below it."""
    best = 1 << max(0, at_least - 1).bit_length()
    five = 1
    while five < best:
        three = five
        while three < best:
            quotient = -(-at_least // three)
            best = min(best, three << max(0, quotient - 1).bit_length())
            three *= 3
        five *= 5
    return best
