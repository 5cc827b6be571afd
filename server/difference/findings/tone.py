"""Tone and balance: throughout, and in places."""

import math
from itertools import pairwise

import numpy as np

from server.difference.aligned import k_weights, own_share, ratio_db
from server.difference.findings.finding import Finding, during, how_much, listed
from server.difference.measurements import Difference
from server.difference.places import REGIONS, Place
from server.sound.third_octaves import CENTRES, NOMINAL

_LEAST_DB, _LEAST_DB_ANEW = 0.5, 2.0
_INAUDIBLE_SHARE = 3e-4
_TOGETHER = 0.5
_LEAST_IN_PLACES_DB = 0.5


def tone(difference: Difference) -> list[Finding]:
    """What an equaliser over everything would do: neighbouring third octaves that moved together are one, and so are
    those of one region that moved the same way."""
    least = _LEAST_DB if difference.time_map.shared else _LEAST_DB_ANEW
    usual = _usual_tone(difference)
    regions: dict[tuple[str, bool], list[slice]] = {}
    for first, last in _stretches(usual, least):
        regions.setdefault((_band_name(first, last), bool(usual[first] > 0)), []).append(slice(first, last))
    return [_throughout(name, usual, stretches) for (name, _), stretches in regions.items()]


def _throughout(
    name: str, usual: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", stretches: list[slice]
) -> Finding:
    part = np.concatenate([usual[stretch] for stretch in stretches])
    peak = float(part[np.abs(part).argmax()])
    hertz = listed([_hertz(stretch) for stretch in stretches])
    return Finding(
        "tone",
        f"{name.capitalize()} is {how_much(peak)} {'louder' if peak > 0 else 'quieter'} throughout.",
        f"{hertz}: {peak:+.1f} dB at the most, {float(part.mean()):+.1f} dB in the mean, at equal loudness",
        weight=abs(peak) * (1 + 0.35 * math.log2(len(part))),
        amount=peak,
        unit="dB",
    )


def _hertz(stretch: slice) -> str:
    low, high = NOMINAL[stretch.start], NOMINAL[stretch.stop - 1]
    return f"{low:g} Hz" if low == high else f"{low:g} to {high:g} Hz"


def _usual_tone(difference: Difference) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """(30,): the middle of what each band does over time, so that one loud place has no say; 0 where
    nothing is heard."""
    aligned = difference.aligned
    if not aligned.heard.any():
        return np.zeros(len(CENTRES))
    ours, theirs = aligned.a.both[aligned.heard], aligned.b.both[aligned.heard]
    size = 20
    whole = len(ours) // size * size
    if whole < 3 * size:
        return difference.tone_db
    shares = np.maximum(ours.sum(axis=0), theirs.sum(axis=0)) * k_weights()
    own = own_share(ours, theirs)
    ours, theirs = (
        (own * part)[:whole].reshape(-1, size, part.shape[1]).sum(axis=1) for part in (ours, theirs)
    )
    differences = ratio_db(theirs, ours, floor=1e-30)
    usual = _weighted_median(differences, np.sqrt(np.sqrt(ours * theirs)))
    usual = usual + difference.matched_gain_db
    # The middle of all bands is level, not tone.
    heard = shares > _INAUDIBLE_SHARE * shares.sum()
    usual -= float(np.median(usual[heard])) if heard.any() else 0.0
    return np.where(heard, usual, 0.0)


def _weighted_median(
    values: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]",
    weights: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]",
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """Of each column: what has half of the weight below it."""
    order = np.argsort(values, axis=0)
    sums = np.cumsum(np.take_along_axis(weights, order, axis=0), axis=0)
    middle = (sums < sums[-1] / 2).sum(axis=0)
    rows = np.take_along_axis(order, np.minimum(middle, len(values) - 1)[None], axis=0)
    return np.asarray(np.take_along_axis(values, rows, axis=0)[0])


def _stretches(
    usual: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", least: float
) -> list[tuple[int, int]]:
    signs = np.where(np.abs(usual) >= least, np.sign(usual), 0)
    edges = [0, *(np.flatnonzero(np.diff(signs)) + 1).tolist(), len(signs)]
    return [(first, last) for first, last in pairwise(edges) if signs[first]]


def _band_name(first: int, last: int) -> str:
    middle = float(np.sqrt(CENTRES[first] * CENTRES[last - 1]))
    return next(f"the {region.name}" for region in REGIONS if region.low_hertz <= middle < region.high_hertz)


def in_places(difference: Difference, *, least_share: float = 0.01) -> list[Finding]:
    """Places that differ from the rest, regions that moved together told as one."""
    found = []
    for group in _grouped([place for place in difference.places if place.share >= least_share]):
        main = max(group, key=lambda place: abs(place.db) * math.sqrt(place.share))
        if abs(main.db) < _LEAST_IN_PLACES_DB:
            continue
        start, end = min(place.start for place in group), max(place.end for place in group)
        names = listed([f"the {REGIONS[index].name}" for index in sorted({place.region for place in group})])
        seconds = end - start
        found.append(
            Finding(
                "louder" if main.db > 0 else "quieter",
                f"{during(start, end).capitalize()}, {names} {'is' if len(group) == 1 else 'are'} "
                f"{how_much(main.db)} {'louder' if main.db > 0 else 'quieter'}.",
                "; ".join(
                    f"{REGIONS[place.region].low_hertz:g} to {REGIONS[place.region].high_hertz:g} Hz "
                    f"{place.db:+.1f} dB" for place in group
                ) + ", against the rest of the song",
                weight=min(9.0, 1 + abs(main.db) * (0.4 + 2 * math.sqrt(main.share)) * min(1.5, 0.5 + seconds / 8)),
                amount=main.db,
                unit="dB",
                start=start,
                end=end,
            )
        )  # fmt: skip
    return found


def _grouped(places: list[Place]) -> list[list[Place]]:
    groups: list[list[Place]] = []
    for place in sorted(places, key=lambda each: -(each.end - each.start)):
        for group in groups:
            same_sign = (group[0].db > 0) == (place.db > 0)
            if (
                same_sign
                and _overlap(group[0], place)
                and all(place.region != other.region for other in group)
            ):
                group.append(place)
                break
        else:
            groups.append([place])
    return [sorted(group, key=lambda each: each.region) for group in groups]


def _overlap(one: Place, other: Place) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared > _TOGETHER * min(one.end - one.start, other.end - other.start)
