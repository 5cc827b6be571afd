"""What a page may say over the socket. Changes go over HTTP; here it only says where it is and what it is doing."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from server.fields import LONGEST_SONG


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: UUID | None = None


class Playhead(Message):
    type: Literal["playhead"]
    at: Annotated[float, Field(ge=0, le=LONGEST_SONG, allow_inf_nan=False)]
    playing: bool


class Typing(Message):
    type: Literal["typing"]
    typing: bool


class _Together(BaseModel):
    model_config = ConfigDict(extra="forbid")

    type: Literal["listen_together"]


class ReadClock(_Together):
    """Answered with the server's clock, so that the page can set its own by it."""

    do: Literal["clock"]
    sent: Annotated[float, Field(allow_inf_nan=False)]


class _Led(_Together):
    version: UUID
    at: Annotated[float, Field(ge=0, le=LONGEST_SONG, allow_inf_nan=False)]
    playing: bool
    when: Annotated[float, Field(allow_inf_nan=False)] | None = None
    """The moment of `at` by the server's clock, as the page reckons it."""


class Lead(_Led):
    do: Literal["lead"]
    seat: UUID
    over: bool = False
    """From whoever leads now; without it one who was quicker goes on leading."""


class TellPlace(_Led):
    do: Literal["place"]


class Join(_Together):
    do: Literal["join"]
    seat: UUID


class StepOut(_Together):
    do: Literal["step-out"]


ListenTogether = ReadClock | Lead | TellPlace | Join | StepOut
_Any = Playhead | Typing | Annotated[ListenTogether, Field(discriminator="do")]

MESSAGE: TypeAdapter[Playhead | Typing | ListenTogether] = TypeAdapter(
    Annotated[_Any, Field(discriminator="type")]
)
