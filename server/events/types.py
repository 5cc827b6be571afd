"""What happened: one model per kind of event. Each carries the whole object, so applying one twice is harmless."""

import uuid
from typing import Literal

from server.events.objects import (
    AnswerShape,
    BlindTestShape,
    CommentShape,
    ComparisonShape,
    QuestionShape,
    ReactionShape,
    Shape,
    VerdictShape,
    VersionShape,
)


class CommentEvent(Shape):
    type: Literal["comment.added", "comment.changed", "comment.removed"]
    comment: CommentShape

    @property
    def versions(self) -> tuple[uuid.UUID, ...]:
        """What one has to be allowed to hear to be told."""
        return (self.comment.version,)


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

    @property
    def versions(self) -> tuple[uuid.UUID, ...]:
        return (self.version.id,)


class ComparisonEvent(Shape):
    type: Literal["comparison.added", "comparison.progress", "comparison.ready", "comparison.failed"]
    comparison: ComparisonShape

    @property
    def versions(self) -> tuple[uuid.UUID, ...]:
        return self.comparison.a, self.comparison.b


class VerdictEvent(Shape):
    type: Literal["verdict.changed"]
    verdict: VerdictShape
    on: uuid.UUID
    """The version that the comment was written on."""

    @property
    def versions(self) -> tuple[uuid.UUID, ...]:
        return self.on, self.verdict.version


class BlindTestEvent(Shape):
    type: Literal["blind-test.added", "blind-test.changed", "blind-test.removed"]
    blind_test: BlindTestShape

    @property
    def versions(self) -> tuple[uuid.UUID, ...]:
        return self.blind_test.a, self.blind_test.b


class ReactionEvent(Shape):
    type: Literal["reaction.added", "reaction.removed"]
    reaction: ReactionShape

    @property
    def versions(self) -> tuple[uuid.UUID, ...]:
        return (self.reaction.version,)


class QuestionEvent(Shape):
    type: Literal["question.added", "question.changed", "question.removed"]
    question: QuestionShape

    @property
    def versions(self) -> tuple[uuid.UUID, ...]:
        return (self.question.version,)


class AnswerEvent(Shape):
    type: Literal["answer.added", "answer.removed"]
    answer: AnswerShape

    @property
    def versions(self) -> tuple[uuid.UUID, ...]:
        return (self.answer.version,)


AnyEvent = (
    CommentEvent
    | VersionEvent
    | ComparisonEvent
    | VerdictEvent
    | BlindTestEvent
    | ReactionEvent
    | QuestionEvent
    | AnswerEvent
)
