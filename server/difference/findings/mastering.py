"""What a master is judged by: peaks and what codecs make of them, tilt, limiting, low end in mono."""

from dataclasses import replace

import numpy as np

from server.difference.aligned import Doubles
from server.difference.codec_overs import peaks_after_codecs
from server.difference.findings.finding import Finding
from server.difference.findings.level import true_peak
from server.difference.measurements import Difference
from server.sound.third_octaves import CENTRES

_USED = (CENTRES > 45) & (CENTRES < 17000)
_LOW = CENTRES < 140
_CODECS_ADD_AT_MOST_DB = 4.0


def peaks(difference: Difference, *, ceiling_dbtp: float) -> list[Finding]:
    """A true peak over the ceiling, and what lossy codecs make of it; told alone where only they go over."""
    found = true_peak(difference, ceiling_dbtp=ceiling_dbtp)
    ours, theirs = (side.analysis.loudness.true_peak_dbtp for side in (difference.a, difference.b))
    higher = theirs is not None and (ours is None or theirs > ours + 0.1)
    if theirs is None or not higher or theirs < -_CODECS_ADD_AT_MOST_DB:
        return found
    coded = peaks_after_codecs(difference.b)
    overs = [peak for peak in coded if peak.dbtp > 0]
    if not overs:
        return found
    figures = ", ".join(
        f"{peak.codec.name} {peak.codec.bit_rate // 1000} kb/s {peak.dbtp:+.1f}" for peak in coded
    )
    detail = f"after a lossy codec {figures} dBTP in its highest places"
    if found:
        return [replace(found[0], detail=f"{found[0].detail}; {detail}")]
    worst = max(overs, key=lambda peak: peak.dbtp)
    return [
        Finding(
            "codec-overs",
            "Lossy codecs will push its peaks over full scale, where they are cut off.",
            f"{theirs:+.1f} dBTP; {detail}",
            weight=3.5 + worst.dbtp,
            amount=worst.dbtp,
            unit="dBTP",
            start=worst.start,
            end=worst.end,
        )
    ]


def tilt(difference: Difference) -> list[Finding]:
    """One slope through the whole tone, dB per octave: brighter or darker."""
    slope = tilt_db_per_octave(difference.tone_db)
    if abs(slope) < 0.08:
        return []
    return [
        Finding(
            "tilt",
            f"The whole is {'brighter' if slope > 0 else 'darker'}.",
            f"{slope:+.2f} dB per octave from 50 Hz to 16 kHz",
            weight=1 + 8 * abs(slope),
            amount=slope,
            unit="dB/octave",
        )
    ]


def tilt_db_per_octave(tone: Doubles) -> float:
    octaves = np.log2(CENTRES[_USED])
    octaves -= octaves.mean()
    return float(tone[_USED] @ octaves / np.sum(octaves**2))


def limiting(difference: Difference) -> list[Finding]:
    """What loudness cost: where the map's loud places gained less than its soft ones."""
    _, ours, theirs = difference.loudness_curves()
    heard = ours > (ours.max() - 25 if len(ours) else 0)
    if np.count_nonzero(heard) < 100:
        return []
    gain = theirs[heard] - ours[heard]
    loud = ours[heard] >= np.percentile(ours[heard], 75)
    soft = ours[heard] <= np.percentile(ours[heard], 25)
    squeezed = float(np.median(gain[soft]) - np.median(gain[loud]))
    if squeezed < 0.5:
        return []
    return [
        Finding(
            "limiting",
            "Loud places were held back, soft ones came up.",
            f"the loudest quarter gained {squeezed:.1f} dB less than the softest",
            weight=2 + squeezed,
            amount=squeezed,
            unit="dB",
        )
    ]


def low_end_in_mono(difference: Difference) -> list[Finding]:
    """Bass that differs left and right: trouble on vinyl and in clubs."""
    shares = []
    for rows in (difference.aligned.a, difference.aligned.b):
        low = (
            rows.mid[difference.aligned.heard][:, _LOW].sum(),
            rows.side[difference.aligned.heard][:, _LOW].sum(),
        )
        shares.append(float(low[1] / max(low[0] + low[1], 1e-20)))
    if abs(shares[1] - shares[0]) < 0.05:
        return []
    return [
        Finding(
            "low-end-width",
            f"The bass is {'less' if shares[1] > shares[0] else 'more'} in the middle than before.",
            f"side's share below 140 Hz {100 * shares[0]:.0f} to {100 * shares[1]:.0f} %",
            weight=2 + 10 * abs(shares[1] - shares[0]),
            amount=100 * (shares[1] - shares[0]),
            unit="%",
        )
    ]
