"""Bytes of a resumable upload on their way into its staged file.

The staged file's own size is the offset: bytes that were acknowledged are there after any crash. Bytes that come
with a checksum wait beside the file until it is verified.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from server.errors import AppError
from server.uploads.tus import ALGORITHMS, Checksum

_SILENCE = 60.0
_TIME_TO_LEAVE = 20.0


class Turn:
    """One request at a time works on an upload. The one that comes later is the one whose line is alive: it ends
    the reading of the one before, and waits until that has let go."""

    def __init__(self) -> None:
        self.over, self.left = asyncio.Event(), asyncio.Event()


_turns: dict[UUID, Turn] = {}


@asynccontextmanager
async def turn(upload: UUID) -> AsyncIterator[Turn]:
    before = _turns.get(upload)
    if before is not None:
        before.over.set()
        try:
            await asyncio.wait_for(before.left.wait(), _TIME_TO_LEAVE)
        except TimeoutError:
            raise _busy() from None
        if upload in _turns:  # a third was quicker
            raise _busy()
    mine = _turns[upload] = Turn()
    try:
        yield mine
    finally:
        del _turns[upload]
        mine.left.set()


async def receive(
    request: Request, turn: Turn, staged: Path, *, room: int, checksum: Checksum | None
) -> None:
    """Append the request's body to the staged file. What came before a cut is kept, unless it has a checksum."""
    if checksum is None:
        await _write(request, turn, staged, "ab", room)
        return
    chunk = staged.with_suffix(".chunk")
    try:
        await _write(request, turn, chunk, "wb", room)
        await run_in_threadpool(_append_verified, chunk, staged, *checksum)
    finally:
        chunk.unlink(missing_ok=True)


async def _write(request: Request, turn: Turn, target: Path, mode: str, room: int) -> None:
    with target.open(mode) as file:
        try:
            async with aclosing(_blocks(request, turn)) as blocks:
                async for block in blocks:
                    room -= len(block)
                    if room < 0:
                        raise AppError(413, "too_long", "More bytes came than the upload was announced with.")
                    await run_in_threadpool(file.write, block)
        finally:
            file.flush()
            await run_in_threadpool(os.fsync, file.fileno())


async def _blocks(request: Request, turn: Turn) -> AsyncGenerator[bytes, None]:
    over = asyncio.ensure_future(turn.over.wait())
    try:
        more = True
        while more:
            coming = asyncio.ensure_future(request.receive())
            done, _ = await asyncio.wait(
                {coming, over}, timeout=_SILENCE, return_when=asyncio.FIRST_COMPLETED
            )
            if coming not in done:
                coming.cancel()
                raise _busy() if done else AppError(408, "silence", "No byte came for a while.")
            message = coming.result()
            if message["type"] == "http.disconnect":
                raise AppError(400, "cut", "The connection was cut.")
            yield message.get("body", b"")
            more = message.get("more_body", False)
    finally:
        over.cancel()


def _append_verified(chunk: Path, staged: Path, algorithm: str, digest: bytes) -> None:
    with chunk.open("rb") as content:
        found = ALGORITHMS[algorithm]()
        while block := content.read(1 << 20):
            found.update(block)
        if found.digest() != digest:
            raise AppError(460, "checksum", "These bytes were damaged on the way; send them again.")
        content.seek(0)
        with staged.open("ab") as file:
            shutil.copyfileobj(content, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())


def _busy() -> AppError:
    return AppError(423, "busy", "Another request is working on this upload right now.")
