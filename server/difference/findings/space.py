"""Width, mono, balance, room."""

import math

from server.difference.findings.finding import Finding
from server.difference.measurements import Difference

_TAILS_DB = 2.0
_TAILS_OCTAVES = 0.3  # a fifth longer or shorter
_NO_SIDE_DB = -45.0  # less is mono for everybody


def width(difference: Difference) -> list[Finding]:
    ours, theirs = difference.width_db()
    least = 1.0 if difference.time_map.shared else 3.0
    if abs(theirs - ours) < least or max(ours, theirs) < _NO_SIDE_DB:
        return []
    before, now = difference.correlation()
    plain = (
        "It is mono now."
        if theirs < _NO_SIDE_DB
        else f"It sounds {'wider' if theirs > ours else 'narrower'}."
    )
    return [
        Finding(
            "width",
            plain,
            f"side over mid {max(ours, -99):.1f} to {max(theirs, -99):.1f} dB, correlation {before:.2f} to {now:.2f}",
            weight=1 + 0.8 * min(8.0, abs(theirs - ours)),
            amount=max(theirs, -99.0) - max(ours, -99.0),
            unit="dB",
        )
    ]


def mono_loss(difference: Difference) -> list[Finding]:
    """On one loudspeaker, a phone or a kitchen radio."""
    ours, theirs = difference.mono_loss_db()
    if abs(theirs - ours) < 0.7:
        return []
    return [
        Finding(
            "mono",
            f"On a single loudspeaker it loses {'more' if theirs > ours else 'less'} than before.",
            f"softer by {ours:.1f} dB in mono before, by {theirs:.1f} dB now",
            weight=2 + abs(theirs - ours),
            amount=theirs - ours,
            unit="dB",
        )
    ]


def balance(difference: Difference) -> list[Finding]:
    shift = difference.balance_db()
    if abs(shift) < 0.7:
        return []
    return [
        Finding(
            "balance",
            f"It leans to the {'right' if shift > 0 else 'left'}.",
            f"right over left {shift:+.1f} dB against the version before",
            weight=1.5 + abs(shift),
            amount=shift,
            unit="dB",
        )
    ]


def room(difference: Difference) -> list[Finding]:
    """What is left where the music is softest: longer tails, more room, or more noise."""
    more, decay = difference.quiet_tails_db(), difference.decay
    if more is None or not difference.time_map.shared:
        return []
    longer = 0.0 if decay is None else math.log2(decay.now / decay.before)
    told = abs(longer) >= _TAILS_OCTAVES and longer * more >= 0
    if abs(more) < _TAILS_DB and not told:
        return []
    stops = (
        ""
        if decay is None
        else (
            f"; after {decay.stops} stops it falls by 60 dB in about {decay.now:.1f} s, {decay.before:.1f} s before"
        )
    )
    return [
        Finding(
            "tails",
            f"There is {'more' if more > 0 else 'less'} left ringing between the notes.",
            f"{more:+.1f} dB in the softest fifth, beyond the rest: room, reverb or noise{stops}",
            weight=1 + max(0.6 * abs(more), 2 * abs(longer) if told else 0.0),
            amount=more,
            unit="dB",
            confidence=0.85 if told else 0.7,
        )
    ]
