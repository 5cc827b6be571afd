"""Two write at the same moment: each reads what the other did, so nothing is made twice, undone or told wrong."""

from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from server.database import Database
from server.events.objects import CommentShape
from server.feedback.comments import add_comment, change_comment, comment_shape
from server.feedback.forms import NewComment
from server.feedback.models import Comment
from server.songs.access import version_to_comment_on
from tests.cast import Cast
from tests.databases import at_once, both_databases
from tests.feedback.saying import said
from tests.feedback.test_react import credentials_of

pytestmark = both_databases


def test_a_comment_sent_twice_at_once_is_there_once(cast: Cast, database: Database) -> None:
    form, given = NewComment(id=uuid4(), at=5.0, body="the bass"), credentials_of(cast.gil)

    def send(session: Session) -> tuple[CommentShape, bool]:
        access, version = version_to_comment_on(session, given, cast.version)
        return add_comment(session, access, version, form)

    first, second = at_once(database, send, send)

    assert not isinstance(first, Exception) and not isinstance(second, Exception)
    assert (first[1], second[1]) == (True, False)
    assert first[0] == second[0]


def test_one_rewrites_while_another_ticks_off_and_the_log_tells_of_both(
    cast: Cast, database: Database, events: Any
) -> None:
    id = UUID(said(cast.ada, cast, "the bass")["id"])
    given = credentials_of(cast.ada)

    def change(session: Session, **what: Any) -> CommentShape:
        comment = session.get_one(Comment, id)
        access, _ = version_to_comment_on(session, given, cast.version)
        return change_comment(session, access, comment, **{"body": None, "done": None, **what})

    at_once(
        database,
        lambda session: change(session, body="the low bass"),
        lambda session: change(session, done=True),
    )

    kept = database.read(lambda session: comment_shape(session, session.get_one(Comment, id)))
    assert (kept.body, kept.done is not None) == ("the low bass", True)
    assert events()[-1]["comment"] == kept.model_dump(mode="json")
