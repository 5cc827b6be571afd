"""A version by multipart form: from the page without scripts, and from the API."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.body_limit import room_for
from server.database import database_of, new_id
from server.errors import AppError, invalid
from server.events.objects import VersionShape
from server.fields import Label, Notes
from server.forms import errors_of, lead_on, text_fields
from server.operations import Operation, answer, validated
from server.people.visitors import credentials
from server.rendering import pages, size
from server.settings import Settings
from server.songs.access import song_to_change, visible_versions
from server.songs.shapes import song_shape
from server.stages import STAGES, StageKey
from server.uploads.intake import About, Intake, stage_bytes, too_large

_ROOM_FOR_FIELDS = 64 * 1024


class NewVersion(BaseModel):
    """How the form looks to the API's description."""

    file: bytes = Field(json_schema_extra={"type": "string", "format": "binary"})
    stage: StageKey
    label: Label = ""
    notes: Notes = ""


def intake_of(request: Request) -> Intake:
    found = request.app.state.intake
    assert isinstance(found, Intake)
    return found


async def add_version(request: Request) -> Response:
    await _may_add(request)
    form = await _form(request)
    try:
        return answer(await _taken(request, form), 201)
    finally:
        await form.close()


async def new_version(request: Request) -> Response:
    """The page with the form."""
    song_id: UUID = request.path_params["song"]
    await _may_add(request)
    if request.method != "POST":
        return await _page(request, {}, {}, 200)
    form = FormData()
    try:
        form = await _form(request)
        version = await _taken(request, form)
    except AppError as error:
        return await _page(request, errors_of(error), text_fields(form), error.status)
    finally:
        await form.close()
    return lead_on(f"/songs/{song_id}?v={version.number}")


async def _may_add(request: Request) -> None:
    """Before a single byte of the file is read."""
    given, song_id = credentials(request), request.path_params["song"]
    await database_of(request).reading(lambda session: song_to_change(session, given, song_id))


async def _form(request: Request) -> FormData:
    try:
        return await request.form(max_files=1, max_fields=20)
    except AppError as error:
        raise (too_large(intake_of(request).settings) if error.status == 413 else error) from None
    except HTTPException:
        raise invalid("This is not a form with a file in it.", file="Choose a file.") from None


async def _taken(request: Request, form: FormData) -> VersionShape:
    file = form.get("file")
    if not isinstance(file, UploadFile) or not (file.filename or file.size):
        raise invalid("Choose a file first.", file="Choose a file first.")
    intake = intake_of(request)
    if (file.size or 0) > intake.settings.upload_limit:
        raise too_large(intake.settings)
    about = validated(About.model_validate, {**text_fields(form), "filename": file.filename or "recording"})
    return await run_in_threadpool(_keep, intake, request, file, about)


def _keep(intake: Intake, request: Request, file: UploadFile, about: About) -> VersionShape:
    staged = intake.settings.staging / f"form-{new_id()}"
    try:
        stage_bytes(file.file, staged)
        return intake.take(credentials(request), request.path_params["song"], staged, about)
    finally:
        staged.unlink(missing_ok=True)


async def _page(request: Request, errors: dict[str, str], values: dict[str, str], status: int) -> Response:
    settings = intake_of(request).settings

    def context(session: Session) -> dict[str, Any]:
        access = song_to_change(session, credentials(request), request.path_params["song"])
        there = visible_versions(session, access)
        return {
            "song": song_shape(session, access.song).model_dump(mode="json"),
            "you": access.you.model_dump(mode="json"),
            "suggested_stage": there[-1].stage if there else STAGES[0].key,
        }

    shown = await database_of(request).reading(context)
    fixed = {
        "stages": STAGES,
        "limit_words": size(settings.upload_limit),
        "limit_bytes": int(settings.upload_limit),
    }
    context_shown = shown | fixed | {"errors": errors, "values": values}
    return pages(request).page("songs/new_version.html", context_shown, status)


def operations(settings: Settings) -> list[Operation]:
    return [
        Operation(
            "POST",
            "/api/songs/{song:uuid}/versions",
            add_version,
            "Add a version; it is prepared while you go on",
            takes=NewVersion,
            takes_as="multipart/form-data",
            gives=VersionShape,
            status=201,
            errors=(404, 422),
            body_limit=int(settings.upload_limit) + _ROOM_FOR_FIELDS,
        )
    ]


def routes(settings: Settings) -> list[Route]:
    limit = int(settings.upload_limit) + _ROOM_FOR_FIELDS
    return [
        Route(
            "/songs/{song:uuid}/versions/new",
            new_version,
            methods=["GET", "POST"],
            middleware=room_for(limit),
        ),
    ]
