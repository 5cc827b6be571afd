"""Steel-string guitar: picked softly near the neck, strummed harder near the bridge."""

from functools import cache

from server.demo.audio import Audio
from server.demo.instruments.string import hz_of, plucked


@cache
def pick(pitch: int, variant: int, strummed: bool) -> Audio:
    return plucked(
        hz_of(pitch),
        seconds=3.2,
        seed=1000 * pitch + variant,
        plucked_at=0.13 if strummed else 0.27,
        brightness=3200 if strummed else 1700,
        ring_seconds=3.5 if strummed else 4.5,
    )
