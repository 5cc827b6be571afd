"""The plain words people use of a mix, and what each could mean there, the likeliest first. English."""

import re
from dataclasses import dataclass
from typing import Literal

Measure = Literal["tone", "level", "crest", "attacks", "width", "correlation"]

# What it takes to say that a place differs, and the unit.
_LEAST: dict[Measure, tuple[float, str]] = {
    "tone": (1.5, "dB"),
    "level": (2.0, "dB"),
    "crest": (1.5, "dB"),
    "attacks": (25.0, "%"),
    "width": (1.5, "dB"),
    "correlation": (0.2, ""),
}
_NAMES: dict[Measure, tuple[str, str, str]] = {
    # what is asked about; what the amount is of; how it is when it does not differ
    "level": ("the level", "This passage is", "This passage is about as loud as the song's average."),
    "crest": (
        "the compression",
        "The peaks over the average are",
        "The peaks stand about as high over the average here as in the rest of the song.",
    ),
    "attacks": (
        "soft or blurred beginnings of notes",
        "The strongest beginnings are",
        "Notes begin about as sharply here as in the rest of the song.",
    ),
    "width": (
        "the sides against the middle",
        "The sides are",
        "The sides are about as strong here as in the rest of the song.",
    ),
    "correlation": (
        "left and right working against each other",
        "Their correlation is",
        "Left and right agree here about as much as in the rest of the song.",
    ),
}
_SAME_TONE = "It is about as strong here as in the rest of the song."


@dataclass(frozen=True)
class Meaning:
    """More (``sign`` 1) or less (-1) of something; ``region`` in Hz where it is a matter of tone."""

    what: Measure
    sign: int
    region: tuple[float, float] = (0.0, 0.0)

    @property
    def least(self) -> float:
        return _LEAST[self.what][0]

    @property
    def unit(self) -> str | None:
        return _LEAST[self.what][1] or None

    @property
    def question(self) -> str:
        if self.what != "tone":
            return f"Could it be {_NAMES[self.what][0]}?"
        region = f"the {span(*self.region)} region"
        return f"Could it be {region}?" if self.sign > 0 else f"Could it be too little in {region}?"

    def said(self, amount: float) -> str:
        """What was measured here against the song as a whole; where it points the other way, that too."""
        subject = "It is" if self.what == "tone" else _NAMES[self.what][1]
        if abs(amount) < self.least:
            return _SAME_TONE if self.what == "tone" else _NAMES[self.what][2]
        side = "above" if amount > 0 else "below"
        number = f"{trimmed(abs(amount))} {self.unit}" if self.unit else trimmed(abs(amount))
        doubt = "" if amount * self.sign > 0 else ", so it may be something else"
        return f"{subject} {number} {side} the song's average here{doubt}."

    def said_of_song(self, amount: float) -> str:
        side = "above" if amount > 0 else "below"
        return f"In the whole song it is {trimmed(abs(amount))} dB {side} the usual tilt of released music."


def span(low: float, high: float) -> str:
    """'200 to 400 Hz', '2 to 5 kHz', '800 Hz to 1.6 kHz'."""
    if low < 1000 <= high:
        return f"{low:g} Hz to {trimmed(high / 1000)} kHz"
    return (
        f"{trimmed(low / 1000)} to {trimmed(high / 1000)} kHz" if low >= 1000 else f"{low:g} to {high:g} Hz"
    )


def trimmed(amount: float) -> str:
    """4.0 as '4', 4.26 as '4.3'."""
    return f"{amount:.1f}".removesuffix(".0")


def _more(low: float, high: float) -> Meaning:
    return Meaning("tone", 1, (low, high))


def _less(low: float, high: float) -> Meaning:
    return Meaning("tone", -1, (low, high))


_SOFT, _SQUEEZED = Meaning("attacks", -1), Meaning("crest", -1)
_WIDE, _NARROW, _OUT_OF_PHASE = Meaning("width", 1), Meaning("width", -1), Meaning("correlation", -1)

_TABLE: tuple[tuple[str, tuple[Meaning, ...]], ...] = (
    (r"mudd(?:y|ier|iness)|mud|murky", (_more(200, 400), _less(2000, 5000), _SOFT)),
    (r"boom(?:y|ier|iness|ing)?|rumbl(?:y|es?|ing)", (_more(63, 160),)),
    (r"box(?:y|ier|iness)|cardboard", (_more(315, 800),)),
    (r"nasal|honk(?:y|ing)?", (_more(800, 1600),)),
    (
        r"harsh(?:er|ness)?|shrill|piercing|hurts? my ears?|strident|aggressive",
        (_more(2000, 5000), _SQUEEZED),
    ),
    (r"sibilan(?:t|ce)|hiss(?:y|ing)?|ess(?:y|es)|spitty|lisp(?:y|ing)?", (_more(5000, 10000),)),
    (r"too bright|brittle|glassy|icy|fizzy", (_more(5000, 12500),)),
    (r"tinny|like a phone|telephone|small speakers?", (_less(100, 315), _more(1000, 4000))),
    (
        r"thin|thinner|weedy|no body|lacks? body|no warmth|lacks? warmth|cold",
        (_less(100, 315), _more(2000, 5000)),
    ),
    (
        r"dull|muffled|wool(?:l?y)|under a blanket|too dark|no air|lacks? air",
        (_less(4000, 10000), _more(200, 400)),
    ),
    (r"too much bass|bass[- ]heavy|too bassy|bassy|too much low end", (_more(40, 125),)),
    (
        r"(?:no|not enough|lacks?|missing|needs? more|weak|too little) (?:bass|low end|bottom)",
        (_less(40, 125),),
    ),
    (
        r"(?:no|not enough|lacks?|missing|needs? more|without) (?:punch|impact|kick|energy|power)"
        r"|(?:not|isn't) punchy|flabby|limp|weak drums?|drums? (?:are |is |sounds? )?weak",
        (_SOFT, _SQUEEZED, _less(63, 125)),
    ),
    (
        r"squashed|squeezed|crushed|(?:over|too)[- ]?compressed|pump(?:s|ing)|lifeless|no dynamics|flattened",
        (_SQUEEZED, _SOFT),
    ),
    (
        r"(?:too )?far away|(?:too )?distant|too much (?:reverb|echo|room)|too (?:wet|roomy)"
        r"|wash(?:ed out|y)|swimm(?:y|ing)|in a (?:cave|hall|bathroom|church|tunnel)"
        r"|drown(?:ed|ing|s)? in (?:reverb|echo)",
        (_SOFT, _less(2000, 5000), _WIDE),
    ),
    (r"narrow|too mono|no width|lacks? width|not wide enough", (_NARROW,)),
    (r"phas(?:e?y|ing|iness)|hollow|inside out|out of phase", (_OUT_OF_PHASE, _WIDE, _less(315, 800))),
    (
        r"(?:can't|cannot|can not|couldn't|hard to|difficult to) (?:make out|understand|hear|catch) (?:\w+ ){0,2}?"
        r"(?:words?|lyrics?|voice|vocals?|singer|singing|what)"
        r"|mumbl(?:es?|ed|ing)|unintelligible|words? (?:are |is )?unclear",
        (_less(2000, 5000), _more(200, 400)),
    ),
    (r"(?:too|so|very|way too) loud", (Meaning("level", 1), _SQUEEZED)),
    (r"(?:too|so|very|way too) (?:quiet|soft)", (Meaning("level", -1),)),
)
MEANINGS = tuple((re.compile(rf"\b(?:{words})\b"), meanings) for words, meanings in _TABLE)
