"""What the answers to one question come to, as it travels."""

from dataclasses import asdict
from uuid import UUID

from server.events.objects import Shape
from server.listening.agreement import Agreement
from server.listening.measured import Measured


class PlaceShape(Shape):
    """A stretch that so many different listeners marked."""

    start: float
    end: float
    listeners: int


class EllipseShape(Shape):
    """On the pad, `across` from -1 to 1 and `away` from 0 to 1; half axes in the pad's halves, `turned` in degrees."""

    across: float
    away: float
    long: float
    short: float
    turned: float


class MeasuredShape(Shape):
    """One sentence of what the file says; `amount` in `unit` where there is a figure."""

    plain: str
    amount: float | None
    unit: str | None


class AgreementShape(Shape):
    """`agree` of `listeners` do; None where they are too few to tell, or where it is a matter of words."""

    question: UUID
    listeners: int
    agree: int | None
    plain: str
    ellipse: EllipseShape | None
    middle: float | None
    places: list[PlaceShape]
    measured: list[MeasuredShape]

    @classmethod
    def of(cls, question: UUID, found: Agreement, measured: list[Measured]) -> "AgreementShape":
        return cls.model_validate(
            {**asdict(found), "question": question, "measured": [asdict(one) for one in measured]}
        )
