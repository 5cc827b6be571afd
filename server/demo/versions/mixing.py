"""Versions 7 and 8: a first mix of everything, and a second after the band has heard it."""

from dataclasses import dataclass

import numpy as np

from server.demo.audio import Audio, frames_of, from_db, ramp
from server.demo.changes import PartGain, PartTone, Processing
from server.demo.performance import Parts
from server.demo.processing.convolution import convolve
from server.demo.processing.equaliser import Band, equalised, impulse_of
from server.demo.processing.reverb import Room, impulses_of
from server.demo.timelines import timeline

EDGE = frames_of(0.02)  # half the fade at either edge of an automated stretch


@dataclass(frozen=True)
class Strip:
    """A part's channel on the desk: fader, equaliser, a send to the plate or the room."""

    db: float
    bands: tuple[Band, ...]
    send: tuple[Room, float] | None = None


DESK = {
    "drums": Strip(0.5, (Band("peak", 380, -3, 1.0), Band("high shelf", 7000, 2.5))),
    "bass": Strip(0.5, (Band("low cut", 32), Band("peak", 240, -2, 1.0), Band("peak", 900, 2, 0.9))),
    "keys": Strip(2.0, (Band("low cut", 140), Band("peak", 420, -2, 0.8)), ("plate", -16)),
    "guitar": Strip(1.5, (Band("low cut", 150), Band("high shelf", 5000, 2))),
    "lead": Strip(1.0, (Band("low cut", 110), Band("peak", 3200, 2.5, 0.8)), ("plate", -11)),
    "backing": Strip(1.0, (Band("low cut", 220), Band("high shelf", 6000, 2)), ("plate", -8)),
    "pad": Strip(2.5, (Band("low cut", 200),)),
    "sweeps": Strip(-3.0, (Band("low cut", 30),)),
}
REMOVED = ("noise",)  # gated away

VOCAL_UP_DB = 2.0
VOCAL_UP_IN = ("chorus", "last chorus")
LESS_BOOM = (Band("low shelf", 120, -4.0),)
LESS_BOOM_IN = "verse 2"
BOOMY = ("drums", "bass")


def first_mix(produced: Parts) -> Parts:
    """Every part through its strip, shape (frames, 2); the room noise is gone."""
    return {name: _through(strip, produced[name]) for name, strip in DESK.items()}


def first_processing() -> Processing:
    end = timeline(7).duration
    return Processing(
        part_gains=tuple(PartGain(name, 0, end, strip.db) for name, strip in DESK.items()),
        part_tones=tuple(PartTone(name, 0, end, strip.bands) for name, strip in DESK.items()),
        reverb_sends_db={name: strip.send[1] for name, strip in DESK.items() if strip.send},
        removed=REMOVED,
    )


def second_mix(first: Parts) -> Parts:
    """The first mix, vocal up in the choruses, less low end in verse 2; other parts are the same arrays."""
    whole = timeline(8)
    louder = np.float32(from_db(VOCAL_UP_DB) - 1) * _within(whole.frames, *whole.spans_of(*VOCAL_UP_IN))
    parts = {**first, "lead": first["lead"] * (1 + louder)[:, None]}
    ((start, end),) = whole.spans_of(LESS_BOOM_IN)
    for name in BOOMY:
        parts[name] = _toned(first[name], LESS_BOOM, frames_of(start), frames_of(end))
    return parts


def second_processing() -> Processing:
    whole = timeline(8)
    ((start, end),) = whole.spans_of(LESS_BOOM_IN)
    return Processing(
        part_gains=tuple(PartGain("lead", *span, VOCAL_UP_DB) for span in whole.spans_of(*VOCAL_UP_IN)),
        part_tones=tuple(PartTone(name, start, end, LESS_BOOM) for name in BOOMY),
    )


def _through(strip: Strip, part: Audio) -> Audio:
    """Equaliser, fader and room in one convolution; the room hears the middle of what left the equaliser."""
    fader = np.float32(from_db(strip.db))
    equaliser = impulse_of(strip.bands) * fader
    if strip.send is None:
        return convolve(part, equaliser)
    room, send_db = strip.send
    tail = np.pad(impulses_of(room, 2).T, ((0, len(equaliser)), (0, 0)))
    wet = convolve(tail, equaliser).T * np.float32(from_db(send_db) / 2)
    impulses = np.stack([wet, wet], axis=1)  # every output hears both channels in the room
    for channel in (0, 1):
        impulses[channel, channel, : len(equaliser)] += equaliser
    return convolve(part, impulses)


def _within(frames: int, *spans: tuple[float, float]) -> Audio:
    """1 inside the spans (seconds), 0 outside, with a fade centred on every edge. Shape (frames,)."""
    edges = []
    for start, end in spans:
        first, last = frames_of(start), frames_of(end)
        edges += [(first - EDGE, 0.0), (first + EDGE, 1.0), (last - EDGE, 1.0), (last + EDGE, 0.0)]
    return ramp(frames, *edges)


def _toned(part: Audio, bands: tuple[Band, ...], start: int, end: int) -> Audio:
    """The part with its start..end (frames) through the bands, faded over at both edges."""
    first, last = start - 8 * EDGE, end + EDGE  # the filter needs a run-up
    toned = part.copy()
    inside = ramp(
        last - first, (7 * EDGE, 0.0), (9 * EDGE, 1.0), (end - EDGE - first, 1.0), (last - first, 0.0)
    )
    toned[first:last] += (equalised(part[first:last], bands) - part[first:last]) * inside[:, None]
    return toned
