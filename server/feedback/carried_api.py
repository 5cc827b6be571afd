"""What earlier versions left open, on a newer one, and its author's answer."""

from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from server.blobs import Blobs
from server.compare.comparisons import request_comparison
from server.compare.models import Comparison
from server.compare.results import result_key, result_of
from server.database import database_of
from server.events.objects import Verdict, VerdictShape
from server.feedback.access import comment_to_edit
from server.feedback.carried import Carried, CarriedShape, carried_comments, tell_what_changed
from server.feedback.verdicts import give_verdict
from server.fields import Form
from server.operations import ItemList, Operation, answer, parsed
from server.people.visitors import credentials
from server.rates import WRITES, spend
from server.songs.access import song_to_hear, version_to_hear
from server.songs.api import blobs_of
from server.songs.models import Version


class NewVerdict(Form):
    verdict: Verdict


async def list_carried(request: Request) -> Response:
    return answer(ItemList[CarriedShape](items=await carried_to(request, request.path_params["version"])))


async def carried_to(request: Request, version: UUID) -> list[CarriedShape]:
    """What was carried to this version; comparisons that are missing are asked for, so the next answer knows more.

    HEAD, which only looks, asks for none.
    """
    found = await database_of(request).reading(lambda session: _find(session, request, version))
    if found.missing and request.method != "HEAD":
        await database_of(request).writing(lambda session: _ask_for(session, found.missing, version))
    return await run_in_threadpool(tell_what_changed, found, partial(_picture, blobs_of(request)))


def _picture(blobs: Blobs, a: Version, b: Version) -> dict[str, Any] | None:
    """None where it is no longer kept, as after an upgrade; whoever opens the comparison has it made again."""
    if blobs.size(result_key(a, b)) is None:
        return None
    picture: dict[str, Any] = result_of(blobs, a, b)["picture"]
    return picture


def _find(session: Session, request: Request, id: UUID) -> Carried:
    _, version = version_to_hear(session, credentials(request), id)
    # By all that they were sent: a link to each of two versions shows what leads from the one to the other.
    access = song_to_hear(session, credentials(request), version.song_id)
    return carried_comments(session, access, version)


def _ask_for(session: Session, missing: list[UUID], version: UUID) -> list[Comparison]:
    newer = session.get_one(Version, version)
    return [request_comparison(session, session.get_one(Version, id), newer) for id in missing]


async def set_verdict(request: Request) -> Response:
    await spend(request, WRITES)
    form = await parsed(request, NewVerdict)
    return answer(await give(request, form.verdict))


async def remove_verdict(request: Request) -> Response:
    await spend(request, WRITES)
    await give(request, None)
    return Response(status_code=204)


async def give(request: Request, word: Verdict | None) -> VerdictShape:
    """As the one who wrote the comment; both versions must be theirs to hear."""

    def write(session: Session) -> VerdictShape:
        given, path = credentials(request), request.path_params
        _, version = version_to_hear(session, given, path["version"])
        _, comment = comment_to_edit(session, given, path["comment"])
        return give_verdict(session, comment, version, word)

    return await database_of(request).writing(write)


operations = [
    Operation(
        "GET",
        "/api/versions/{version:uuid}/carried",
        list_carried,
        "The open comments of earlier versions, at the same place in this one",
        gives=ItemList[CarriedShape],
        errors=(404,),
    ),
    Operation(
        "PUT",
        "/api/versions/{version:uuid}/comments/{comment:uuid}/verdict",
        set_verdict,
        "Say whether this version answers your comment on an earlier one",
        takes=NewVerdict,
        gives=VerdictShape,
        errors=(404, 422),
    ),
    Operation(
        "DELETE",
        "/api/versions/{version:uuid}/comments/{comment:uuid}/verdict",
        remove_verdict,
        "Take that back",
        status=204,
        errors=(404, 422),
    ),
]
