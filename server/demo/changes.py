"""What was done to make a version out of the one before: settings that were used, not measurements."""

from dataclasses import dataclass, field

from server.demo.processing.equaliser import Band
from server.demo.truth import Span, TimeMap


@dataclass(frozen=True)
class PartGain:
    """A part turned up (or down) by `db`; seconds of this version, edges fade over 40 ms."""

    part: str
    start: float
    end: float
    db: float


@dataclass(frozen=True)
class PartTone:
    """A part through these equaliser bands from `start` to `end`, seconds of this version."""

    part: str
    start: float
    end: float
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Mend:
    """A part's `start`..`end` replaced by what it plays from `source_start`, seconds of this version."""

    part: str
    start: float
    end: float
    source_start: float


@dataclass(frozen=True)
class Processing:
    """What a stage did, beside moving things in time. Parts not named were left as they were."""

    part_gains: tuple[PartGain, ...] = ()
    part_tones: tuple[PartTone, ...] = ()
    reverb_sends_db: dict[str, float] = field(default_factory=dict)
    mends: tuple[Mend, ...] = ()
    added: dict[str, tuple[Span, ...]] = field(default_factory=dict)  # new parts and where each sounds
    removed: tuple[str, ...] = ()
    mix_bands: tuple[Band, ...] = ()
    mix_gain_db: float = 0.0
    ceiling_dbfs: float | None = None  # the limiter's; None where there is none


@dataclass(frozen=True)
class Changes:
    """The truth about a version relative to the version `since` (None for the first).

    `same_take` says the audio itself was carried over; where it is False everything was played anew and
    only the time map and the sections (with their tempos) compare. `head_trim_frames` is what was cut from
    the very start, negative where silence was put before it. `lossy` names a codec that changes the audio a
    little.
    """

    since: int | None
    same_take: bool
    time_map: TimeMap | None
    processing: Processing
    head_trim_frames: int = 0
    lossy: str | None = None
