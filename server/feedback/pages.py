"""Commenting without scripts: plain forms that lead back to the page they came from."""

from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.database import database_of
from server.errors import not_found
from server.feedback import comments
from server.feedback.access import comment_to_edit, comment_to_tick_off
from server.feedback.carried_api import give
from server.feedback.forms import DoneForm, PageComment, PageVerdict
from server.feedback.models import Comment
from server.forms import fields_of, lead_on, local
from server.operations import validated
from server.people.visitors import credentials
from server.rates import WRITES, spend
from server.songs.access import version_to_comment_on


async def add_comment(request: Request) -> Response:
    await spend(request, WRITES)
    fields = await fields_of(request)
    song: UUID = request.path_params["song"]

    def add(session: Session) -> UUID:
        # Who may not see the song learns nothing from the form's other fields.
        form = validated(PageComment.model_validate, fields)
        access, version = version_to_comment_on(session, credentials(request), form.version)
        if version.song_id != song:
            raise not_found()
        return comments.add_comment(session, access, version, form.as_new_comment())[0].id

    return _back(request, await database_of(request).writing(add))


async def mark_done(request: Request) -> Response:
    form = validated(DoneForm.model_validate, await fields_of(request))

    def mark(session: Session) -> UUID:
        access, comment = comment_to_tick_off(session, credentials(request), request.path_params["comment"])
        return comments.change_comment(session, access, comment, body=None, done=form.done).id

    return _back(request, await database_of(request).writing(mark))


async def remove(request: Request) -> Response:
    def take_away(session: Session) -> Comment:
        comment = comment_to_edit(session, credentials(request), request.path_params["comment"])[1]
        comments.remove_comment(session, comment)
        return comment

    await database_of(request).writing(take_away)
    return _back(request, None)


async def answer(request: Request) -> Response:
    await spend(request, WRITES)
    form = validated(PageVerdict.model_validate, await fields_of(request))
    return _back(request, (await give(request, form.verdict)).comment)


def _back(request: Request, comment: UUID | None) -> Response:
    """To the page the form stood on: a guest's address holds a secret that only the browser still knows."""
    came_from = request.headers.get("referer", "/").partition(request.headers.get("host", "\0"))[2]
    page = local(came_from.partition("#")[0])
    return lead_on(f"{page}#comment-{comment}" if comment else page)


routes = [
    Route("/songs/{song:uuid}/comments", add_comment, methods=["POST"]),
    Route("/comments/{comment:uuid}/done", mark_done, methods=["POST"]),
    Route("/comments/{comment:uuid}/remove", remove, methods=["POST"]),
    Route("/versions/{version:uuid}/comments/{comment:uuid}/verdict", answer, methods=["POST"]),
]
