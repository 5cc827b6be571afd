"""Version 6: risers, reversed cymbals and hits around the section changes, and a pad under the big parts."""

from server.demo.audio import Audio, seconds_of
from server.demo.changes import Processing
from server.demo.instruments import sweeps
from server.demo.performance import MACHINE, Parts, perform, silence
from server.demo.score.accompaniment import pad_notes
from server.demo.score.form import section
from server.demo.timelines import timeline
from server.demo.truth import Span

HITS = ("chorus", "last chorus", "outro")  # each lands on the section's first beat
REVERSED = ("chorus", "bridge")  # a cymbal swells into it
RISER_BEATS = 8  # before the last chorus
HIT_LEVEL, REVERSED_LEVEL, RISER_LEVEL = 0.4, 0.3, 0.5


def produced(edited: Parts) -> Parts:
    """The edit's parts as they were, and two more of shape (frames, 2): `pad` and `sweeps`."""
    pad = perform(pad_notes(), timeline(6), MACHINE)["pad"]
    return {**edited, "pad": pad, "sweeps": _sweeps()}


def processing() -> Processing:
    spans = sorted((seconds_of(start), seconds_of(start + len(wave))) for start, wave, _ in _events())
    pads = timeline(6).spans_of("chorus", "bridge", "last chorus", "outro")
    return Processing(added={"pad": pads, "sweeps": _merged(spans)})


def _sweeps() -> Audio:
    part = silence(timeline(6).frames)
    for start, wave, level in _events():
        stretch = part[start : start + len(wave)]
        stretch += wave[: len(stretch), None] * level
    return part


def _events() -> list[tuple[int, Audio, float]]:
    """Every sweep as (first frame, mono wave, level)."""

    def beat_one(name: str) -> int:
        return round(timeline(6).sounding(section(name).start))

    climax = beat_one("last chorus")
    riser = sweeps.riser(climax - round(timeline(6).sounding(section("last chorus").start - RISER_BEATS)))
    events = [(climax - len(riser), riser, RISER_LEVEL)]
    events += [(beat_one(name), sweeps.impact(), HIT_LEVEL) for name in HITS]
    swell = sweeps.reversed_crash()
    events += [(beat_one(name) - len(swell), swell, REVERSED_LEVEL) for name in REVERSED]
    return events


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
