"""Distribution: is it the approved master, and what will each platform do to it?"""

import numpy as np

from server.difference.findings.faults import file_format, polarity
from server.difference.findings.finding import Finding
from server.difference.findings.level import clipping, level, true_peak
from server.difference.findings.structure import additions, cuts, trims
from server.difference.findings.tone import tone
from server.difference.measurements import Difference
from server.sound.third_octaves import CENTRES
from server.stages.platforms import PLATFORMS, gain_on
from server.stages.stage import Stage

_CODED_DB, _OTHER_DB = -45.0, -12.0
_LEVEL_CHANGED = 0.3


def lens(difference: Difference) -> list[Finding]:
    other_mix = tone(difference) if not _only_top(difference) else []
    return [
        *same_audio(difference),
        *polarity(difference),
        *cuts(difference, least=0.25),
        *additions(difference, least=0.25),
        *trims(difference),
        *other_mix,
        *level(difference),
        *platforms(difference),
        *true_peak(difference, ceiling_dbtp=-1.0),
        *clipping(difference),
        *file_format(difference),
    ]


def same_audio(difference: Difference) -> list[Finding]:
    """The null against the approved master: silent, a codec's trace, or another recording."""
    null = difference.null
    if null is None or null.depth_db <= _CODED_DB:
        return []
    coded = difference.b.analysis.facts.bit_depth is None and null.depth_db <= _OTHER_DB
    plain = (
        "It is the master, through a lossy codec."
        if coded
        else "This is not the audio of the approved master: it was changed after it."
    )
    return [
        Finding(
            "coded" if coded else "not-the-master",
            plain,
            f"residual {null.depth_db:.0f} dB after matching gain ({null.gain_db:+.1f} dB) and delay",
            weight=2.5 if coded else 9.5,
            amount=null.depth_db,
            unit="dB",
        )
    ]


def platforms(difference: Difference) -> list[Finding]:
    """One line for all, told when the loudness is another one than before."""
    before, now = difference.a.analysis.loudness, difference.b.analysis.loudness
    if now.integrated_lufs is None or now.true_peak_dbtp is None:
        return []
    if (
        before.integrated_lufs is not None
        and abs(now.integrated_lufs - before.integrated_lufs) < _LEVEL_CHANGED
    ):
        return []
    gains = {p.name: gain_on(p, now.integrated_lufs, now.true_peak_dbtp) for p in PLATFORMS}
    least, most = min(gains.values()), max(gains.values())
    return [
        Finding(
            "platforms",
            "Streaming services will turn it down." if most < -0.05 else
            "Streaming services will play it as it is, or turn it up." if least > -0.05 else
            "Some streaming services will turn it down, others up or not at all.",
            "; ".join(f"{name} {gain:+.1f} dB" for name, gain in gains.items()),
            weight=2.0 + 0.1 * abs(least),
            amount=least,
            unit="dB",
        )
    ]  # fmt: skip


def _only_top(difference: Difference) -> bool:
    """A codec takes the very top away: that is told with the codec."""
    coded = difference.b.analysis.facts.bit_depth is None
    return coded and bool(np.all(np.abs(difference.tone_db[CENTRES < 14000]) < 0.5))


DISTRIBUTION = Stage(
    key="distribution",
    name="Distribution",
    hint="The file that goes out to shops and streaming.",
    purpose="The approved master goes out to shops and streaming services. "
    "Nothing may have changed by accident, and everybody should know what each service will do to it.",
    questions=(
        "Is this the version everybody agreed on?",
        "Does it begin and end where it should?",
        "Do you hear any crackle or swishing that was not there before?",
        "Are title, names and order right?",
    ),
    lens=lens,
)
