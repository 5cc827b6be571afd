"""What went wrong at the recording, or was put right: noise, hum, offset, polarity, format."""

from server.difference.findings.finding import Finding
from server.difference.measurements import Difference


def noise(difference: Difference) -> list[Finding]:
    ours, theirs = (side.analysis.background.noise_floor_db for side in (difference.a, difference.b))
    if ours is None or theirs is None:
        return []
    change = theirs - ours + difference.matched_gain_db
    if abs(change) < 3 or max(ours, theirs) < -85:
        return []
    return [
        Finding(
            "noise",
            f"There is {'more' if change > 0 else 'less'} noise in the pauses.",
            f"noise floor {ours:.0f} to {theirs:.0f} dBFS, {change:+.1f} dB at equal loudness",
            weight=2 + 0.25 * abs(change),
            amount=change,
            unit="dB",
        )
    ]


def hum(difference: Difference) -> list[Finding]:
    ours, theirs = difference.a.analysis.background, difference.b.analysis.background
    level = theirs.hum_db if theirs.hum_db is not None else ours.hum_db
    if (ours.hum_hertz is None) == (theirs.hum_hertz is None) or level is None:
        return []
    came = theirs.hum_hertz is not None
    return [
        Finding(
            "hum",
            "Mains hum can be heard in the pauses." if came else "The mains hum is gone.",
            f"{theirs.hum_hertz or ours.hum_hertz:.0f} Hz and its multiples, {level:.0f} dBFS",
            weight=4.5 if came else 3.5,
            amount=level,
            unit="dBFS",
        )
    ]


def offset(difference: Difference) -> list[Finding]:
    ours, theirs = (
        max((abs(value) for value in side.analysis.loudness.dc_offset), default=0.0)
        for side in (difference.a, difference.b)
    )
    if theirs < 0.003 or theirs < 2 * ours:
        return []
    return [
        Finding(
            "dc-offset",
            "The waveform does not rest at zero; a cut in it may click.",
            f"DC offset {100 * ours:.2f} to {100 * theirs:.2f} % of full scale",
            weight=2.5,
            amount=100 * theirs,
            unit="%",
        )
    ]


def polarity(difference: Difference) -> list[Finding]:
    """The whole upside down, or one channel of two."""
    if difference.upside_down:
        return [
            Finding(
                "polarity",
                "The waveform is upside down; alone it sounds the same, together with the other it cancels.",
                "polarity inverted against the version before",
                weight=3.0,
            )
        ]
    before, now = difference.correlation()
    if difference.one_channel_flipped:
        return [
            Finding(
                "polarity",
                "One of the two channels is upside down: it sounds hollow, and vanishes on one loudspeaker.",
                f"correlation {before:.2f} to {now:.2f}",
                weight=8.0,
                amount=now,
                unit="correlation",
            )
        ]
    return []


def headroom(difference: Difference) -> list[Finding]:
    """Peaks so near full scale that the next louder note would clip."""
    ours, theirs = (side.analysis.loudness.sample_peak_dbfs for side in (difference.a, difference.b))
    if ours is None or theirs is None or theirs < -1.0 or ours > -3.0:
        return []
    return [
        Finding(
            "headroom",
            "It was recorded so loud that there is no room left for a louder note.",
            f"highest peak {ours:.1f} to {theirs:.1f} dBFS",
            weight=3.0,
            amount=theirs,
            unit="dBFS",
        )
    ]


def file_format(difference: Difference) -> list[Finding]:
    """Another sample rate, bit depth, number of channels or kind of file."""
    ours, theirs = difference.a.analysis.facts, difference.b.analysis.facts
    changed = []
    if ours.sample_rate != theirs.sample_rate:
        changed.append(f"{ours.sample_rate / 1000:g} to {theirs.sample_rate / 1000:g} kHz")
    if ours.bit_depth != theirs.bit_depth:
        changed.append(f"{_bits(ours.bit_depth)} to {_bits(theirs.bit_depth)}")
    if ours.channels != theirs.channels:
        changed.append(f"{ours.channels} to {theirs.channels} channels")
    if not changed:
        return []
    return [
        Finding(
            "format",
            f"The file is of another kind: {', '.join(changed)}.",
            f"{ours.codec} in {ours.container} to {theirs.codec} in {theirs.container}",
            weight=2.0,
        )
    ]


def _bits(depth: int | None) -> str:
    return f"{depth} bit" if depth else "lossy"
