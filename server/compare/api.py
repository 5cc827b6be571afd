"""Comparisons over JSON."""

import hashlib
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.compare.comparisons import comparison_shape
from server.compare.pair import WhichPair, compared_pair
from server.compare.results import as_stage, result_key, result_of
from server.compare.shapes import ComparisonAnswer, ComparisonAwaited
from server.operations import Operation, answer, parsed_query
from server.songs.audio import already_there
from server.stages import StageKey


class WhichComparison(WhichPair):
    stage: StageKey | None = None


async def get_comparison(request: Request) -> Response:
    which = parsed_query(request, WhichComparison)
    pair = await compared_pair(request, which)
    if not pair.ready:
        return answer(ComparisonAwaited(comparison=comparison_shape(pair.comparison)), 202)
    stage = which.stage or pair.b.stage
    tag = f'"{hashlib.sha256(f"{result_key(pair.a, pair.b)} {stage}".encode()).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if already_there(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)

    def find() -> dict[str, Any]:
        return as_stage(result_of(request.app.state.blobs, pair.a, pair.b), stage)  # type: ignore[arg-type]

    return JSONResponse(await run_in_threadpool(find), headers=headers)


operations = [
    Operation(
        "GET",
        "/api/compare",
        get_comparison,
        "What changed from one version to another, as a stage sees it",
        query=WhichComparison,
        gives=ComparisonAnswer,
        also=(202,),
        errors=(404, 409, 422),
        request_headers=("If-None-Match",),
    ),
]
