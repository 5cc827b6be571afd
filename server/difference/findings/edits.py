"""Exactly which spots were edited: joints moved by milliseconds, bars that no longer null, joins that click."""

from itertools import pairwise

import numpy as np

from server.difference.findings.finding import Finding, clock, during
from server.difference.measurements import Difference
from server.difference.null import BAR_SECONDS, Null
from server.sound.reading import open_audio

_SMALLEST_SHIFT = 0.0008
_EDITED_ABOVE_USUAL_DB = 15.0
_EDITED_AT_LEAST_DB = -35.0
_CLICK = 8.0  # times the usual roughness
_SAME_SPOT = 1.5


def moved_joints(difference: Difference) -> list[Finding]:
    """Cuts and gaps too short to be heard as such, in milliseconds."""
    found = []
    lines = sorted((line for line in difference.time_map.lines if line.shared), key=lambda line: line.b_start)
    for before, after in pairwise(lines):
        if abs(after.b_start - before.b_end) > 0.1 or abs(after.a_start - before.a_end) > 0.6:
            continue
        shift = (after.b_start - after.a_start) - (before.b_end - before.a_end)
        if _SMALLEST_SHIFT < abs(shift) < 0.6:
            words = "comes sooner" if shift < 0 else "comes later"
            found.append(
                Finding(
                    "moved-joint",
                    f"From {clock(after.b_start)} on, everything {words} by {abs(1000 * shift):.0f} thousandths of a "
                    "second.",
                    f"joint at {after.b_start:.3f} s moved by {1000 * shift:+.1f} ms",
                    weight=4 + min(3.0, 20 * abs(shift)),
                    amount=1000 * shift,
                    unit="ms",
                    start=after.b_start,
                    end=after.b_start,
                    confidence=min(before.confidence, after.confidence),
                )
            )
    return found


def edited_spots(difference: Difference) -> list[Finding]:
    """Where B is no longer A, while the rest still is. Silent where the whole was processed."""
    null = difference.null
    if null is None:
        return []
    joints = _joints(difference)
    spots = [spot for spot in _spots(null) if not _is_a_joint(*spot[:2], joints)]
    tempo = difference.b.analysis.tempo
    _, bars = null.by_bar(tempo.bpm if tempo else None)
    count = (
        f"{np.count_nonzero(bars > _EDITED_AT_LEAST_DB)} of {len(bars)} {'bars' if tempo else 'half seconds'}"
    )
    return [
        Finding(
            "edited",
            f"Something was changed {during(start, end)}; around it the audio is the same.",
            f"residual {residual:.0f} dB there, {float(np.median(null.residual_db)):.0f} dB elsewhere, after matching "
            f"gain and delay; {count} are not null",
            weight=5 + min(3.0, (end - start) / 4),
            amount=residual,
            unit="dB",
            start=start,
            end=end,
        )
        for start, end, residual in spots
    ]


def _spots(null: Null) -> list[tuple[float, float, float]]:
    """(start, end, residual dB): bars far above what the others leave."""
    heard = null.level_db > max(-70.0, float(null.level_db.max()) - 45)
    if not heard.any():
        return []
    usual = float(np.median(null.residual_db[heard]))
    least = max(usual + _EDITED_ABOVE_USUAL_DB, _EDITED_AT_LEAST_DB)
    # What is softer than a pause is noise, which editors turn down.
    loud_enough = null.residual_db + null.level_db > float(null.level_db.max()) - 45
    hits = np.flatnonzero(heard & loud_enough & (null.residual_db > least))
    if not len(hits) or len(hits) > 0.4 * np.count_nonzero(heard):
        return []
    parts = np.split(hits, np.flatnonzero(np.diff(null.starts[hits]) > _SAME_SPOT) + 1)
    return [
        (float(null.starts[p[0]]), float(null.starts[p[-1]]) + BAR_SECONDS, float(null.residual_db[p].max()))
        for p in parts
    ]


def _is_a_joint(start: float, end: float, joints: list[float]) -> bool:
    """Only the crossfade of a joint, which is told already, or what the map misses it by."""
    near = any(start - BAR_SECONDS <= joint <= end + BAR_SECONDS for joint in joints)
    return near and end - start < 2.5 * BAR_SECONDS


def _joints(difference: Difference) -> list[float]:
    """Seconds of B at which two pieces meet. Lines that run on in both are one piece."""
    lines = sorted(difference.time_map.lines, key=lambda line: line.b_start)
    return sorted(
        {
            edge
            for before, after in pairwise(lines)
            for edge in (before.b_end, after.b_start)
            if line_breaks(before.a_end, after.a_start, before.b_end, after.b_start)
        }
    )


def suspicious_joins(difference: Difference) -> list[Finding]:
    """A step in the waveform where two pieces meet: heard as a click."""
    path = difference.b.path
    if path is None:
        return []
    found: list[Finding] = []
    with open_audio(path) as reader:
        rate = reader.sample_rate
        for joint in _joints(difference):
            if found and joint - (found[-1].start or 0.0) < 0.2:
                continue
            first = max(0, round((joint - 0.25) * rate))
            block = next(reader.blocks(round(0.5 * rate), start=first), None)
            if block is None or block.frames < 0.2 * rate:
                continue
            roughness, at = _roughest(block.samples, rate)
            if roughness > _CLICK:
                place = (first + at) / rate
                found.append(
                    Finding(
                        "click",
                        f"The join at {clock(place)} may click.",
                        f"at {place:.3f} s the waveform bends {roughness:.0f} times as sharply as around it",
                        weight=6.0,
                        amount=roughness,
                        unit="ratio",
                        start=place,
                        end=place,
                        confidence=min(1.0, 0.5 + roughness / 60),
                    )
                )
    return found


def line_breaks(a_end: float, a_start: float, b_end: float, b_start: float) -> bool:
    """Whether going from one line to the next leaves the straight."""
    return abs((a_start - a_end) - (b_start - b_end)) > _SMALLEST_SHIFT


def _roughest(samples: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]", rate: int) -> tuple[float, int]:
    """The sharpest bend within 60 ms of the middle, against the 99th percentile of its surroundings."""
    bends = np.abs(np.diff(samples.astype(np.float64), n=2, axis=1)).max(axis=0)
    middle, reach = len(bends) // 2, round(0.06 * rate)
    near = bends[middle - reach : middle + reach]
    beside = np.concatenate((bends[: middle - reach], bends[middle + reach :]))
    usual = float(np.percentile(beside, 99))
    at = middle - reach + int(near.argmax())
    return float(near.max()) / max(usual, 1e-4), at + 1
