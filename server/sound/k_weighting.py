"""K-weighting (ITU-R BS.1770-4, annex 1): a high shelf for the head, then a high pass, as matrix products.

Sample-by-sample recursion is slow in numpy, so a row of 48 samples is filtered at once: the answer to the
row's own input is a triangular Toeplitz matrix, the answer to what went before goes through the four
numbers of the filters' state at the row's start. The states themselves follow from one another by powers of
the 4x4 transition matrix, in float64, first within a group of rows and then from group to group.
"""

import math
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from server.sound.blocks import ROW

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
_STATES = 4
_GROUP = 8  # rows (or groups of rows) whose states are found at once


def biquads(sample_rate: int) -> tuple[tuple[Doubles, Doubles], tuple[Doubles, Doubles]]:
    """((b, a) of the shelf, (b, a) of the high pass): BS.1770's 48 kHz filters, re-derived for any rate."""
    k = math.tan(math.pi * 1681.974450955533 / sample_rate)
    quality, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    norm = 1 + k / quality + k * k
    shelf_b = np.array(
        [high + band * k / quality + k * k, 2 * (k * k - high), high - band * k / quality + k * k]
    )
    shelf_a = np.array([norm, 2 * (k * k - 1), 1 - k / quality + k * k])
    k, quality = math.tan(math.pi * 38.13547087602444 / sample_rate), 0.5003270373238773
    pass_norm = 1 + k / quality + k * k
    pass_a = np.array([pass_norm, 2 * (k * k - 1), 1 - k / quality + k * k])
    return (shelf_b / norm, shelf_a / norm), (np.array([1.0, -2.0, 1.0]), pass_a / pass_norm)


def state_space(sample_rate: int) -> tuple[Doubles, Doubles, Doubles, float]:
    """(A 4x4, B 4, C 4, d) of both filters in a row: s' = A s + B x, y = C s + d x."""
    (b1, a1), (b2, a2) = biquads(sample_rate)
    transition, drive = np.zeros((4, 4)), np.zeros(4)
    transition[0] = [-a1[1], 1, 0, 0]
    transition[1] = [-a1[2], 0, 0, 0]
    drive[:2] = b1[1] - a1[1] * b1[0], b1[2] - a1[2] * b1[0]
    # The second filter's input is the first one's output, s0 + b0 x.
    into = np.array([b2[1] - a2[1] * b2[0], b2[2] - a2[2] * b2[0]])
    transition[2:, 0] = into
    transition[2] += [0, 0, -a2[1], 1]
    transition[3] += [0, 0, -a2[2], 0]
    drive[2:] = into * b1[0]
    return transition, drive, np.array([b2[0], 0, 1, 0]), float(b1[0] * b2[0])


class KWeighting:
    """Filters a stream of blocks; remembers its state from block to block."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        transition, drive, read, direct = state_space(sample_rate)
        powers = [np.eye(_STATES)]
        for _ in range(ROW):
            powers.append(transition @ powers[-1])
        response = np.array([direct] + [read @ powers[n] @ drive for n in range(ROW - 1)])
        lags = np.arange(ROW)[None, :] - np.arange(ROW)[:, None]
        self._within = np.where(lags >= 0, response[np.maximum(lags, 0)], 0).astype(np.float32)
        self._from_state = np.array([read @ powers[n] for n in range(ROW)]).T.astype(np.float32)
        self._to_state = np.array([powers[ROW - 1 - n] @ drive for n in range(ROW)]).astype(np.float32)
        self._scan = _Scan(powers[ROW])
        self._state = np.zeros((channels, _STATES))

    def apply(self, samples: Floats) -> Floats:
        """float32 (channels, frames), frames a multiple of 48; the same, weighted."""
        channels = len(samples)
        rows = samples.reshape(channels, -1, ROW)
        starts, self._state = self._scan.states(rows @ self._to_state, self._state)
        weighted = rows @ self._within
        weighted += starts.astype(np.float32) @ self._from_state
        return weighted.reshape(channels, -1)


class _Scan:
    """s[n+1] = M s[n] + e[n] for many n at once: in groups, which follow one another in just the same way."""

    def __init__(self, step: Doubles) -> None:
        powers = [np.eye(_STATES)]
        for _ in range(_GROUP):
            powers.append(step @ powers[-1])
        self._step, self._group_step = step, powers[_GROUP]
        # What e[m] adds to s[n] within a group (n > m), and to the group's end; row vectors from the left.
        within = np.zeros((_GROUP, _STATES, _GROUP + 1, _STATES))
        for m in range(_GROUP):
            for n in range(m + 1, _GROUP + 1):
                within[m, :, n] = powers[n - 1 - m].T
        self._within = within.reshape(_GROUP * _STATES, (_GROUP + 1) * _STATES)
        self._from_start = np.concatenate([powers[n].T for n in range(_GROUP)], axis=1)

    @cached_property
    def _of_groups(self) -> "_Scan":
        return _Scan(self._group_step)

    def states(self, driven: Floats | Doubles, state: Doubles) -> tuple[Doubles, Doubles]:
        """``driven`` (channels, rows, 4) and the state at the start, to the states at each row's start, and
        after."""
        channels, rows, _ = driven.shape
        padded = np.zeros((channels, -(-rows // _GROUP) * _GROUP, _STATES))
        padded[:, :rows] = driven
        inner = padded.reshape(channels, -1, _GROUP * _STATES) @ self._within
        begins = state[:, None]
        if rows > _GROUP:
            begins, _ = self._of_groups.states(inner[:, :, -_STATES:], state)
        starts = (inner[:, :, :-_STATES] + begins @ self._from_start).reshape(channels, -1, _STATES)[:, :rows]
        return starts, starts[:, -1] @ self._step.T + padded[:, rows - 1]
