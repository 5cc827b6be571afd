"""The form of the song in beats. Every version's time is measured against this one timeline."""

from dataclasses import dataclass

BEATS_PER_BAR = 4


@dataclass(frozen=True)
class Section:
    """A stretch of the score, in beats."""

    name: str
    start: float
    end: float

    @property
    def bars(self) -> range:
        return range(int(self.start) // BEATS_PER_BAR, int(self.end) // BEATS_PER_BAR)


SCORE = (
    Section("count-in", -5, 0),
    Section("intro", 0, 8),
    Section("verse 1", 8, 40),
    Section("chorus", 40, 72),
    Section("verse 2", 72, 104),
    Section("bridge", 104, 120),
    Section("last chorus", 120, 152),
    Section("outro", 152, 166),
)
END = SCORE[-1].end


def section(name: str) -> Section:
    return next(each for each in SCORE if each.name == name)


def section_at(beat: float) -> Section:
    return next(each for each in SCORE if each.start <= beat < each.end)
