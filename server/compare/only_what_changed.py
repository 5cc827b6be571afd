"""Hear only what changed: B minus A for a range, made when it is asked for, in a confined child process."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from server.compare.pair import Pair, WhichPair, compared_pair
from server.compare.results import result_of
from server.database import new_id
from server.difference.residual import LONGEST_SECONDS, NothingToSubtract, write_residual
from server.errors import AppError, invalid
from server.fields import LONGEST_SONG
from server.operations import Operation, parsed_query
from server.rates import CLIPS, spend
from server.songs.versions import original_key
from server.sound.clips import MEDIA_TYPES
from server.sound.errors import UnreadableAudio
from server.stages.every_stage import lines_of

_SECONDS_TO_MAKE = 60.0
_SENTENCES = {
    "cut": "This part is not in version {b}, so there is nothing to take away from it.",
    "anew": "Here version {b} was played anew: no sample of version {a} is left in it that could be taken away.",
}
Second = Annotated[float, Field(ge=0, le=LONGEST_SONG, allow_inf_nan=False)]


class WhichDifference(WhichPair):
    """`start` and `end` are seconds of A."""

    start: Second
    end: Second
    format: Literal["wav", "flac"] = "wav"

    @model_validator(mode="after")
    def _is_a_piece(self) -> Self:
        if not 0.01 <= self.end - self.start <= LONGEST_SECONDS:
            raise ValueError(f"A piece begins before it ends and is {LONGEST_SECONDS:g} seconds long at most")
        return self


async def get_difference(request: Request) -> Response:
    which = parsed_query(request, WhichDifference)
    await spend(request, CLIPS)
    pair = await compared_pair(request, which)
    if not pair.ready:
        raise AppError(409, "not_compared_yet", "These two are still being compared. Try again in a moment.")
    end = min(which.end, pair.a.duration or which.end)
    if end - which.start < 0.01:
        raise invalid("That piece lies outside the recording.")
    target = request.app.state.settings.staging / f"difference-{new_id()}.{which.format}"
    state = request.app.state
    level_db, covered = await run_in_threadpool(_make, state, pair, target, (which.start, end), which.format)
    return FileResponse(
        target,
        media_type=MEDIA_TYPES[which.format],
        filename=f"only what changed {which.start:g}-{end:g}.{which.format}",
        headers={"x-residual-db": f"{level_db:.1f}", "x-covered": f"{covered:.3f}"},
        background=BackgroundTask(target.unlink, missing_ok=True),
    )


def _make(
    state: Any, pair: Pair, target: Path, span: tuple[float, float], format: str
) -> tuple[float, float]:
    """The residual's level in dB below B, and how much of the span could be subtracted."""
    result = result_of(state.blobs, pair.a, pair.b)
    try:
        with (
            state.blobs.as_file(original_key(pair.a.sha256)) as a,
            state.blobs.as_file(original_key(pair.b.sha256)) as b,
        ):
            given = a, b, target, lines_of(result), result["gain_db"], span, format
            made: tuple[float, float] = state.looker.run(write_residual, *given, seconds=_SECONDS_TO_MAKE)
            return made
    except NothingToSubtract as nothing:
        target.unlink(missing_ok=True)
        sentence = _SENTENCES[nothing.reason].format(a=pair.a.number, b=pair.b.number)
        raise AppError(409, f"nothing_to_subtract_{nothing.reason}", sentence) from None
    except UnreadableAudio as error:
        target.unlink(missing_ok=True)
        raise invalid(str(error)) from None


operations = [
    Operation(
        "GET",
        "/api/compare/difference",
        get_difference,
        "Only what changed, as sound: B minus A at equal level, for a range of A",
        query=WhichDifference,
        gives="application/octet-stream",
        errors=(404, 409, 422),
    ),
]
