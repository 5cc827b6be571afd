from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from server.database import new_id
from server.events.objects import Verdict
from server.fields import Body, Form, PageForm, Seconds, Ticked, TypedSeconds

Id = Annotated[UUID, Field(strict=False)]
Mentions = Annotated[list[Id], Field(max_length=20)]
"""Ids of those whom the words call by name, as "@Name"."""


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


class NewComment(Form):
    """The client makes the id, so a comment sent twice over a bad connection exists once."""

    id: Id = Field(default_factory=new_id)
    at: Seconds
    until: Seconds | None = None
    body: Body
    reply_to: Id | None = None
    mentions: Mentions = Field(default_factory=list)


class NewVoiceNote(PageForm):
    """The fields beside the recording. What was spoken needs no words."""

    id: UUID = Field(default_factory=new_id)
    at: TypedSeconds = 0.0
    until: Annotated[TypedSeconds | None, BeforeValidator(_empty_is_none)] = None
    reply_to: Annotated[UUID | None, BeforeValidator(_empty_is_none)] = None

    def as_new_comment(self) -> NewComment:
        return NewComment.model_construct(
            id=self.id, at=self.at, until=self.until, body="", reply_to=self.reply_to
        )


class ChangedComment(Form):
    body: Body | None = None
    done: bool | None = None
    mentions: Mentions | None = None
    """All that it calls by name from now on; left out, those whose names still stand in it."""


class PageComment(PageForm):
    """The same from a page without scripts: seconds as people type them."""

    version: UUID
    at: TypedSeconds = 0.0
    until: Annotated[TypedSeconds | None, BeforeValidator(_empty_is_none)] = None
    body: Body
    reply_to: Annotated[UUID | None, BeforeValidator(_empty_is_none)] = None

    def as_new_comment(self) -> NewComment:
        return NewComment(at=self.at, until=self.until, body=self.body, reply_to=self.reply_to)


class PageVerdict(PageForm):
    """Pressed again, an answer is taken back: its button then sends an empty one."""

    verdict: Annotated[Verdict | None, BeforeValidator(_empty_is_none)] = None


class DoneForm(PageForm):
    done: Ticked = False
