"""Resumable uploads over HTTP: tus 1.0.0 with creation, creation-with-upload, checksum, expiration, termination."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from server.database import database_of, now
from server.errors import AppError, invalid, not_found
from server.operations import Operation, validated
from server.people.visitors import Credentials, credentials, person_asking
from server.settings import Settings
from server.songs.access import song_to_change
from server.songs.models import Version
from server.uploads import tus
from server.uploads.form import intake_of
from server.uploads.intake import About, Intake, too_large
from server.uploads.models import Upload
from server.uploads.receiving import Turn, receive, turn

_KEPT_FOR = timedelta(days=2)


class NewUpload(About):
    song: UUID


async def describe(request: Request) -> Response:
    headers = {
        "Tus-Version": "1.0.0",
        "Tus-Extension": tus.EXTENSIONS,
        "Tus-Max-Size": str(int(intake_of(request).settings.upload_limit)),
        "Tus-Checksum-Algorithm": ",".join(tus.ALGORITHMS),
    }
    return Response(status_code=204, headers=headers)


async def create_upload(request: Request) -> Response:
    about = validated(NewUpload.model_validate, tus.metadata(request))
    length = tus.number(request, "upload-length")
    settings = intake_of(request).settings
    if length > settings.upload_limit:
        raise too_large(settings)
    if length == 0:
        raise invalid("This file is empty.", file="This file is empty.")
    given = credentials(request)
    upload = await database_of(request).writing(lambda session: _new_upload(session, given, about, length))
    _staged(request, upload).touch()
    headers = {"Location": f"/api/uploads/{upload.id}"}
    if not tus.has_chunk(request):
        headers |= {"Upload-Offset": "0", "Upload-Expires": tus.expires(upload.expires_at)}
        return Response(status_code=201, headers=headers)
    async with turn(upload.id) as mine:
        headers |= await _go_on(request, upload, mine)
    return Response(status_code=201, headers=headers)


async def upload_state(request: Request) -> Response:
    await _own_upload(request)
    async with turn(request.path_params["upload"]):
        upload = await _own_upload(request)
        headers = {"Upload-Length": str(upload.length), "Cache-Control": "no-store"}
        # All bytes may be here although the server died before it made a version of them: it does so now.
        return Response(status_code=200, headers=headers | await _state(request, upload))


async def continue_upload(request: Request) -> Response:
    if not tus.has_chunk(request):
        raise AppError(415, "content_type", f"Send the bytes as {tus.CHUNK_TYPE}.")
    offset = tus.number(request, "upload-offset")
    await _own_upload(request)
    async with turn(request.path_params["upload"]) as mine:
        upload = await _own_upload(request)  # as the request before has left it
        if offset != _offset(request, upload):
            raise AppError(
                409, "offset", "The upload is at another place; ask for it (HEAD) and go on from there."
            )
        return Response(status_code=204, headers=await _go_on(request, upload, mine))


async def end_upload(request: Request) -> Response:
    await _own_upload(request)
    async with turn(request.path_params["upload"]):
        upload = await _own_upload(request)
        _staged(request, upload).unlink(missing_ok=True)
        await database_of(request).writing(lambda session: _forget(session, upload))
    return Response(status_code=204)


async def _go_on(request: Request, upload: Upload, mine: Turn) -> dict[str, str]:
    room = upload.length - _offset(request, upload)
    if upload.version_id is None:
        staged = _staged(request, upload)
        await receive(request, mine, staged, room=room, checksum=tus.checksum(request))
    return await _state(request, upload)


async def _state(request: Request, upload: Upload) -> dict[str, str]:
    """Where it stands; when all bytes are there, they are made into a version, once."""
    offset = _offset(request, upload)
    headers = {"Upload-Offset": str(offset), "Upload-Expires": tus.expires(upload.expires_at)}
    if offset < upload.length:
        return headers
    version = upload.version_id or await run_in_threadpool(
        _take, intake_of(request), credentials(request), upload, _staged(request, upload)
    )
    return headers | {"Earmark-Version": str(version)}


def _take(intake: Intake, given: Credentials, upload: Upload, staged: Path) -> UUID:
    def remember(session: Session, version: Version) -> None:
        mine = sa.update(Upload).where(col(Upload.id) == upload.id, col(Upload.version_id).is_(None))
        if session.execute(mine.values(version_id=version.id)).rowcount != 1:  # type: ignore[attr-defined]
            raise AppError(423, "busy", "Another server process has just made a version of this upload.")

    try:
        version = intake.take(given, upload.song_id, staged, About.model_validate(upload.about), remember)
    except AppError as error:
        if error.status == 422:  # refused: the bytes will not get better, so the upload is over
            intake.database.write(lambda session: _forget(session, upload))
            staged.unlink(missing_ok=True)
        raise
    staged.unlink(missing_ok=True)
    return version.id


def _new_upload(session: Session, given: Credentials, about: NewUpload, length: int) -> Upload:
    person = person_asking(session, given)
    access = song_to_change(session, given, about.song)
    upload = Upload(
        song_id=access.song.id,
        person_id=person.id,
        length=length,
        about=about.model_dump(mode="json", exclude={"song"}),
        expires_at=now() + _KEPT_FOR,
    )
    session.add(upload)
    return upload


def _forget(session: Session, upload: Upload) -> None:
    session.execute(sa.delete(Upload).where(col(Upload.id) == upload.id))


async def _own_upload(request: Request) -> Upload:
    def find(session: Session) -> Upload:
        upload = session.get(Upload, request.path_params["upload"])
        person = person_asking(session, credentials(request))
        if upload is None or upload.person_id != person.id or upload.expires_at <= now():
            raise not_found()
        song_to_change(session, credentials(request), upload.song_id)
        return upload

    return await database_of(request).reading(find)


def _staged(request: Request, upload: Upload) -> Path:
    return intake_of(request).settings.staging / str(upload.id)


def _offset(request: Request, upload: Upload) -> int:
    if upload.version_id is not None:
        return upload.length
    staged = _staged(request, upload)
    return staged.stat().st_size if staged.exists() else 0


def operations(settings: Settings) -> list[Operation]:
    def operation(method: str, path: str, endpoint: Any, summary: str, status: int, **more: Any) -> Operation:
        headers = ("Tus-Resumable", *more.pop("request_headers", ()))
        errors = (400, 401, 404, 408, 409, 412, 415, 422, 423, 460)
        return Operation(
            method,
            path,
            tus.spoken(endpoint),
            summary,
            status=status,
            errors=errors,
            request_headers=headers,
            **more,
        )

    limit, one = int(settings.upload_limit) + 1, "/api/uploads/{upload:uuid}"
    created_with = ("Upload-Length", "Upload-Metadata", "Upload-Checksum")
    sent_with = ("Upload-Offset", "Upload-Checksum")
    return [
        operation("OPTIONS", "/api/uploads", describe, "What this tus server can do", 204),
        operation(
            "POST",
            "/api/uploads",
            create_upload,
            "Begin an upload",
            201,
            body_limit=limit,
            request_headers=created_with,
        ),
        operation("HEAD", one, upload_state, "How much has arrived", 200),
        operation(
            "PATCH",
            one,
            continue_upload,
            "Send bytes; the last ones make the version",
            204,
            body_limit=limit,
            request_headers=sent_with,
        ),
        operation("DELETE", one, end_upload, "Give an upload up", 204),
    ]
