"""Did it change? What was measured around the place that a comment is about, in plain words. Pure.

Asked of the picture of a comparison, in the version where the comment was written. What the comment's own words are
about comes first: whoever wrote "boomy" wants to know about the low end.
"""

import re
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

BEFORE, AFTER = 2.0, 4.0  # seconds around a comment at a second
_LEAST_DB = 1.0
_LEAST_SHARE = 0.3  # of the columns around the place; with fewer nothing can be said
# Stems of words, by what they are about; the first that a comment holds decides.
_ABOUT = (
    ("width", r"wide|width|narrow|stereo|mono|panned|panning|left ear|right ear"),
    ("low-end", r"boom|bass|sub\b|subs\b|rumbl|thump|kick|low end|lows|bottom"),
    ("low-mids", r"mud|boxy|thick|warm|thin\b|low mid"),
    ("air", r"hiss|air\b|airy|sparkl|cymbal|hat\b|hats|hi-hat|ride\b|crash|bright|dull|dark|treble|top end"),
    (
        "presence",
        r"harsh|shrill|pierc|sibilan|ess\b|esses|bite|presence|words|lyric|make out|understand|clear",
    ),
    ("mids", r"vocal|voice|sing|guitar|nasal|honk|piano|keys|snare|mids"),
    ("level", r"loud|quiet|volume|level|softer|too soft|turn (?:it )?(?:up|down)|drown|buried"),
)
_KINDS = tuple((kind, re.compile(rf"\b(?:{words})", re.IGNORECASE)) for kind, words in _ABOUT)


@dataclass(frozen=True)
class Change:
    """`amount` in `unit`, the newer version minus the older one; None where nothing measurable changed."""

    plain: str
    detail: str
    kind: str
    amount: float | None
    unit: str | None


def around(at: float, until: float | None) -> tuple[float, float]:
    """What to listen to, and to measure, for a comment at a second or over a range."""
    return (max(0.0, at - BEFORE), at + AFTER) if until is None else (at, until)


def change_around(
    picture: dict[str, Any], window: tuple[float, float], words: str, *, turned: bool
) -> Change | None:
    """What changed in this window of the picture's A; None where nothing there can be compared.

    `turned`: A is the newer version, so that less there is more here.
    """
    measured = _measured(picture, window, -1.0 if turned else 1.0)
    if not measured:
        return None
    changed = {kind: db for kind, db in measured.items() if abs(db) >= _LEAST_DB}
    asked = next((kind for kind, pattern in _KINDS if pattern.search(words)), None)
    if asked in changed:
        return _said(asked, changed[asked], picture)
    if not changed:
        return Change("nothing measurable changed here", _nothing(measured), "nothing", None, None)
    # What is hardly there on either side is soon twice as wide, so that goes last.
    most = max(changed, key=lambda kind: (kind != "width", abs(changed[kind])))
    said = _said(most, changed[most], picture)
    if asked not in measured:
        return said
    return replace(said, plain=f"{_name(asked, picture)} as it was; {said.plain}")


def _measured(picture: dict[str, Any], window: tuple[float, float], sign: float) -> dict[str, float]:
    """The mean of each row of the picture over the window, in dB."""
    step = float(picture["step"])
    first, last = int(window[0] / step), max(int(window[0] / step) + 1, round(window[1] / step))
    rows = {"level": picture["level_db"], "width": picture["width_db"]}
    rows |= {band["key"]: band["db"] for band in picture["bands"]}
    found = {}
    for kind, row in rows.items():
        columns = [float(db) for db in row[first:last] if db is not None]
        if len(columns) >= max(1, _LEAST_SHARE * (last - first)):
            found[kind] = sign * fmean(columns)
    return found


def _said(kind: str, db: float, picture: dict[str, Any]) -> Change:
    number = _number(db)
    if kind == "level":
        plain = f"this part is {'louder' if db > 0 else 'quieter'} by {abs(db):.1f} dB"
        detail = "K-weighted level, with both versions equally loud on the whole"
    elif kind == "width":
        plain = f"this part is {'wider' if db > 0 else 'narrower'}: {number}"
        detail = "side against mid"
    else:
        band = next(band for band in picture["bands"] if band["key"] == kind)
        plain = f"{band['name']} {number} here"
        detail = f"{band['from_hz']:g} to {band['to_hz']:g} Hz, at equal loudness"
    return Change(plain, detail, kind, round(db, 1), "dB")


def _name(kind: str, picture: dict[str, Any]) -> str:
    return next((str(band["name"]) for band in picture["bands"] if band["key"] == kind), kind)


def _nothing(measured: dict[str, float]) -> str:
    most = max(measured, key=lambda kind: abs(measured[kind]))
    name = most.replace("-", " ")
    return f"{_number(measured[most])} at the most ({name})"


def _number(db: float) -> str:
    return f"{db:+.1f} dB".replace("-", "\N{MINUS SIGN}")
