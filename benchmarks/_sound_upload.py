"""How long people wait for the waveform: a real server, a resumable upload, and a page's socket."""

import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import soundfile
from rich.table import Table
from sqlmodel import Session

from server.database import Database
from server.migrations import migrate_database
from server.people import accounts, bands
from server.people.models import Person
from server.songs.songs import add_song
from tests.cast import PASSWORD_HASH
from tests.live.listening import listening
from tests.services.server import LiveServer
from tests.uploads.tus_client import begun, sent

_LAST_BYTES = 1 << 20
_ZOOM = 2  # 4096 samples a pixel: what a page as wide as a desk's screen asks for first


def from_upload_to_waveform(files: list[Path], rounds: int) -> Table:
    """All but the last megabyte of the file is there already; then the clock runs."""
    title = f"From the last byte of an upload to the waveform on the page, median of {rounds}"
    columns = "the last byte's answer, s", "the waveform's 200, s", "slowest", "all measured, s"
    table = Table("file", *columns, title=title)
    with _running(files[0].parent / "server") as uploading:
        uploading.waited_for(_warming(files[0].parent))
        for path in files:
            times = np.array([uploading.waited_for(path) for _ in range(rounds)])
            answered, drawn, measured = np.median(times, axis=0)
            table.add_row(path.name, *(f"{n:.3f}" for n in (answered, drawn, times[:, 1].max(), measured)))
    return table


@dataclass(frozen=True)
class _Uploading:
    """Somebody at a page of their own band."""

    server: LiveServer
    database: Database
    person: uuid.UUID
    band: uuid.UUID
    token: str

    def waited_for(self, path: Path) -> tuple[float, float, float]:
        """Seconds from the last byte: to its answer, to the waveform, until all is measured."""
        headers = {"Authorization": f"Bearer {self.token}"}
        song = self._new_song()
        with (
            httpx2.Client(base_url=self.server.url, headers=headers, timeout=60) as client,
            listening(self.server.url, str(song), **headers) as page,
        ):
            content = path.read_bytes()
            address = begun(client, song, len(content), filename=path.name)
            late = max(0, len(content) - _LAST_BYTES)
            sent(client, address, 0, content[:late])
            began = time.perf_counter()
            assert sent(client, address, late, content[late:]).status_code == 204
            answered = time.perf_counter() - began
            version = page.until(_has_waveform)["version"]
            zoom = min(_ZOOM, len(version["zooms"]) - 1)
            answer = client.get(f"/api/versions/{version['id']}/waveform.dat?zoom={zoom}")
            drawn = time.perf_counter() - began
            assert answer.status_code == 200
            page.until(_is_past_measuring)
            measured = time.perf_counter() - began
            page.until(lambda message: message["type"] == "version.ready")
        return answered, drawn, measured

    def _new_song(self) -> uuid.UUID:
        """Each time, or the versions would be compared with one another, while the next is uploaded."""

        def add(session: Session) -> uuid.UUID:
            person = session.get_one(Person, self.person)
            return add_song(session, person, "Night Bus", self.band).id

        return self.database.write(add)


def _has_waveform(message: dict[str, Any]) -> bool:
    return message["type"] == "version.progress" and bool(message["version"]["zooms"])


def _is_past_measuring(message: dict[str, Any]) -> bool:
    progress = message.get("version", {}).get("progress") or {}
    return progress.get("step") in ("lossless", "small") or message["type"] == "version.ready"


def _warming(folder: Path) -> Path:
    """Something short, so that the first to be measured does not wait for what is imported only once."""
    path = folder / "warming.wav"
    soundfile.write(path, np.zeros((48000, 2)), 48000)
    return path


@contextmanager
def _running(data: Path) -> Iterator[_Uploading]:
    data.mkdir()
    url = f"sqlite:///{data / 'earmark.db'}"
    migrate_database(url)
    with closing(Database(url)) as database:

        def add(session: Session) -> tuple[uuid.UUID, uuid.UUID, str]:
            ada = accounts.add_person(
                session, email="ada@example.org", name="Ada", password_hash=PASSWORD_HASH
            )
            band = bands.add_band(session, "The Lanterns", ada)
            return ada.id, band.id, accounts.add_token(session, ada, "benchmark")

        person, band, token = database.write(add)
        with LiveServer(data) as server:
            yield _Uploading(server, database, person, band, token)
