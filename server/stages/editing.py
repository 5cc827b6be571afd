"""Editing: are the pieces put together well? Exactly which spots were edited, and suspicious joins."""

from server.difference.findings.edits import edited_spots, moved_joints, suspicious_joins
from server.difference.findings.faults import hum, noise, polarity
from server.difference.findings.finding import Finding
from server.difference.findings.level import level
from server.difference.findings.structure import additions, cuts, moves
from server.difference.findings.structure import trims as _trims
from server.difference.measurements import Difference
from server.stages.stage import Stage


def lens(difference: Difference) -> list[Finding]:
    return [
        *polarity(difference),
        *cuts(difference, least=0.25),
        *additions(difference, least=0.25),
        *moves(difference),
        *moved_joints(difference),
        *suspicious_joins(difference),
        *edited_spots(difference),
        *_trims(difference),
        *noise(difference),
        *hum(difference),
        *level(difference, least_db=1.0),
    ]


EDITING = Stage(
    key="editing",
    name="Editing",
    hint="The choices: takes put together, cut and tidied.",
    purpose="The best of the takes is put together, and what is too long or out of time is mended. "
    "Done well, nobody hears that anything was done.",
    questions=(
        "Can you hear a place where it was cut?",
        "Does anything start too suddenly or end too early?",
        "Is it in time, or so much in time that it feels stiff?",
        "Is anything gone that you liked?",
    ),
    lens=lens,
    most=10,
)
