"""Mastering: is it ready for every loudspeaker? Loudness, peaks, what limiting costs, tilt, overs."""

from server.difference.findings.faults import file_format, offset, polarity
from server.difference.findings.finding import Finding
from server.difference.findings.level import clipping, crest, dynamics, level
from server.difference.findings.mastering import limiting, low_end_in_mono, peaks, tilt
from server.difference.findings.space import width
from server.difference.findings.structure import additions, cuts, trims
from server.difference.measurements import Difference
from server.stages.stage import Stage

CEILING_DBTP = -1.0  # EBU R 128 and AES TD1008: lossy codecs add about a decibel


def lens(difference: Difference) -> list[Finding]:
    return [
        *level(difference),
        *polarity(difference),
        *peaks(difference, ceiling_dbtp=CEILING_DBTP),
        *clipping(difference),
        *dynamics(difference),
        *crest(difference),
        *limiting(difference),
        *tilt(difference),
        *low_end_in_mono(difference),
        *width(difference),
        *trims(difference),
        *offset(difference),
        *file_format(difference),
        *cuts(difference),
        *additions(difference),
    ]


MASTERING = Stage(
    key="mastering",
    name="Mastering",
    hint="The finish: loudness and tone of the whole song.",
    purpose="The finished mix is made to sit beside other records, on every loudspeaker. "
    "Only the whole can be changed now, no single part.",
    questions=(
        "Next to a record you like: is it brighter, darker, louder, smaller?",
        "Can you listen to it loud, to the end, without getting tired?",
        "Do the loud places still feel louder than the soft ones?",
        "Does the start come in cleanly, and is the end long enough?",
    ),
    lens=lens,
    most=8,
)
