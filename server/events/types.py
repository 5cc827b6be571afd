"""What happened: one model per kind of event. Each carries the whole object, so applying one twice is harmless."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from server.events.objects import CommentShape, Shape, VersionShape


class CommentEvent(Shape):
    type: Literal["comment.added", "comment.changed", "comment.removed"]
    comment: CommentShape


class VersionEvent(Shape):
    type: Literal[
        "version.added",
        "version.progress",
        "version.ready",
        "version.failed",
        "version.changed",
        "version.removed",
    ]
    version: VersionShape


Event = Annotated[CommentEvent | VersionEvent, Field(discriminator="type")]
EVENT: TypeAdapter[CommentEvent | VersionEvent] = TypeAdapter(Event)
