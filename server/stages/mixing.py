"""Mixing: how loud, where and how far away is each part? The five places that changed most."""

from server.difference.findings.faults import polarity
from server.difference.findings.finding import Finding, ranked
from server.difference.findings.level import attack, dynamics, level
from server.difference.findings.space import balance, mono_loss, room, width
from server.difference.findings.structure import additions, cuts
from server.difference.findings.tone import in_places, tone
from server.difference.measurements import Difference
from server.stages.stage import Stage

_PLACES = 5


def lens(difference: Difference) -> list[Finding]:
    return [
        *polarity(difference),
        *ranked(in_places(difference), most=_PLACES),
        *tone(difference),
        *width(difference),
        *balance(difference),
        *mono_loss(difference),
        *dynamics(difference),
        *attack(difference),
        *room(difference),
        *level(difference),
        *cuts(difference),
        *additions(difference),
    ]


MIXING = Stage(
    key="mixing",
    name="Mixing",
    hint="The balance: how loud, where and how far away each part is.",
    purpose="All parts are set against one another: how loud each is, where it stands, how near it feels. "
    "A good mix lets you hear the song, not the parts.",
    questions=(
        "Do you understand every word?",
        "What is too loud, and what can you hardly hear?",
        "Where in the room is the singer: in front of you, or at the back?",
        "Does it still work quietly, or on your phone?",
        "Does anything hurt your ears?",
        "Where does it sound best?",
    ),
    lens=lens,
    most=9,
)
