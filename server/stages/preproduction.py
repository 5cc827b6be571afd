"""Pre-production: how will it be played? Arrangement and density."""

from server.difference.findings.arrangement import contrast, density, layers
from server.difference.findings.finding import Finding
from server.difference.findings.structure import additions, cuts, key, moves, tempo
from server.difference.measurements import Difference
from server.stages.stage import Stage


def lens(difference: Difference) -> list[Finding]:
    return [
        *moves(difference),
        *cuts(difference, least=1.0),
        *additions(difference, least=1.0),
        *tempo(difference),
        *key(difference),
        *density(difference),
        *contrast(difference),
        *layers(difference, least_db=3.0),
    ]


PRE_PRODUCTION = Stage(
    key="pre-production",
    name="Pre-production",
    hint="The plan: a demo of the arrangement, the tempo, the parts.",
    purpose="The band decides who plays what, when, how fast and in which key. "
    "What is decided here need not be argued about in the studio.",
    questions=(
        "Does the song grow, or is it the same all the way through?",
        "Is there a moment where too much happens at once?",
        "Is there a moment that feels empty?",
        "Would you tap along faster, slower, or just like this?",
        "Does the singer sound comfortable, too high or too low?",
    ),
    lens=lens,
)
