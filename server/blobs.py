"""Where the bytes of recordings live: a local folder, or S3 by its address. Keys are made by us, never by users."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit
from urllib.request import url2pathname
from uuid import uuid4

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url


class Blobs:
    def __init__(self, url: str, staging: Path) -> None:
        self._staging = staging
        self._folder: Path | None = None
        self._store: ObjectStore
        if url.startswith("file://"):
            self._folder = Path(url2pathname(urlsplit(url).path))
            self._folder.mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(self._folder)
        else:
            self._store = from_url(url)

    def put_file(self, key: str, path: Path) -> None:
        """A finished file: it may be removed afterwards, not written to."""
        if self._folder is None or not _linked(path, self._folder / key):
            obstore.put(self._store, key, path)
        if self._folder is not None:
            _to_disk(self._folder / key)

    def put(self, key: str, content: bytes) -> None:
        obstore.put(self._store, key, content)

    def get(self, key: str) -> bytes:
        return bytes(obstore.get(self._store, key).bytes())

    def size(self, key: str) -> int | None:
        """In bytes; None when there is no such blob."""
        try:
            return obstore.head(self._store, key)["size"]
        except (NotFoundError, FileNotFoundError):
            return None

    async def stream(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Bytes start to end (not included)."""
        answer = await obstore.get_async(self._store, key, options={"range": (start, end)})
        async for chunk in answer.stream(min_chunk_size=256 * 1024):
            yield bytes(chunk)

    @contextmanager
    def as_file(self, key: str) -> Iterator[Path]:
        """The blob as a file that a decoder can open; a copy, gone afterwards, when the store is not local."""
        if self._folder is not None:
            yield self._folder / key
            return
        with NamedTemporaryFile(dir=self._staging, prefix="blob-") as file:
            for chunk in obstore.get(self._store, key).stream():
                file.write(chunk)
            file.flush()
            yield Path(file.name)


def _linked(path: Path, target: Path) -> bool:
    """A second name takes no time, while a copy of an hour's WAV is written to disk for seconds."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}-{uuid4()}")
    try:
        unfinished.hardlink_to(path)
        unfinished.replace(target)
    except OSError:  # another disk, or one that knows no second names
        return False
    finally:
        # Two names of the same file are not replaced by one another.
        unfinished.unlink(missing_ok=True)
    return True


def _to_disk(path: Path) -> None:
    """A row that outlives a power cut must not refer to a file that did not."""
    for written in (path, path.parent):
        handle = os.open(written, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
