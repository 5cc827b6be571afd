"""What people felt, and where: taps of the band and of its friends on the latest mixes."""

from dataclasses import dataclass

from server.demo.comments import DRUMMER, ENGINEER, FRIEND, SINGER, second_in

AUNT, NEIGHBOUR = "Aunt May", "The neighbour"


@dataclass(frozen=True)
class DemoReaction:
    author: str
    version: int
    at: float
    kind: str


def _reactions(version: int, name: str, kind: str, **beats: float) -> tuple[DemoReaction, ...]:
    """The same feeling of several people, each so many beats into a section."""
    return tuple(
        DemoReaction(_WHO[who], version, second_in(version, name, at), kind) for who, at in beats.items()
    )


_WHO = {
    "singer": SINGER,
    "drummer": DRUMMER,
    "engineer": ENGINEER,
    "friend": FRIEND,
    "aunt": AUNT,
    "neighbour": NEIGHBOUR,
}

REACTIONS = (
    *_reactions(7, "verse 2", "too-loud", friend=3, aunt=5),
    *_reactions(7, "chorus", "cannot-hear", aunt=12, friend=14, drummer=10),
    *_reactions(8, "verse 1", "words-unclear", friend=27, aunt=29, neighbour=30),
    *_reactions(8, "chorus", "love", friend=1, aunt=2, neighbour=4, singer=0.5),
    *_reactions(8, "verse 2", "lost-me", neighbour=8),
    *_reactions(8, "bridge", "goosebumps", friend=14, drummer=15),
    *_reactions(8, "last chorus", "too-loud", aunt=2),
    *_reactions(8, "outro", "goosebumps", friend=8, singer=6, neighbour=9),
    *_reactions(10, "chorus", "love", friend=1, aunt=3, drummer=2),
    *_reactions(10, "last chorus", "goosebumps", friend=0.5, neighbour=1, aunt=2, engineer=1.5),
    *_reactions(10, "outro", "love", aunt=6, singer=7),
)
