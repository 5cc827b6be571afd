"""Comments over JSON."""

from typing import Annotated

from pydantic import Field
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from server.database import database_of
from server.errors import invalid
from server.events.objects import CommentShape
from server.feedback import comments
from server.feedback.access import comment_to_edit, comment_to_tick_off
from server.feedback.cursors import cursor_after, place_of
from server.feedback.forms import ChangedComment, NewComment
from server.fields import PageForm
from server.listening.first_listen import only_of
from server.operations import ItemList, Operation, answer, parsed, parsed_query
from server.people.visitors import credentials
from server.rates import WRITES, spend
from server.songs.access import version_to_comment_on, version_to_hear


class WhichComments(PageForm):
    after: Annotated[str, Field(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 200


async def list_comments(request: Request) -> Response:
    which = parsed_query(request, WhichComments)
    after = place_of(which.after) if which.after else None

    def find(session: Session) -> ItemList[CommentShape]:
        access, version = version_to_hear(session, credentials(request), request.path_params["version"])
        seen = only_of(session, access, version)
        found = comments.comments_of(session, version.id, only_of=seen, after=after, limit=which.limit + 1)
        items, more = found[: which.limit], len(found) > which.limit
        return ItemList(items=items, next=cursor_after(items[-1].at, items[-1].id) if more else None)

    return answer(await database_of(request).reading(find))


async def add_comment(request: Request) -> Response:
    await spend(request, WRITES)
    form = await parsed(request, NewComment)

    def add(session: Session) -> tuple[CommentShape, bool]:
        access, version = version_to_comment_on(session, credentials(request), request.path_params["version"])
        return comments.add_comment(session, access, version, form)

    comment, new = await database_of(request).writing(add)
    return answer(comment, 201 if new else 200)


async def change_comment(request: Request) -> Response:
    form = await parsed(request, ChangedComment)
    if form.body is None and form.done is None and form.mentions is None:
        raise invalid("Say what to change: the body, whom it mentions, or whether it is done.")

    def change(session: Session) -> CommentShape:
        given, id = credentials(request), request.path_params["comment"]
        if form.body is not None or form.mentions is not None:
            access, comment = comment_to_edit(session, given, id)
        if form.done is not None:
            access, comment = comment_to_tick_off(session, given, id)
        changes = form.model_dump()
        return comments.change_comment(session, access, comment, **changes)

    return answer(await database_of(request).writing(change))


async def remove_comment(request: Request) -> Response:
    def remove(session: Session) -> None:
        given, id = credentials(request), request.path_params["comment"]
        comments.remove_comment(session, comment_to_edit(session, given, id, removed=True)[1])

    await database_of(request).writing(remove)
    return Response(status_code=204)


async def restore_comment(request: Request) -> Response:
    def restore(session: Session) -> CommentShape:
        given, id = credentials(request), request.path_params["comment"]
        return comments.restore_comment(session, comment_to_edit(session, given, id, removed=True)[1])

    return answer(await database_of(request).writing(restore))


operations = [
    Operation(
        "GET",
        "/api/versions/{version:uuid}/comments",
        list_comments,
        "The comments of a version, in the order of the music",
        query=WhichComments,
        gives=ItemList[CommentShape],
        errors=(404, 422),
    ),
    Operation(
        "POST",
        "/api/versions/{version:uuid}/comments",
        add_comment,
        "Comment at a second, or over a range",
        takes=NewComment,
        gives=CommentShape,
        status=201,
        also=(200,),
        errors=(404, 409, 422),
    ),
    Operation(
        "PATCH",
        "/api/comments/{comment:uuid}",
        change_comment,
        "Change its words, or mark it as done",
        takes=ChangedComment,
        gives=CommentShape,
        errors=(404, 422),
    ),
    Operation(
        "DELETE", "/api/comments/{comment:uuid}", remove_comment, "Take it away", status=204, errors=(404,)
    ),
    Operation(
        "POST",
        "/api/comments/{comment:uuid}/restore",
        restore_comment,
        "Bring it back",
        gives=CommentShape,
        errors=(404,),
    ),
]
