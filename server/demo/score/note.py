"""One note of the score."""

from typing import NamedTuple


class Note(NamedTuple):
    """`beat` and `length` are in beats, `pitch` is a MIDI number, `delay` in seconds spreads a strum."""

    part: str
    beat: float
    length: float
    pitch: int
    velocity: float
    voice: str = ""
    pan: float = 0.0
    delay: float = 0.0
