"""What a comparison is when it travels."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, RootModel

from server.events.objects import ComparisonShape
from server.stages import StageKey

Span = Annotated[list[float], Field(min_length=2, max_length=2)]
PerColumn = list[float | None]


class FindingShape(BaseModel):
    """`start` and `end` are seconds of B, null when it is about the whole song."""

    start: float | None
    end: float | None
    kind: str
    amount: float | None
    unit: str | None
    plain: str
    detail: str
    confidence: float


class Places(BaseModel):
    a_start: float
    a_end: float
    b_start: float
    b_end: float


class Segment(Places):
    confidence: float


class TimeMapShape(BaseModel):
    confidence: float
    segments: list[Segment]


class ToneShape(BaseModel):
    hz: float
    db: float


class PictureShape(BaseModel):
    """B minus A at equal loudness; null where A has no counterpart, and in silence."""

    class Band(BaseModel):
        key: str
        name: str
        from_hz: int
        to_hz: int
        db: PerColumn

    step: float
    bands: list[Band]
    level_db: PerColumn
    width_db: PerColumn


class ComparisonFound(BaseModel):
    """The comparison as one stage sees it; `a` and `b` are what `earmark analyze --json` gives."""

    a: dict[str, Any]
    b: dict[str, Any]
    stage: StageKey
    analysis_version: int
    time_map: TimeMapShape
    only_in_a: list[Span]
    only_in_b: list[Span]
    moved: list[Places]
    matched_gain_db: float
    tone: list[ToneShape]
    findings: list[FindingShape]
    picture: PictureShape


class ComparisonAwaited(BaseModel):
    """It is being made; the socket tells how far it is."""

    status: Literal["preparing"] = "preparing"
    comparison: ComparisonShape


class ComparisonAnswer(RootModel[ComparisonFound | ComparisonAwaited]):
    """200 with what was found, 202 while it is being made."""
