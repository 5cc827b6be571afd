"""Post-production: what was added? Layers, hits, tails."""

from server.difference.findings.arrangement import hits, layers
from server.difference.findings.finding import Finding
from server.difference.findings.level import attack
from server.difference.findings.space import room, width
from server.difference.findings.structure import additions, cuts
from server.difference.measurements import Difference
from server.stages.stage import Stage


def lens(difference: Difference) -> list[Finding]:
    return [
        *layers(difference, least_db=1.5, shortest=3.0),
        *hits(difference),
        *room(difference),
        *width(difference),
        *attack(difference),
        *cuts(difference),
        *additions(difference),
    ]


POST_PRODUCTION = Stage(
    key="post-production",
    name="Post-production",
    hint="The extras: added sounds, effects, risers and hits.",
    purpose="Sounds that nobody played are added: effects, risers, hits, a pad under the chorus. "
    "They should lift the song without being noticed for themselves.",
    questions=(
        "Did anything surprise you, in a good or a bad way?",
        "Is there a sound that you would leave out?",
        "Does the chorus lift you more than the verse?",
        "Do the effects fit the words?",
    ),
    lens=lens,
)
