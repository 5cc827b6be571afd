"""How it got here: one step for each version after the first, and the two or three things that changed."""

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from server.blobs import Blobs
from server.compare.comparisons import comparison_shape, find_comparison, request_comparison
from server.compare.models import Comparison
from server.compare.results import result_key, result_of
from server.compare.shapes import FindingShape
from server.database import database_of
from server.events.objects import ComparisonShape, VersionShape
from server.operations import ItemList, Operation, answer
from server.people.visitors import credentials
from server.rates import COMPARISONS, spend
from server.songs.access import song_to_hear, visible_versions
from server.songs.models import Version
from server.songs.shapes import version_shape

_MOST = 3
Seconds = Annotated[float, Field(ge=0)]


class Step(BaseModel):
    """From one version to the next that the visitor may hear. `findings` as B's stage hears them, the weightiest
    first; what is not known before it is compared is null."""

    a: VersionShape
    b: VersionShape
    status: Literal["preparing", "ready", "failed"]
    comparison: ComparisonShape | None
    findings: list[FindingShape]
    only_in_a: Seconds | None
    only_in_b: Seconds | None
    tempo: FindingShape | None


Row = tuple[Version, Version, Comparison | None]


async def get_story(request: Request) -> Response:
    database, blobs = database_of(request), request.app.state.blobs

    def find(session: Session) -> list[Row]:
        return [(a, b, find_comparison(session, a, b)) for a, b in _steps(session, request)]

    rows = await database.reading(find)
    if request.method != "HEAD" and await run_in_threadpool(
        lambda: any(_is_missing(blobs, row) for row in rows)
    ):
        await spend(request, COMPARISONS)
        rows = await database.writing(lambda session: _requested(session, request, blobs))

    def tell(session: Session) -> ItemList[Step]:
        return ItemList(items=[_step(session, blobs, row) for row in rows])

    return answer(await database.reading(tell))


def _steps(session: Session, request: Request) -> list[tuple[Version, Version]]:
    access = song_to_hear(session, credentials(request), request.path_params["song"])
    versions = visible_versions(session, access)
    return list(pairwise(version for version in versions if version.status != "failed"))


def _is_missing(blobs: Blobs, row: Row) -> bool:
    """Not asked for, failed, or no longer kept."""
    a, b, comparison = row
    if comparison is None or comparison.status == "failed":
        return True
    return comparison.status == "ready" and blobs.size(result_key(a, b)) is None


def _requested(session: Session, request: Request, blobs: Blobs) -> list[Row]:
    rows: list[Row] = []
    for a, b in _steps(session, request):
        comparison = find_comparison(session, a, b)
        if _is_missing(blobs, (a, b, comparison)):
            comparison = request_comparison(session, a, b, anew=True)
        rows.append((a, b, comparison))
    return rows


def _step(session: Session, blobs: Blobs, row: Row) -> Step:
    a, b, comparison = row
    comparison = comparison or Comparison(song_id=a.song_id, a_id=a.id, b_id=b.id)
    found = _found(result_of(blobs, a, b), b.stage) if comparison.status == "ready" else None
    return Step.model_validate(
        {
            "a": version_shape(session, a),
            "b": version_shape(session, b),
            "status": comparison.status,
            "comparison": comparison_shape(comparison),
            **(found or {"findings": [], "only_in_a": None, "only_in_b": None, "tempo": None}),
        }
    )


def _found(result: dict[str, Any], stage: str) -> dict[str, Any]:
    return {
        "findings": result["findings"][stage][:_MOST],
        "only_in_a": round(sum(end - start for start, end in result["only_in_a"]), 3),
        "only_in_b": round(sum(end - start for start, end in result["only_in_b"]), 3),
        "tempo": result["tempo"],
    }


operations = [
    Operation(
        "GET",
        "/api/songs/{song:uuid}/story",
        get_story,
        "How it got here: what changed from each version to the next",
        gives=ItemList[Step],
        errors=(404,),
    ),
]
