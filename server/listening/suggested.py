"""Questions for each stage that anybody can answer with their ears alone, ready to be asked."""

from dataclasses import dataclass

from server.events.objects import QuestionKind
from server.stages import StageKey


@dataclass(frozen=True)
class Suggested:
    kind: QuestionKind
    text: str
    part: str = ""


_DRIFTED = Suggested("moment", "Where did your attention drift?")
_SURPRISED = Suggested("moment", "Where did something surprise you?")
_SINGER = Suggested("pad", "Where does the singer stand?")
_VOICE = Suggested("slider", "How loud is the voice?", "the voice")
_WHOLE = Suggested("slider", "How loud is the whole song beside others you know?", "the whole song")

_SUGGESTED: dict[StageKey, tuple[Suggested, ...]] = {
    "songwriting": (
        _DRIFTED,
        Suggested("moment", "Which moment would you play to a friend?"),
        Suggested("words", "What is this song about, do you think?"),
        Suggested("words", "Which line do you still remember?"),
        Suggested("moment", "Where could the song have ended?"),
    ),
    "pre-production": (
        _DRIFTED,
        Suggested("moment", "Where does it get too crowded?"),
        Suggested("moment", "Where is something missing?"),
        Suggested("words", "Too fast, too slow, or just right?"),
        Suggested("words", "Which instrument could go, and which would you miss?"),
    ),
    "recording": (
        Suggested("moment", "Where does a note sound wrong to you?"),
        Suggested("moment", "Where do you hear noise: hum, clicks, a chair?"),
        Suggested("moment", "Where do you believe the singer most?"),
        Suggested("pad", "How near does the singer feel?"),
        Suggested("words", "What would you play or sing once more?"),
    ),
    "editing": (
        Suggested("moment", "Where does something stumble or jump?"),
        Suggested("moment", "Where do you hear a cut?"),
        _DRIFTED,
        Suggested("words", "Does it still feel played by people?"),
    ),
    "post-production": (
        _SURPRISED,
        Suggested("moment", "Which sound pulls you out of the song?"),
        Suggested("pad", "Where does the strangest sound come from?"),
        Suggested("slider", "How loud are the effects?", "the effects"),
        Suggested("words", "Which place do you see when you close your eyes?"),
    ),
    "mixing": (
        _SINGER,
        Suggested("moment", "Is anything too loud?"),
        Suggested("moment", "Where can you not make out the words?"),
        _VOICE,
        Suggested("slider", "How loud is the bass?", "the bass"),
        Suggested("slider", "How loud are the drums?", "the drums"),
        _DRIFTED,
    ),
    "mastering": (
        _WHOLE,
        Suggested("moment", "Does anything hurt your ears?"),
        Suggested("moment", "Where does it sound squashed or worn out?"),
        Suggested("slider", "How loud is the bass?", "the bass"),
        Suggested("words", "What did you listen on, and how did it do there?"),
    ),
    "distribution": (
        Suggested("moment", "Where would you skip to the next song?"),
        Suggested("moment", "Which ten seconds would make a friend listen?"),
        _WHOLE,
        Suggested("words", "Which song should play before this one, and which after?"),
    ),
}


def suggested_for(stage: str) -> tuple[Suggested, ...]:
    """Raises KeyError for what is no stage."""
    return {str(key): found for key, found in _SUGGESTED.items()}[stage]
