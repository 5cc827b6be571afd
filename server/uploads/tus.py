"""tus 1.0.0 (https://tus.io/protocols/resumable-upload): its headers, read and written."""

import base64
import binascii
import functools
import hashlib
from datetime import datetime
from email.utils import format_datetime

from starlette.requests import Request
from starlette.responses import Response

from server.errors import AppError
from server.operations import Endpoint

EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
CHUNK_TYPE = "application/offset+octet-stream"
ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "md5": hashlib.md5}
Checksum = tuple[str, bytes]
"""The name of the algorithm, and the digest it has to give."""


def spoken(endpoint: Endpoint) -> Endpoint:
    """The endpoint, asking for the protocol's version and naming it in every answer, refusals included."""

    @functools.wraps(endpoint)
    async def speaking(request: Request) -> Response:
        try:
            if request.method != "OPTIONS" and request.headers.get("tus-resumable") != "1.0.0":
                raise _other_version()
            answer = await endpoint(request)
        except AppError as error:
            error.headers["tus-resumable"] = "1.0.0"
            raise
        answer.headers["tus-resumable"] = "1.0.0"
        return answer

    return speaking


def has_chunk(request: Request) -> bool:
    return request.headers.get("content-type") == CHUNK_TYPE


def number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        raise AppError(400, "header", f"The header {header.title()} must be a whole number.")
    return int(text)


def metadata(request: Request) -> dict[str, str]:
    """`key base64, key base64`, as tus writes it."""
    found: dict[str, str] = {}
    try:
        for pair in filter(None, map(str.strip, request.headers.get("upload-metadata", "").split(","))):
            key, _, value = pair.partition(" ")
            found[key] = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise AppError(400, "metadata", "The header Upload-Metadata is not base64.") from None
    return found


def checksum(request: Request) -> Checksum | None:
    header = request.headers.get("upload-checksum")
    if header is None:
        return None
    algorithm, _, digest = header.partition(" ")
    if algorithm not in ALGORITHMS:
        raise AppError(400, "checksum_algorithm", f"Use one of {', '.join(ALGORITHMS)} for Upload-Checksum.")
    try:
        return algorithm, base64.b64decode(digest, validate=True)
    except ValueError:
        raise AppError(400, "header", "The header Upload-Checksum is not base64.") from None


def expires(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def _other_version() -> AppError:
    error = AppError(412, "tus_version", "This address speaks tus 1.0.0; send 'Tus-Resumable: 1.0.0'.")
    error.headers["tus-version"] = "1.0.0"
    return error
