"""Spoken comments: a recording goes in, what is kept is trimmed, levelled and small. Private like any comment."""

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.database import database_of, new_id
from server.errors import invalid, not_found
from server.events.objects import CommentShape
from server.feedback import comments
from server.feedback.access import comment_to_see
from server.feedback.forms import NewVoiceNote
from server.forms import text_fields
from server.operations import Operation, answer, validated
from server.people.visitors import credentials
from server.rates import WRITES, spend
from server.songs.access import version_to_comment_on
from server.songs.audio import ranged
from server.sound.errors import UnreadableAudio
from server.sound.voice_notes import make_voice_note

# Two minutes take a browser about 2 MB; a phone that records without compression takes more.
_LIMIT = 16 << 20
_SECONDS_TO_MAKE = 60.0


class VoiceNoteForm(BaseModel):
    """How the form looks to the API's description."""

    file: bytes = Field(json_schema_extra={"type": "string", "format": "binary"})
    id: str | None = None
    at: float = 0.0
    until: float | None = None
    reply_to: str | None = None


async def add_voice_note(request: Request) -> Response:
    await spend(request, WRITES)
    given, version_id = credentials(request), request.path_params["version"]
    # Before a byte of the recording is read.
    await database_of(request).reading(lambda session: version_to_comment_on(session, given, version_id))
    form = await _form(request)
    try:
        fields = validated(NewVoiceNote.model_validate, text_fields(form))
        voice = await _kept(request, form)
    finally:
        await form.close()

    def add(session: Session) -> tuple[CommentShape, bool]:
        access, version = version_to_comment_on(session, given, version_id)
        return comments.add_comment(session, access, version, fields.as_new_comment(), voice)

    comment, new = await database_of(request).writing(add)
    return answer(comment, 201 if new else 200)


async def get_voice(request: Request) -> Response:
    def find(session: Session) -> str:
        _, comment = comment_to_see(session, credentials(request), request.path_params["comment"])
        if comment.voice is None:
            raise not_found()
        return str(comment.voice["kept"])

    kept = await database_of(request).reading(find)
    blobs = request.app.state.blobs
    return await ranged(request, blobs, _key(kept), media_type="audio/mp4", etag=kept)


async def _form(request: Request) -> FormData:
    try:
        return await request.form(max_files=1, max_fields=10)
    except HTTPException:
        raise invalid("This is not a form with a recording in it.", file="Record something.") from None


async def _kept(request: Request, form: FormData) -> dict[str, Any]:
    file = form.get("file")
    content = await file.read() if isinstance(file, UploadFile) else b""
    if not content:
        raise invalid("There is no recording in this note.", file="Record something.")
    return await run_in_threadpool(_made, request, content)


def _made(request: Request, content: bytes) -> dict[str, Any]:
    state, staging = request.app.state, request.app.state.settings.staging
    said, note = staging / f"said-{new_id()}", staging / f"note-{new_id()}.m4a"
    try:
        said.write_bytes(content)
        made = state.looker.run(make_voice_note, said, note, seconds=_SECONDS_TO_MAKE)
        kept = _hash_of(note)
        state.blobs.put_file(_key(kept), note)
    except UnreadableAudio as error:
        raise invalid(str(error), file=str(error)) from None
    finally:
        said.unlink(missing_ok=True)
        note.unlink(missing_ok=True)
    return {**asdict(made), "seconds": round(made.seconds, 3), "kept": kept}


def _hash_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _key(kept: str) -> str:
    return f"voices/{kept}.m4a"


operations = [
    Operation(
        "POST",
        "/api/versions/{version:uuid}/voice-notes",
        add_voice_note,
        "Say it aloud: a comment of up to two minutes",
        takes=VoiceNoteForm,
        takes_as="multipart/form-data",
        gives=CommentShape,
        status=201,
        also=(200,),
        errors=(404, 409, 422),
        body_limit=_LIMIT,
    ),
    Operation(
        "GET",
        "/api/comments/{comment:uuid}/voice",
        get_voice,
        "What a spoken comment says",
        gives="audio/mp4",
        also=(206, 304),
        errors=(404, 416),
    ),
]
