"""Loudness, peaks and dynamics."""

from server.difference.findings.finding import Finding, how_much, listed
from server.difference.measurements import Difference
from server.difference.places import REGIONS

_JUST_HEARD_DB = 0.3
_CREST_DB = 1.5


def level(difference: Difference, *, least_db: float = _JUST_HEARD_DB) -> list[Finding]:
    """One finding: how much louder B is, along the map."""
    louder = -difference.matched_gain_db
    if abs(louder) < least_db:
        return []
    ours, theirs = difference.a.analysis.loudness, difference.b.analysis.loudness
    word = "louder" if louder > 0 else "quieter"
    return [
        Finding(
            "level",
            f"The whole song is {how_much(louder)} {word}.",
            f"{louder:+.1f} dB along the map; {_figure(ours.integrated_lufs)} to "
            f"{_figure(theirs.integrated_lufs)} LUFS",
            weight=2 + abs(louder),
            amount=louder,
            unit="dB",
        )
    ]


def dynamics(difference: Difference) -> list[Finding]:
    """How far peaks stand out (PLR), and how far soft and loud are apart (range)."""
    ours, theirs = difference.a.analysis.loudness, difference.b.analysis.loudness
    found = []
    if ours.plr_db is not None and theirs.plr_db is not None and abs(theirs.plr_db - ours.plr_db) >= 1:
        change = theirs.plr_db - ours.plr_db
        found.append(
            Finding(
                "dynamics",
                f"Peaks stand out {how_much(change)} {'more' if change > 0 else 'less'}: it sounds "
                f"{'livelier' if change > 0 else 'denser'}.",
                f"PLR {ours.plr_db:.1f} to {theirs.plr_db:.1f} dB, PSR {_figure(ours.psr_db)} to "
                f"{_figure(theirs.psr_db)} dB",
                weight=1 + abs(change),
                amount=change,
                unit="dB",
            )
        )
    if (
        ours.range_lu is not None
        and theirs.range_lu is not None
        and abs(theirs.range_lu - ours.range_lu) >= 1
    ):
        change = theirs.range_lu - ours.range_lu
        found.append(
            Finding(
                "range",
                f"Soft and loud parts are {'further apart' if change > 0 else 'closer together'}.",
                f"loudness range {ours.range_lu:.1f} to {theirs.range_lu:.1f} LU",
                weight=1 + 0.7 * abs(change),
                amount=change,
                unit="LU",
            )
        )
    return found


def crest(difference: Difference) -> list[Finding]:
    """Which part of the spectrum lost its peaks, or found them; one finding for all that went the same way."""
    changes = difference.crest_by_region if difference.time_map.shared else None
    if changes is None:
        return []
    found = []
    for sign in (1, -1):
        moved = [index for index in range(len(REGIONS)) if sign * changes[index] >= _CREST_DB]
        if not moved:
            continue
        most = max((float(changes[index]) for index in moved), key=abs)
        names = listed([f"the {REGIONS[index].name}" for index in moved])
        found.append(
            Finding(
                "crest",
                f"In {names}, peaks stand out {how_much(most)} {'more' if sign > 0 else 'less'}.",
                "; ".join(
                    f"{REGIONS[index].low_hertz:g} to {REGIONS[index].high_hertz:g} Hz crest {changes[index]:+.1f} dB"
                    for index in moved
                ),
                weight=0.6 + 0.5 * abs(most),
                amount=most,
                unit="dB",
            )
        )
    return found


def attack(difference: Difference) -> list[Finding]:
    ratio = difference.attack()
    if 0.8 < ratio < 1.25 or not difference.time_map.related:
        return []
    return [
        Finding(
            "attack",
            f"Attacks are {'sharper' if ratio > 1 else 'softer'}.",
            f"the strongest onsets rise {ratio:.2f} times as much",
            weight=1 + 4 * abs(ratio - 1),
            amount=ratio,
            unit="ratio",
        )
    ]


def true_peak(difference: Difference, *, ceiling_dbtp: float) -> list[Finding]:
    """A true peak over what codecs and players bear, if it was not there before."""
    ours, theirs = (side.analysis.loudness.true_peak_dbtp for side in (difference.a, difference.b))
    if theirs is None or theirs <= ceiling_dbtp or (ours is not None and theirs <= ours + 0.1):
        return []
    overs = difference.b.analysis.loudness.overs
    at = overs[0] if overs else (None, None)
    return [
        Finding(
            "true-peak",
            "Its peaks are so high that some players and codecs will distort them.",
            f"{theirs:+.1f} dBTP, wanted at most {ceiling_dbtp:+.1f}; over full scale in {len(overs)} places",
            weight=4 + max(0.0, theirs - ceiling_dbtp),
            amount=theirs,
            unit="dBTP",
            start=at[0],
            end=at[1],
        )
    ]


def clipping(difference: Difference) -> list[Finding]:
    before, now = difference.a.analysis.loudness, difference.b.analysis.loudness
    if now.clipped_samples <= 1.2 * before.clipped_samples + 2:
        return []
    start, end = now.clips[0]
    return [
        Finding(
            "clipping",
            f"It is clipped in {len(now.clips)} {'place' if len(now.clips) == 1 else 'places'}: peaks are cut off "
            "flat.",
            f"{now.clipped_samples} samples at full scale, {before.clipped_samples} before",
            weight=5 + min(4.0, len(now.clips) / 10),
            amount=float(now.clipped_samples),
            unit="samples",
            start=start,
            end=end,
        )
    ]


def _figure(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f}"
