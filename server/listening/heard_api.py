"""What a listener has heard of a version, reported by their page."""

from typing import Annotated

from pydantic import Field
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from server.database import database_of
from server.fields import Form, Seconds
from server.listening.first_listen import FirstListenShape, first_listen_shape, hear
from server.operations import Operation, answer, parsed
from server.people.visitors import credentials
from server.rates import WRITES, spend
from server.songs.access import version_to_hear


class HeardParts(Form):
    """Each from one second to another; what was reported before needs no repeating, and does no harm."""

    parts: Annotated[list[tuple[Seconds, Seconds]], Field(max_length=200)]


async def get_heard(request: Request) -> Response:
    def find(session: Session) -> FirstListenShape:
        access, version = version_to_hear(session, credentials(request), request.path_params["version"])
        return first_listen_shape(session, access, version)

    return answer(await database_of(request).reading(find))


async def report_heard(request: Request) -> Response:
    await spend(request, WRITES)
    form = await parsed(request, HeardParts)

    def report(session: Session) -> FirstListenShape:
        access, version = version_to_hear(session, credentials(request), request.path_params["version"])
        hear(session, access, version, form.parts)
        return first_listen_shape(session, access, version)

    return answer(await database_of(request).writing(report))


operations = [
    Operation(
        "GET",
        "/api/versions/{version:uuid}/heard",
        get_heard,
        "How much of a version you have heard, and whether what others said still waits for that",
        gives=FirstListenShape,
        errors=(404,),
    ),
    Operation(
        "POST",
        "/api/versions/{version:uuid}/heard",
        report_heard,
        "Say which parts of a version you have heard",
        takes=HeardParts,
        gives=FirstListenShape,
        errors=(404, 422),
    ),
]
