"""Resumable uploads: tus 1.0.0 (https://tus.io/protocols/resumable-upload) with creation, creation-with-upload,
checksum, expiration and termination.

The staged file's own size is the offset: bytes that were acknowledged are there after any crash. Bytes that come
with a checksum wait beside the file until it is verified.
"""

import base64
import binascii
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from server.database import database_of, new_id, now
from server.errors import AppError, invalid, not_found
from server.operations import Operation, validated
from server.people.visitors import Credentials, credentials, person_asking
from server.settings import Settings
from server.songs.access import song_to_change
from server.songs.models import Version
from server.uploads.form import intake_of
from server.uploads.intake import About, Intake, too_large
from server.uploads.models import Upload

_KEPT_FOR = timedelta(days=2)
_ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "md5": hashlib.md5}
_CHUNK_TYPE = "application/offset+octet-stream"
# Two requests that write one file at once would interleave; the second is told to come back.
_busy: set[UUID] = set()


class NewUpload(About):
    song: UUID


async def describe(request: Request) -> Response:
    extensions = "creation,creation-with-upload,checksum,expiration,termination"
    return _answer(
        204,
        **{
            "Tus-Version": "1.0.0",
            "Tus-Extension": extensions,
            "Tus-Max-Size": str(int(intake_of(request).settings.upload_limit)),
            "Tus-Checksum-Algorithm": ",".join(_ALGORITHMS),
        },
    )


async def create_upload(request: Request) -> Response:
    _check_protocol(request)
    about = validated(NewUpload.model_validate, _metadata(request.headers.get("upload-metadata", "")))
    length = _number(request, "upload-length")
    settings = intake_of(request).settings
    if length > settings.upload_limit:
        raise too_large(settings)
    if length == 0:
        raise invalid("This file is empty.", file="This file is empty.")
    given = credentials(request)
    upload = await database_of(request).writing(lambda session: _new_upload(session, given, about, length))
    (settings.staging / str(upload.id)).touch()
    headers = {
        "Location": f"/api/uploads/{upload.id}",
        "Upload-Expires": format_datetime(upload.expires_at, usegmt=True),
    }
    if request.headers.get("content-type") != _CHUNK_TYPE:
        return _answer(201, **headers, **{"Upload-Offset": "0"})
    return _answer(201, **headers, **await _receive(request, upload))


async def upload_state(request: Request) -> Response:
    _check_protocol(request)
    upload = await _own_upload(request)
    offset = _offset(intake_of(request), upload)
    headers = {"Upload-Offset": str(offset), "Upload-Length": str(upload.length), "Cache-Control": "no-store"}
    # All bytes are here but the server died before it made a version of them: it does so now.
    if offset == upload.length:
        async with _alone(upload):
            headers |= await _finished(request, upload)
    return _answer(200, **headers)


async def continue_upload(request: Request) -> Response:
    _check_protocol(request)
    if request.headers.get("content-type") != _CHUNK_TYPE:
        raise AppError(415, "content_type", f"Send the bytes as {_CHUNK_TYPE}.")
    upload = await _own_upload(request)
    if _number(request, "upload-offset") != _offset(intake_of(request), upload):
        raise AppError(
            409, "offset", "The upload is at another place; ask for it (HEAD) and go on from there."
        )
    return _answer(204, **await _receive(request, upload))


async def end_upload(request: Request) -> Response:
    _check_protocol(request)
    upload = await _own_upload(request)
    _staged(intake_of(request), upload).unlink(missing_ok=True)
    await database_of(request).writing(lambda session: session.delete(session.get_one(Upload, upload.id)))
    return _answer(204)


def forget_expired(intake: Intake) -> None:
    """Uploads nobody came back to, and their bytes. Also staged files without a row, left by a crash."""

    def forget(session: Session) -> set[str]:
        for upload in session.exec(select(Upload).where(col(Upload.expires_at) <= now())):
            session.delete(upload)
        session.flush()
        return {str(id) for id in session.exec(select(Upload.id))}

    kept = intake.database.write(forget)
    for file in intake.settings.staging.iterdir():
        if file.is_file() and file.name.removesuffix(".chunk") not in kept:
            file.unlink(missing_ok=True)


async def _receive(request: Request, upload: Upload) -> dict[str, str]:
    async with _alone(upload):
        await _write(request, upload)
        offset = _offset(intake_of(request), upload)
        headers = {
            "Upload-Offset": str(offset),
            "Upload-Expires": format_datetime(upload.expires_at, usegmt=True),
        }
        return headers | (await _finished(request, upload) if offset == upload.length else {})


@asynccontextmanager
async def _alone(upload: Upload) -> AsyncIterator[None]:
    if upload.id in _busy:
        raise AppError(423, "busy", "Another request is sending bytes of this upload right now.")
    _busy.add(upload.id)
    try:
        yield
    finally:
        _busy.discard(upload.id)


async def _write(request: Request, upload: Upload) -> None:
    staged = _staged(intake_of(request), upload)
    checksum = _checksum(request)
    room = upload.length - staged.stat().st_size
    target = staged.with_suffix(".chunk") if checksum else staged
    with target.open("wb" if checksum else "ab") as file:
        try:
            async for block in request.stream():
                room -= len(block)
                if room < 0:
                    raise AppError(413, "too_long", "More bytes came than the upload was announced with.")
                await run_in_threadpool(file.write, block)
        except ClientDisconnect:
            # What came before the cut is kept: the client asks for the offset and goes on from there.
            raise AppError(400, "cut", "The connection was cut.") from None
    if checksum:
        await run_in_threadpool(_append_verified, target, staged, *checksum)


def _append_verified(chunk: Path, staged: Path, algorithm: str, digest: bytes) -> None:
    content = chunk.read_bytes()
    chunk.unlink()
    if _ALGORITHMS[algorithm](content).digest() != digest:
        raise AppError(460, "checksum", "These bytes were damaged on the way; send them again.")
    with staged.open("ab") as file:
        file.write(content)


async def _finished(request: Request, upload: Upload) -> dict[str, str]:
    """Make the version, once; answers its id for the header."""
    if upload.version_id is None:
        intake = intake_of(request)
        upload.version_id = await run_in_threadpool(_take, intake, credentials(request), upload)
    return {"Earmark-Version": str(upload.version_id)}


def _take(intake: Intake, given: Credentials, upload: Upload) -> UUID:
    staged = _staged(intake, upload)

    def remember(session: Session, version: Version) -> None:
        row = session.get_one(Upload, upload.id)
        row.version_id = version.id
        session.add(row)

    try:
        version = intake.take(given, upload.song_id, staged, About.model_validate(upload.about), remember)
    except AppError:
        # Refused: the bytes will not get better, so the upload is over.
        intake.database.write(lambda session: session.delete(session.get_one(Upload, upload.id)))
        staged.unlink(missing_ok=True)
        raise
    staged.unlink(missing_ok=True)
    return version.id


def _new_upload(session: Session, given: Credentials, about: NewUpload, length: int) -> Upload:
    person = person_asking(session, given)
    access = song_to_change(session, given, about.song)
    upload = Upload(
        id=new_id(),
        song_id=access.song.id,
        person_id=person.id,
        length=length,
        about=about.model_dump(mode="json", exclude={"song"}),
        expires_at=now() + _KEPT_FOR,
    )
    session.add(upload)
    return upload


async def _own_upload(request: Request) -> Upload:
    def find(session: Session) -> Upload:
        upload = session.get(Upload, request.path_params["upload"])
        person = person_asking(session, credentials(request))
        if upload is None or upload.person_id != person.id or upload.expires_at <= now():
            raise not_found()
        song_to_change(session, credentials(request), upload.song_id)
        return upload

    return await database_of(request).reading(find)


def _staged(intake: Intake, upload: Upload) -> Path:
    return intake.settings.staging / str(upload.id)


def _offset(intake: Intake, upload: Upload) -> int:
    if upload.version_id is not None:
        return upload.length
    staged = _staged(intake, upload)
    return staged.stat().st_size if staged.exists() else 0


def _check_protocol(request: Request) -> None:
    if request.headers.get("tus-resumable") != "1.0.0":
        error = AppError(412, "tus_version", "This address speaks tus 1.0.0; send 'Tus-Resumable: 1.0.0'.")
        error.headers["tus-version"] = "1.0.0"
        raise error


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        raise AppError(400, "header", f"The header {header.title()} must be a whole number.")
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """`key base64, key base64`, as tus writes it."""
    found: dict[str, str] = {}
    try:
        for pair in filter(None, (part.strip() for part in header.split(","))):
            key, _, value = pair.partition(" ")
            found[key] = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise AppError(400, "metadata", "The header Upload-Metadata is not base64.") from None
    return found


def _checksum(request: Request) -> tuple[str, bytes] | None:
    header = request.headers.get("upload-checksum")
    if header is None:
        return None
    algorithm, _, digest = header.partition(" ")
    if algorithm not in _ALGORITHMS:
        raise AppError(400, "checksum_algorithm", f"Use one of {', '.join(_ALGORITHMS)} for Upload-Checksum.")
    try:
        return algorithm, base64.b64decode(digest, validate=True)
    except binascii.Error:
        raise AppError(400, "header", "The header Upload-Checksum is not base64.") from None


def _answer(status: int, **headers: str) -> Response:
    return Response(status_code=status, headers={"Tus-Resumable": "1.0.0", **headers})


def operations(settings: Settings) -> list[Operation]:
    def operation(method: str, path: str, endpoint: Any, summary: str, status: int, **more: Any) -> Operation:
        headers = ("Tus-Resumable", *more.pop("request_headers", ()))
        errors = (400, 401, 404, 409, 412, 415, 422, 423)
        return Operation(
            method, path, endpoint, summary, status=status, errors=errors, request_headers=headers, **more
        )

    room, one = int(settings.upload_limit) + 1, "/api/uploads/{upload:uuid}"
    create = ("Upload-Length", "Upload-Metadata", "Upload-Checksum")
    return [
        operation("OPTIONS", "/api/uploads", describe, "What this tus server can do", 204),
        operation(
            "POST",
            "/api/uploads",
            create_upload,
            "Begin an upload",
            201,
            body_limit=room,
            request_headers=create,
        ),
        operation("HEAD", one, upload_state, "How much has arrived", 200),
        operation(
            "PATCH",
            one,
            continue_upload,
            "Send bytes; the last ones make the version",
            204,
            body_limit=room,
            request_headers=("Upload-Offset", "Upload-Checksum"),
        ),
        operation("DELETE", one, end_upload, "Give an upload up", 204),
    ]
