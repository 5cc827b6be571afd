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


MESSAGE: TypeAdapter[Playhead | Typing] = TypeAdapter(
    Annotated[Playhead | Typing, Field(discriminator="type")]
)
