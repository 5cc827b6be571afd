"""Recording: is the take good and clean? Faults, noise, timing."""

from server.difference.findings.faults import file_format, headroom, hum, noise, offset, polarity
from server.difference.findings.finding import Finding
from server.difference.findings.level import clipping, level
from server.difference.findings.structure import additions, cuts, drift, key, tempo
from server.difference.measurements import Difference
from server.stages.stage import Stage


def lens(difference: Difference) -> list[Finding]:
    return [
        *polarity(difference),
        *clipping(difference),
        *hum(difference),
        *noise(difference),
        *headroom(difference),
        *offset(difference),
        *file_format(difference),
        *level(difference, least_db=1.0),
        *tempo(difference),
        *drift(difference),
        *key(difference),
        *cuts(difference, least=2.0),
        *additions(difference, least=2.0),
    ]


RECORDING = Stage(
    key="recording",
    name="Recording",
    hint="The takes: what was played and sung, as it was.",
    purpose="The performances are caught, as well as they can be played and as cleanly as they can be recorded. "
    "What is missing or broken now is hard to mend later.",
    questions=(
        "Do you believe the singer?",
        "Is anybody late, early, or out of tune?",
        "Do you hear anything that should not be there: hum, hiss, a chair, a click?",
        "Which take would you keep, and which line of it?",
    ),
    lens=lens,
)
