"""A piece of a version as a file of its own, cut when it is asked for, in a confined child process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from sqlmodel import Session
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from server.blobs import Blobs
from server.database import database_of, new_id
from server.errors import AppError, invalid
from server.fields import LONGEST_SONG, PageForm
from server.operations import Operation, parsed_query
from server.people.visitors import credentials
from server.rates import CLIPS, spend
from server.songs.access import version_to_hear
from server.songs.versions import original_key
from server.sound.clips import LONGEST_SECONDS, MEDIA_TYPES, Piece, make_clip
from server.sound.confined import ConfinedProcesses
from server.sound.errors import UnreadableAudio

_SECONDS_TO_CUT = 60.0
Second = Annotated[float, Field(ge=0, le=LONGEST_SONG, allow_inf_nan=False)]


class WhichClip(PageForm):
    start: Second = 0.0
    end: Second
    gain_db: Annotated[float, Field(ge=-60, le=24, allow_inf_nan=False)] = 0.0
    format: Literal["wav", "flac", "mp3"] = "wav"

    @model_validator(mode="after")
    def _is_a_piece(self) -> Self:
        if not 0 < self.end - self.start <= LONGEST_SECONDS:
            raise ValueError(
                f"A clip begins before it ends and is {LONGEST_SECONDS // 60} minutes long at most"
            )
        return self


async def get_clip(request: Request) -> Response:
    which = parsed_query(request, WhichClip)
    await spend(request, CLIPS)

    def find(session: Session) -> tuple[str, str]:
        _, version = version_to_hear(session, credentials(request), request.path_params["version"])
        return version.sha256, Path(version.file_name).stem

    sha256, name = await database_of(request).reading(find)
    clip = request.app.state.settings.staging / f"clip-{new_id()}.{which.format}"
    await run_in_threadpool(_cut, request.app.state.blobs, request.app.state.looker, sha256, clip, which)
    return FileResponse(
        clip,
        media_type=MEDIA_TYPES[which.format],
        filename=f"{name} {which.start:g}-{which.end:g}.{which.format}",
        background=BackgroundTask(clip.unlink, missing_ok=True),
    )


def _cut(blobs: Blobs, processes: ConfinedProcesses, sha256: str, clip: Path, which: WhichClip) -> None:
    piece = Piece(which.start, which.end, which.gain_db)
    with _refusals(clip), blobs.as_file(original_key(sha256)) as original:
        processes.run(make_clip, original, clip, piece, which.format, seconds=_SECONDS_TO_CUT)


@contextmanager
def _refusals(clip: Path) -> Iterator[None]:
    try:
        yield
    except UnreadableAudio as error:
        clip.unlink(missing_ok=True)
        raise invalid(str(error)) from None
    except (ValueError, AppError):
        clip.unlink(missing_ok=True)
        raise invalid("That piece lies outside the recording.") from None


operations = [
    Operation(
        "GET",
        "/api/versions/{version:uuid}/clip",
        get_clip,
        "A piece of the recording, to the sample",
        query=WhichClip,
        gives="application/octet-stream",
        errors=(404, 422),
    )
]
