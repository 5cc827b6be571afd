"""How busy it is, how much it lifts, what came in and what left, hits."""

import numpy as np

from server.difference.findings.finding import Finding, during, how_much, listed
from server.difference.measurements import Difference
from server.difference.places import REGIONS, Place


def density(difference: Difference) -> list[Finding]:
    ours, theirs = difference.onsets_per_second()
    if min(ours, theirs) < 0.5 or 0.8 < theirs / ours < 1.25:
        return []
    return [
        Finding(
            "density",
            f"It is {'busier' if theirs > ours else 'sparser'}: {'more' if theirs > ours else 'fewer'} notes and hits "
            "a second.",
            f"{ours:.1f} to {theirs:.1f} onsets a second",
            weight=2 + 3 * abs(float(np.log2(theirs / ours))),
            amount=theirs - ours,
            unit="onsets/s",
            confidence=0.7,
        )
    ]


def contrast(difference: Difference) -> list[Finding]:
    """How far the loudest and the softest quarters of a minute are apart: verse and chorus."""
    ours, theirs = (_contrast(curve) for curve in difference.loudness_curves()[1:])
    if ours is None or theirs is None or abs(theirs - ours) < 1.5:
        return []
    return [
        Finding(
            "contrast",
            f"Loud and soft parts are {'further apart' if theirs > ours else 'closer together'}.",
            f"80th over 20th percentile of the short-term loudness {ours:.1f} to {theirs:.1f} LU",
            weight=2 + abs(theirs - ours),
            amount=theirs - ours,
            unit="LU",
        )
    ]


def _contrast(curve: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> float | None:
    heard = curve[curve > -60]
    if len(heard) < 100:
        return None
    low, high = np.percentile(heard, (20, 80))
    return float(high - low)


def layers(difference: Difference, *, least_db: float = 2.0, shortest: float = 3.0) -> list[Finding]:
    """Parts of the spectrum that came in or left for a while, and what that means."""
    found = []
    for group in _at_once(
        [p for p in difference.places if abs(p.db) >= least_db and p.end - p.start >= shortest]
    ):
        main = max(group, key=lambda place: abs(place.db) * (0.02 + place.share))
        names = listed([f"the {REGIONS[i].name}" for i in sorted({place.region for place in group})])
        start, end = min(place.start for place in group), max(place.end for place in group)
        more = main.db > 0
        found.append(
            Finding(
                "layer",
                f"{during(start, end).capitalize()}, there is {how_much(main.db)} {'more' if more else 'less'} in "
                f"{names}: something {'came in or was turned up' if more else 'left or was turned down'}.",
                "; ".join(f"{REGIONS[p.region].low_hertz:g} to {REGIONS[p.region].high_hertz:g} Hz {p.db:+.1f} dB "
                          f"({p.start:.1f} to {p.end:.1f} s)" for p in group),
                weight=2 + min(6.0, abs(main.db) * (0.3 + main.share)),
                amount=main.db,
                unit="dB",
                start=start,
                end=end,
                confidence=0.8,
            )
        )  # fmt: skip
    return found


def hits(difference: Difference, *, longest: float = 3.0) -> list[Finding]:
    """Short and strong: an impact, a reversed cymbal, the end of a riser."""
    found = []
    for group in _at_once([p for p in difference.places if p.db >= 3 and p.end - p.start < longest]):
        main = max(group, key=lambda place: place.db * (0.02 + place.share))
        start, end = min(place.start for place in group), max(place.end for place in group)
        found.append(
            Finding(
                "hit",
                f"A short sound is new {during(start, end)}, mostly in the {REGIONS[main.region].name}.",
                "; ".join(f"{REGIONS[p.region].low_hertz:g} to {REGIONS[p.region].high_hertz:g} Hz {p.db:+.1f} dB"
                          for p in group),
                weight=2 + min(5.0, main.db * (0.2 + main.share)),
                amount=main.db,
                unit="dB",
                start=start,
                end=end,
                confidence=0.8,
            )
        )  # fmt: skip
    return found


def _at_once(places: list[Place]) -> list[list[Place]]:
    groups: list[list[Place]] = []
    for place in sorted(places, key=lambda each: each.start):
        last = groups[-1] if groups else None
        if (
            last
            and place.start < max(other.end for other in last) - 0.2
            and (place.db > 0) == (last[0].db > 0)
        ):
            last.append(place)
        else:
            groups.append([place])
    return groups
