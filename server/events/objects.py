"""The objects that travel: in the API's answers, in events and in a page's data, always in this one shape."""

import hashlib
import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.stages import StageKey

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Author(Shape):
    """A person with an account, or a guest who came by a link and gave a name."""

    id: uuid.UUID
    kind: Literal["person", "guest"]
    name: str
    hue: Annotated[int, Field(ge=0, le=7)]


def author(id: uuid.UUID, kind: Literal["person", "guest"], name: str) -> Author:
    # A hash of the id, so that somebody keeps their colour on every page and machine.
    return Author(id=id, kind=kind, name=name, hue=hashlib.sha256(id.bytes).digest()[0] % 8)


class SongShape(Shape):
    class Band(Shape):
        id: uuid.UUID
        name: str

    id: uuid.UUID
    title: str
    band: Band
    created_at: datetime
    removed: bool


class Progress(Shape):
    step: Literal["measuring", "lossless", "small"]
    fraction: Annotated[float, Field(ge=0, le=1)]


class Format(Shape):
    container: str
    codec: str
    channels: int
    sample_rate: int
    bit_depth: int | None


class LoudnessShape(Shape):
    """None where a figure is not defined, as for digital silence."""

    integrated_lufs: float | None
    range_lu: float | None
    true_peak_dbtp: float | None
    max_momentary_lufs: float | None
    max_short_term_lufs: float | None
    sample_peak_dbfs: float | None


Playable = Literal["original", "lossless", "opus", "small"]


class VersionShape(Shape):
    id: uuid.UUID
    song: uuid.UUID
    number: int
    stage: StageKey
    label: str
    notes: str
    status: Literal["preparing", "ready", "failed"]
    error: str | None
    progress: Progress | None
    duration: Seconds | None
    file_name: str
    size: int
    format: Format | None
    loudness: LoudnessShape | None
    audio: list[Playable]
    zooms: list[int]
    uploaded_by: str
    created_at: datetime
    removed: bool
    first_listen_protected: bool


class Done(Shape):
    by: str
    at: datetime


class VoiceShape(Shape):
    """What a comment says aloud; its sound is at `/api/comments/{id}/voice`. `peaks` are heights of 0 to 100."""

    seconds: Seconds
    peaks: list[int]


class MentionShape(Shape):
    """Somebody whom a comment calls by name."""

    id: uuid.UUID
    kind: Literal["person", "guest"]
    name: str
    """As it stands in the words, behind the @."""
    seq: int
    """The number of the event that said so."""


class CommentShape(Shape):
    id: uuid.UUID
    song: uuid.UUID
    version: uuid.UUID
    at: Seconds
    until: Seconds | None
    body: str
    reply_to: uuid.UUID | None
    author: Author
    created_at: datetime
    edited_at: datetime | None
    done: Done | None
    removed: bool
    voice: VoiceShape | None = None
    mentions: list[MentionShape] = []
    seq: int | None = None
    """The number of the event that said it first: who has seen that number has seen the comment."""


class ComparisonShape(Shape):
    """How far the comparison of two versions is. What it found is asked for with `GET /api/compare`."""

    id: uuid.UUID
    song: uuid.UUID
    a: uuid.UUID
    b: uuid.UUID
    status: Literal["preparing", "ready", "failed"]
    error: str | None
    progress: Annotated[float, Field(ge=0, le=1)] | None


Verdict = Literal["fixed", "better", "not-yet"]


class VerdictShape(Shape):
    """What the one who wrote a comment says of it on a later version; None where it was taken back."""

    comment: uuid.UUID
    version: uuid.UUID
    verdict: Verdict | None
    author: Author
    said_at: datetime


class BlindTestShape(Shape):
    """What everybody may know of it: never which side is X."""

    id: uuid.UUID
    song: uuid.UUID
    a: uuid.UUID
    b: uuid.UUID
    at: Seconds
    until: Seconds
    question: str
    votes: int
    created_at: datetime
    revealed: bool
    removed: bool


ReactionKind = Literal["love", "goosebumps", "lost-me", "too-loud", "cannot-hear", "words-unclear"]


class ReactionShape(Shape):
    id: uuid.UUID
    song: uuid.UUID
    version: uuid.UUID
    kind: ReactionKind
    at: Seconds
    author: Author
    created_at: datetime
    removed: bool


QuestionKind = Literal["moment", "pad", "slider", "words"]


class QuestionShape(Shape):
    """What the band asks whoever hears a version. `part`: what of the song a slider is about."""

    id: uuid.UUID
    song: uuid.UUID
    version: uuid.UUID
    kind: QuestionKind
    text: str
    part: str
    revision: int
    created_at: datetime
    removed: bool


class AnswerShape(Shape):
    """Of a moment `at`; of the pad `across` (-1 left to 1 right) and `away` (0 near to 1 far); of the slider
    `loudness` (-100 too quiet, 0 just right, 100 too loud); in words `body`."""

    id: uuid.UUID
    question: uuid.UUID
    song: uuid.UUID
    version: uuid.UUID
    author: Author
    at: Seconds | None
    across: Annotated[float, Field(ge=-1, le=1)] | None
    away: Annotated[float, Field(ge=0, le=1)] | None
    loudness: Annotated[int, Field(ge=-100, le=100)] | None
    body: str | None
    created_at: datetime
    removed: bool
