"""Version 5: count-in and half of verse 2 cut, a joint pulled in, a wrong bass note mended."""

from itertools import pairwise

import numpy as np

from server.demo.audio import Audio, from_db, seconds_of
from server.demo.changes import Mend, PartGain, Processing
from server.demo.performance import Parts
from server.demo.timelines import kept_by_the_edit, timeline
from server.demo.versions.recording import WRONG_NOTE

CROSSFADE = 128  # frames on either side of a joint
NOISE_DB = -9.0
MEND_BEATS = (WRONG_NOTE[0], WRONG_NOTE[1], 12.0)  # start, end, and where the same bar is played right


def edited(recording: Parts) -> Parts:
    """The recording's parts after the edit, shape (frames, 2)."""
    kept = kept_by_the_edit()
    parts = {name: _spliced(part, kept) for name, part in recording.items()}
    parts["noise"] *= np.float32(from_db(NOISE_DB))
    start, end, source = (round(timeline(5).sounding(beat)) for beat in MEND_BEATS)
    _paste(parts["bass"], start, end, source)
    return parts


def processing() -> Processing:
    whole = timeline(5)
    start, end, source = (seconds_of(round(whole.sounding(beat))) for beat in MEND_BEATS)
    return Processing(
        part_gains=(PartGain("noise", 0, whole.duration, NOISE_DB),),
        mends=(Mend("bass", start, end, source),),
    )


def _spliced(part: Audio, kept: tuple[tuple[int, int], ...]) -> Audio:
    """The kept ranges joined; around a joint one fades into the other, both running on past their ends."""
    joined = np.concatenate([part[start:end] for start, end in kept])
    fade = np.linspace(0, 1, 2 * CROSSFADE, dtype=np.float32)[:, None]
    at = 0
    for (start, end), (following, _) in pairwise(kept):
        at += end - start
        leaving = part[end - CROSSFADE : end + CROSSFADE]
        arriving = part[following - CROSSFADE : following + CROSSFADE]
        joined[at - CROSSFADE : at + CROSSFADE] = leaving * (1 - fade) + arriving * fade
    return joined


def _paste(part: Audio, start: int, end: int, source: int) -> None:
    frames = end - start
    envelope = np.ones((frames, 1), dtype=np.float32)
    envelope[:CROSSFADE, 0] = np.linspace(0, 1, CROSSFADE)
    envelope[-CROSSFADE:, 0] = np.linspace(1, 0, CROSSFADE)
    part[start:end] = part[start:end] * (1 - envelope) + part[source : source + frames] * envelope
