"""Bytes of a blob over HTTP: ranges, so a player can seek, and ETags, so nothing is sent twice (RFC 9110)."""

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from server.blobs import Blobs
from server.errors import AppError, not_found

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)

# Our own table: what a file calls itself is not evidence of what it is.
_MEDIA_TYPES = {
    "wav": "audio/wav",
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
    "mp4": "audio/mp4",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "adts": "audio/aac",
    "ogg": "audio/ogg",
    "aiff": "audio/aiff",
}


def media_type(container: str) -> str:
    return next(
        (kind for name, kind in _MEDIA_TYPES.items() if name in container.lower()), "application/octet-stream"
    )


async def ranged(
    request: Request, blobs: Blobs, key: str, *, media_type: str, etag: str, download_as: str | None = None
) -> Response:
    """The blob, or the part of it that the request asks for."""
    size = blobs.size(key)
    if size is None:
        raise not_found()
    tag = f'"{etag}"'
    headers = {"etag": tag, "accept-ranges": "bytes", "cache-control": "private, no-cache"}
    if download_as is not None:
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(download_as, safe='')}"
    if already_there(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    wanted = _wanted(request, tag, size)
    start, end = wanted or (0, size)
    headers["content-length"] = str(end - start)
    if wanted:
        headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    body = _nothing() if request.method == "HEAD" or start == end else blobs.stream(key, start, end)
    return StreamingResponse(body, 206 if wanted else 200, headers, media_type)


def already_there(if_none_match: str | None, tag: str) -> bool:
    """Whether who asks has it already."""
    known = [part.strip().removeprefix("W/") for part in (if_none_match or "").split(",")]
    return tag in known or known == ["*"]


def _wanted(request: Request, tag: str, size: int) -> tuple[int, int] | None:
    """The first byte and the one after the last; None for all. Several ranges at once are answered with all."""
    match = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if match is None or match.groups() == ("", "") or request.headers.get("if-range", tag) != tag:
        return None
    first, last = match.groups()
    if first and last and int(last) < int(first):
        return None  # no range at all, to be ignored
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if start >= size:
        error = AppError(416, "range", f"This file has {size} bytes; the range asked for lies outside them.")
        error.headers["content-range"] = f"bytes */{size}"
        raise error
    return start, end


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""  # a generator, of nothing
