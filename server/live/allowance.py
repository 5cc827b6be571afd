"""A bucket that fills with time: short bursts pass, a flood does not."""

import time


class Allowance:
    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second, self._most = per_second, burst
        self._left, self._at = burst, time.monotonic()

    def spend(self, count: float = 1) -> bool:
        """Whether there was enough; what is missing is not owed."""
        moment = time.monotonic()
        filled = min(self._most, self._left + (moment - self._at) * self._per_second)
        self._left, self._at = max(0.0, filled - count), moment
        return filled >= count
