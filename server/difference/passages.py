"""A stretch of music that both recordings play, as a path of times; its ends still move."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
SURE = 0.9  # of a margin; where all is well it is about 2
_PACE_SECONDS = 3.0  # at an end the path runs on at the pace of so many
# On both sides: over how long a leap is looked for, and the pace around it.
_LEAP_SECONDS, _BESIDE_SECONDS = 0.75, 3.0


@dataclass
class Passage:
    """``times`` of A (seconds, rising) and ``places`` of B (rising). It holds from ``start`` to ``end`` of A,
    which may lie beyond the times: there it runs on at its pace. ``margins``: how sure each time is (``pace``);
    ``start_doubt``, ``end_doubt``: the seconds by which its ends may be off."""

    times: Doubles
    places: Doubles
    margins: Doubles
    start: float
    end: float
    start_doubt: float = 0.0
    end_doubt: float = 0.0

    def b_at(self, times: Doubles) -> Doubles:
        inside = np.interp(times, self.times, self.places)
        head, tail = self._paces()
        early, late = np.minimum(times - self.times[0], 0), np.maximum(times - self.times[-1], 0)
        return np.asarray(inside + head * early + tail * late)

    def b_of(self, time: float) -> float:
        return float(self.b_at(np.array([time]))[0])

    def only(self, since: float = -np.inf, until: float = np.inf) -> "Passage":
        """What of it is known from the times between these; beyond them it runs on."""
        kept = (self.times >= since) & (self.times <= until)
        return replace(self, times=self.times[kept], places=self.places[kept], margins=self.margins[kept])

    def leaps_at(self, times: Doubles) -> Doubles:
        """(times,): by how many seconds of B the path runs ahead, within a moment, of its pace before and after."""
        far, early, late, on = (
            self.b_at(times + away)
            for away in (-_BESIDE_SECONDS, -_LEAP_SECONDS, _LEAP_SECONDS, _BESIDE_SECONDS)
        )
        pace = ((early - far) + (on - late)) / (2 * (_BESIDE_SECONDS - _LEAP_SECONDS))
        return np.asarray(late - early - 2 * _LEAP_SECONDS * pace)

    def a_of(self, place: float) -> float:
        return self.turned().b_of(place)

    def turned(self) -> "Passage":
        ends = self.b_of(self.start), self.b_of(self.end)
        return Passage(self.places, self.times, self.margins, *ends, self.start_doubt, self.end_doubt)

    def sure_at(self, time: float) -> bool:
        """Whether no other place is nearly as good, and whether it certainly holds there."""
        certain = self.start + self.start_doubt <= time <= self.end - self.end_doubt
        return certain and bool(np.interp(time, self.times, self.margins) >= SURE)

    def _paces(self) -> tuple[float, float]:
        """Seconds of B for one of A, at the first and the last."""
        head = max(1, int(np.searchsorted(self.times, self.times[0] + _PACE_SECONDS)))
        tail = min(len(self.times) - 2, int(np.searchsorted(self.times, self.times[-1] - _PACE_SECONDS)))
        head = min(head, len(self.times) - 1)
        return (
            float((self.places[head] - self.places[0]) / (self.times[head] - self.times[0])),
            float((self.places[-1] - self.places[tail]) / (self.times[-1] - self.times[tail])),
        )
