"""A stream at an eighth of its rate or so, for what is only ever heard up to 2 kHz."""

import numpy as np
from numpy.typing import NDArray

from server.difference.features import LEVEL_SECONDS, RATE
from server.sound.blocks import ROW
from server.sound.decimation import Decimator

_CLEAN_HERTZ = RATE / 2
_LOWEST_RATE = 1.3 * RATE  # nearer to what is needed the filter would be long

Floats = NDArray[np.float32]


class Thinner:
    """Feed samples, any number at a time, take every ``factor``-th of them: no earlier and no later than it was."""

    def __init__(self, sample_rate: int) -> None:
        self.factor = _factor(sample_rate)
        self._decimator = Decimator(sample_rate, self.factor, _CLEAN_HERTZ)
        # What the filter gives before its delay has passed belongs to no sample; the delay is made a whole number.
        missing = -self._decimator.delay % self.factor
        self._skip = (self._decimator.delay + missing) // self.factor
        self._rest = np.zeros(missing, dtype=np.float32)

    def add(self, samples: Floats) -> Floats:
        if self.factor == 1:
            return samples
        samples = np.concatenate((self._rest, samples))
        whole = len(samples) - len(samples) % ROW
        self._rest = samples[whole:].copy()
        thin = self._decimator.add(samples[:whole])
        thin, self._skip = thin[self._skip :], max(0, self._skip - len(thin))
        return thin


def _factor(sample_rate: int) -> int:
    """The largest divisor of a filter row that leaves enough, and whole frames of twice LEVEL_SECONDS."""
    frame = 2 * LEVEL_SECONDS * sample_rate
    return max(
        n
        for n in range(1, ROW + 1)
        if ROW % n == 0 and (n == 1 or (sample_rate / n >= _LOWEST_RATE and round(frame, 6) % (2 * n) == 0))
    )
