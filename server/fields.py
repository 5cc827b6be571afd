"""What people type, as field types: trimmed, of a sensible length, without characters no database wants."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+|[^@\s]+@localhost")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2}(?:[.,]\d{1,3})?)")
LONGEST_SONG = 48 * 3600.0


class Form(BaseModel):
    """JSON from a client: unknown names and wrong types are refused, not guessed at."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PageForm(BaseModel):
    """Fields of an HTML form: everything arrives as text, and browsers add what they like."""

    model_config = ConfigDict(extra="ignore")


def _one_line(text: str) -> str:
    return _plain(" ".join(text.split()))


def _plain(text: str) -> str:
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in text):
        raise ValueError("contains control characters")
    return text


def _lines(text: str) -> str:
    return _plain(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise ValueError("that is not an e-mail address")
    return text.lower()


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _milliseconds(seconds: float) -> float:
    return round(seconds, 3)


def seconds_from_clock(value: Any) -> Any:
    """'1:23.4' and '83.4' alike, as a person types them; anything else is left for pydantic to refuse."""
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return value or None if isinstance(value, str) else value
    hours, minutes, seconds = match.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))


def _not_blank(text: str) -> str:
    if not text:
        raise ValueError("this is needed")
    return text


NAME_LENGTH, TITLE_LENGTH, NOTES_LENGTH, BODY_LENGTH = 80, 120, 5000, 5000

Name = Annotated[
    str, StringConstraints(max_length=NAME_LENGTH), AfterValidator(_one_line), AfterValidator(_not_blank)
]
Title = Annotated[
    str, StringConstraints(max_length=TITLE_LENGTH), AfterValidator(_one_line), AfterValidator(_not_blank)
]
Label = Annotated[str, StringConstraints(max_length=TITLE_LENGTH), AfterValidator(_one_line)]
Question = Annotated[str, StringConstraints(max_length=200), AfterValidator(_one_line)]
Notes = Annotated[str, StringConstraints(max_length=NOTES_LENGTH), AfterValidator(_lines)]
Body = Annotated[
    str, StringConstraints(max_length=BODY_LENGTH), AfterValidator(_lines), AfterValidator(_not_blank)
]
Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(_one_line), AfterValidator(_email)]
Password = Annotated[str, StringConstraints(max_length=200)]
Moment = Annotated[datetime, Field(strict=False), AfterValidator(_in_utc)]
Seconds = Annotated[float, Field(ge=0, le=LONGEST_SONG, allow_inf_nan=False), AfterValidator(_milliseconds)]
TypedSeconds = Annotated[Seconds, BeforeValidator(seconds_from_clock)]
Ticked = Annotated[bool, BeforeValidator(lambda value: value in ("on", "true", "1", "yes", True))]
