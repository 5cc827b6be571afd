"""Where every beat of the score sits in one version: straight pieces, exact to the sample."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from server.demo.audio import seconds_of
from server.demo.score.form import section_at


@dataclass(frozen=True)
class Place:
    """Beats `score_start`..`score_end` sound at frames `start`..`end`, evenly. `turn` is 0 where the score
    is played first, 1 where the same beats are played once more.
    """

    score_start: float
    score_end: float
    start: int
    end: int
    turn: int = 0

    @property
    def frames_per_beat(self) -> float:
        return (self.end - self.start) / (self.score_end - self.score_start)

    def frame_at(self, beat: float) -> float:
        return self.start + (beat - self.score_start) * self.frames_per_beat

    def beat_at(self, frame: float) -> float:
        return self.score_start + (frame - self.start) / self.frames_per_beat


@dataclass(frozen=True)
class NamedSpan:
    """A section as it is in one version: seconds, and the mean tempo in beats per minute."""

    name: str
    start: float
    end: float
    bpm: float


@dataclass(frozen=True)
class Timeline:
    """`places` in the order they sound; frames outside every place hold no music (silence, room)."""

    places: tuple[Place, ...]
    frames: int

    @property
    def duration(self) -> float:
        return seconds_of(self.frames)

    def place_at(self, frame: float) -> Place | None:
        return next((place for place in self.places if place.start <= frame < place.end), None)

    def frame_at(self, beat: float, turn: int = 0) -> float | None:
        """The frame a beat sounds at; None where it is not played."""
        for place in self.places:
            if place.turn == turn and place.score_start <= beat < place.score_end:
                return place.frame_at(beat)
        return None

    def let_go(self, place: Place, beat: float) -> float:
        """The frame at which what began in a place ends at a beat, which may lie in one of those that follow it."""
        for after in self.places[self.places.index(place) + 1 :]:
            runs_on = (after.score_start, after.start) == (place.score_end, place.end)
            if beat <= place.score_end or not runs_on:
                break
            place = after
        return place.frame_at(beat)

    def sounding(self, beat: float) -> float:
        """The frame a beat sounds at first; the beat has to be there."""
        frame = self.frame_at(beat)
        if frame is None:
            raise ValueError(f"beat {beat} is not played in this version")
        return frame

    @cached_property
    def sections(self) -> tuple[NamedSpan, ...]:
        runs: list[list[Place]] = []
        for place in self.places:
            name = section_at(place.score_start).name
            same = (
                runs and section_at(runs[-1][-1].score_start).name == name and runs[-1][-1].turn == place.turn
            )
            if same:
                runs[-1].append(place)
            else:
                runs.append([place])
        # What an edit left of the count-in, half a beat of breath, is no section.
        return tuple(_named_span(run) for run in runs if run[-1].score_end - run[0].score_start >= 1)

    def spans_of(self, *names: str) -> tuple[tuple[float, float], ...]:
        return tuple((each.start, each.end) for each in self.sections if each.name in names)

    def spliced(self, kept: Iterable[tuple[int, int]], head: int = 0) -> "Timeline":
        """The timeline after keeping only these frame ranges, joined in this order after `head` frames."""
        places: list[Place] = []
        at = head
        for first, last in kept:
            for place in self.places:
                start, end = max(first, place.start), min(last, place.end)
                if start < end:
                    places.append(
                        Place(
                            place.beat_at(start),
                            place.beat_at(end),
                            at + start - first,
                            at + end - first,
                            place.turn,
                        )
                    )
            at += last - first
        return Timeline(tuple(places), at)


def _named_span(run: list[Place]) -> NamedSpan:
    beats = sum(place.score_end - place.score_start for place in run)
    seconds = seconds_of(sum(place.end - place.start for place in run))
    name = section_at(run[0].score_start).name
    return NamedSpan(name, seconds_of(run[0].start), seconds_of(run[-1].end), 60 * beats / seconds)
