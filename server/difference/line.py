"""A straight line between two times: what every map is made of."""

from dataclasses import dataclass, replace

FULL_COHERENCE = 0.25  # more than this does not make a place surer


@dataclass(frozen=True)
class Line:
    """``a_start``..``a_end`` of A sits, evenly, at ``b_start``..``b_end`` of B (seconds).

    ``shared``: the waveforms themselves agree, ``coherence`` (0 to 1) says how well; else features do.
    ``sign`` is -1 where one is the other upside down.
    """

    a_start: float
    a_end: float
    b_start: float
    b_end: float
    confidence: float
    shared: bool = True
    coherence: float = 0.0
    sign: int = 1

    @property
    def speed(self) -> float:
        """Seconds of B for one of A."""
        return (self.b_end - self.b_start) / (self.a_end - self.a_start)

    def b_at(self, a: float) -> float:
        return self.b_start + (a - self.a_start) * self.speed

    def turned(self) -> "Line":
        """The same, from B to A."""
        return replace(self, a_start=self.b_start, a_end=self.b_end, b_start=self.a_start, b_end=self.a_end)
