"""Songwriting: is it a song yet? Structure, tempo, key."""

from server.difference.findings.finding import Finding
from server.difference.findings.structure import additions, cuts, drift, key, moves, tempo
from server.difference.measurements import Difference
from server.stages.stage import Stage

_SECTION = 2.0  # seconds: less is no change to the song


def lens(difference: Difference) -> list[Finding]:
    return [
        *cuts(difference, least=_SECTION),
        *additions(difference, least=_SECTION),
        *moves(difference),
        *key(difference),
        *tempo(difference),
        *drift(difference),
    ]


SONGWRITING = Stage(
    key="songwriting",
    name="Songwriting",
    hint="The idea: a voice memo, a sketch, words and chords.",
    purpose="The song itself takes shape: words, melody, chords, and the order they come in. "
    "How it is played and recorded does not matter yet.",
    questions=(
        "Which line or melody do you still hear after it has stopped?",
        "Where did your attention wander?",
        "Did the chorus come too early, too late, or just right?",
        "What do you think the song is about?",
        "Is there a part you would miss if it were gone?",
    ),
    lens=lens,
)
