"""What people said about the versions, each at a true place of the music."""

from dataclasses import dataclass

from server.demo.audio import seconds_of
from server.demo.score.form import section
from server.demo.timelines import timeline


@dataclass(frozen=True)
class DemoReply:
    author: str
    body: str


@dataclass(frozen=True)
class DemoComment:
    """A comment on a version (by number) at `at` seconds, or from there `until`."""

    author: str
    version: int
    at: float
    until: float | None
    body: str
    replies: tuple[DemoReply, ...] = ()
    done: bool = False


def second_in(version: int, name: str, beats: float) -> float:
    return round(seconds_of(timeline(version).sounding(section(name).start + beats)), 3)


def _comment(
    version: int,
    place: tuple[str, float],
    author: str,
    body: str,
    *replies: DemoReply,
    beats: float | None = None,
    done: bool = False,
) -> DemoComment:
    """A comment so many beats into a section, perhaps over a stretch of beats."""
    name, offset = place
    until = None if beats is None else second_in(version, name, offset + beats)
    return DemoComment(author, version, second_in(version, name, offset), until, body, replies, done)


SINGER, FRIEND, ENGINEER, DRUMMER = "The singer", "A friend", "The engineer", "Drummer"

COMMENTS: tuple[DemoComment, ...] = (
    _comment(1, ("chorus", 0.75), FRIEND, "This jump got me. That's the song, isn't it?", done=True),
    _comment(1, ("verse 1", 16), SINGER, "Words from here on are placeholders.", done=True),
    _comment(2, ("bridge", 0), DRUMMER, "Half time here when we play it? Toms instead of hats.", done=True),
    _comment(3, ("last chorus", 16), FRIEND, "Feels like it ends twice now.", beats=15, done=True),
    _comment(
        4,
        ("verse 1", 20),
        SINGER,
        "Is that bass note meant?",
        DemoReply(ENGINEER, "No. Mending it."),
        done=True,
    ),
    _comment(
        4, ("verse 2", 16), ENGINEER, "Lose these four bars? We've heard it all by now.", beats=15, done=True
    ),
    _comment(6, ("last chorus", 0), DRUMMER, "The hit and my crash are a hair apart. I like it.", done=True),
    _comment(7, ("chorus", 8), SINGER, "I'm behind the guitars from here.", beats=23, done=True),
    _comment(7, ("verse 2", 0), ENGINEER, "Boomy under the verse", beats=15),
    _comment(8, ("verse 1", 0.5), SINGER, "The first line is so close now. Love it."),
    _comment(
        8,
        ("verse 1", 28),
        FRIEND,
        "I can't make out the words when the drums come in",
        DemoReply(ENGINEER, "pulling the hats down 1 dB →"),
    ),
    _comment(8, ("bridge", 8), DRUMMER, "Could the snare build start softer?", beats=8),
    _comment(
        8, ("last chorus", 0), ENGINEER, "Could we lose the second guitar in this whole part?", beats=31
    ),
    _comment(8, ("outro", 8), FRIEND, "Goosebumps. Let it ring longer!"),
    _comment(9, ("chorus", 0), SINGER, "Still breathes. Yes.", done=True),
    _comment(10, ("verse 1", 2), FRIEND, "Sounds like the bus stop at two in the morning. In a good way."),
    _comment(
        10,
        ("chorus", 8),
        SINGER,
        "Played it in the car: the words are all there.",
        DemoReply(DRUMMER, "And on my kitchen radio."),
    ),
    _comment(10, ("bridge", 0), DRUMMER, "Is there a moment of nothing before this on purpose?", beats=6),
    _comment(
        10,
        ("last chorus", 4),
        ENGINEER,
        "Loudest place. Listen here once on headphones before Friday.",
        beats=12,
    ),
)
