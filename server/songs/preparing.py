"""Preparing a version: measured first, so the waveform is there at once, then what browsers and phones play.

Each step's output is named by the file's hash and the analysis version: done twice it is the same, and a second
version of the same file finds it done. A file that turns out to be unreadable fails with a sentence; it never
takes the server with it, because a stranger's file is only ever opened in a confined child process.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session, col, select

from server.blobs import Blobs
from server.database import Database
from server.difference.kept import listen_and_keep
from server.events.objects import Playable
from server.jobs import JobKind
from server.songs.models import Version
from server.songs.versions import original_key, tell
from server.sound.analysis import ANALYSIS_VERSION
from server.sound.confined import ConfinedProcesses
from server.sound.errors import UnreadableAudio
from server.sound.facts import Facts
from server.sound.outline import Outline, find_outline
from server.sound.renditions import make_lossless, make_opus, make_small, plays_in_browsers

Step = Literal["measuring", "lossless", "small"]
_Share = tuple[float, float]  # from where to where of its step's progress
_TELL_EVERY = 0.5
_OPUS_SHARE = 0.4  # of the time that both small copies take
_TIME_FOR_ANY_FILE = 120.0
_TIME_PER_SECOND_OF_MUSIC = 1.0
_FAULT = (
    "Something went wrong inside Earmark while this file was prepared; its log says what. Upload it again."
)


def hopeless(error: BaseException) -> bool:
    """The file's own fault, and not that of whoever ended the child process: a server that is being stopped ends
    both at once, and a child may fall to the system's lack of memory. If the file does it, it does it again."""
    return isinstance(error, UnreadableAudio) and error.code != "crashed"


def waveform_key(sha256: str, zoom: int) -> str:
    return f"prepared/{sha256}/{ANALYSIS_VERSION}/waveform-{zoom}.dat"


def heard_key(sha256: str) -> str:
    """What a comparison needs to know of a recording, so that it is not read again for each."""
    return f"prepared/{sha256}/{ANALYSIS_VERSION}/heard.zip"


def audio_key(sha256: str, kind: Playable) -> str:
    endings = {"lossless": "lossless.flac", "opus": "small.opus", "small": "small.m4a"}
    return (
        original_key(sha256)
        if kind == "original"
        else f"prepared/{sha256}/{ANALYSIS_VERSION}/{endings[kind]}"
    )


@dataclass(frozen=True)
class Preparing:
    database: Database
    blobs: Blobs
    decoders: ConfinedProcesses
    staging: Path
    once_ready: Callable[[Session, Version], None] = lambda session, version: None
    """Called in the transaction that says a version is ready, with what follows from that."""

    def job(self) -> JobKind:
        steps = (("measure", self.measure), ("lossless", self.lossless), ("small", self.small))
        return JobKind("prepare", self.waiting, steps, self.finish, self.fail, hopeless)

    def waiting(self) -> list[str]:
        """The versions still to be prepared, oldest first."""
        found = select(Version.id).where(Version.status == "preparing").order_by(col(Version.created_at))
        return [str(id) for id in self.database.read(lambda session: list(session.exec(found)))]

    def measure(self, id: str) -> None:
        version = self._version(id)
        with (
            self.blobs.as_file(original_key(version.sha256)) as original,
            TemporaryDirectory(dir=self.staging) as folder,
        ):
            kept, outline = Path(folder) / "heard.zip", Path(folder) / "outline"
            look = _Look(outline, partial(self._show, version))
            loudness = self._confined(
                version, "measuring", listen_and_keep, original, kept, outline, meanwhile=look
            )
            look()  # a short one is over before anybody looked
            self.blobs.put_file(heard_key(version.sha256), kept)

        def save(row: Version) -> None:
            row.loudness = _loudness(loudness)

        self._change(id, "version.progress", save)

    def _show(self, version: Version, outline: Outline) -> None:
        """As soon as there is a waveform, long before all is measured, it is on the page."""
        facts, waveform = outline.facts, outline.waveform
        for zoom, samples_per_pixel in enumerate(waveform.levels):
            self.blobs.put(waveform_key(version.sha256, zoom), waveform.to_dat(samples_per_pixel))

        def save(row: Version) -> None:
            row.duration = round(facts.duration, 6)
            row.format = _format(facts)
            row.zooms = list(waveform.levels)
            row.audio = ["original"] if plays_in_browsers(facts) else []

        self._change(str(version.id), "version.progress", save)

    def lossless(self, id: str) -> None:
        if "original" not in self._version(id).audio:
            self._make(id, "lossless", make_lossless, "lossless")

    def small(self, id: str) -> None:
        """One step with two copies, so that work begun by an earlier Earmark has as many steps as it remembers."""
        self._make(id, "opus", make_opus, "small", (0.0, _OPUS_SHARE))
        self._make(id, "small", make_small, "small", (_OPUS_SHARE, 1.0))

    def finish(self, id: str) -> None:
        def action(session: Session) -> None:
            row = session.get_one(Version, UUID(id))
            row.status, row.progress_step, row.progress_fraction = "ready", None, None
            tell(session, row, "version.ready")
            self.once_ready(session, row)

        self.database.write(action)

    def fail(self, id: str, error: Exception) -> None:
        sentence = str(error) if isinstance(error, UnreadableAudio) else _FAULT

        def save(row: Version) -> None:
            row.status, row.error, row.progress_step, row.progress_fraction = "failed", sentence, None, None

        self._change(id, "version.failed", save)

    def _make(
        self,
        id: str,
        kind: Literal["lossless", "opus", "small"],
        make: Callable[..., None],
        step: Step,
        share: _Share = (0.0, 1.0),
    ) -> None:
        version = self._version(id)
        key = audio_key(version.sha256, kind)
        if self.blobs.size(key) is None:
            with TemporaryDirectory(dir=self.staging) as folder:
                target = Path(folder) / Path(key).name
                with self.blobs.as_file(original_key(version.sha256)) as original:
                    self._confined(version, step, make, original, target, share=share)
                self.blobs.put_file(key, target)

        def save(row: Version) -> None:
            # A new list: a change inside the old one would not be saved.
            row.audio = [*(known for known in row.audio if known != kind), kind]

        self._change(id, "version.progress", save)

    def _confined(
        self,
        version: Version,
        step: Step,
        function: Callable[..., Any],
        *args: Any,
        meanwhile: Callable[[], None] = lambda: None,
        share: _Share = (0.0, 1.0),
    ) -> Any:
        seconds = _TIME_FOR_ANY_FILE + _TIME_PER_SECOND_OF_MUSIC * (version.duration or 6 * 3600)
        report = _Reporter(self, str(version.id), step)

        def told(fraction: float) -> None:
            report(share[0] + fraction * (share[1] - share[0]))
            meanwhile()

        return self.decoders.run(function, *args, seconds=seconds, on_progress=told)

    def _version(self, id: str) -> Version:
        return self.database.read(lambda session: session.get_one(Version, UUID(id)))

    def _change(self, id: str, kind: str, save: Callable[[Version], None]) -> None:
        def action(session: Session) -> None:
            row = session.get_one(Version, UUID(id))
            save(row)
            tell(session, row, kind)

        self.database.write(action)


class _Look:
    """Shows the outline, once, when it is there."""

    def __init__(self, path: Path, show: Callable[[Outline], None]) -> None:
        self._path, self._show, self._shown = path, show, False

    def __call__(self) -> None:
        if not self._shown and (outline := find_outline(self._path)):
            self._show(outline)
            self._shown = True


class _Reporter:
    """Passes progress on to the people watching, twice a second at most."""

    def __init__(self, preparing: Preparing, id: str, step: Step) -> None:
        self._preparing, self._id, self._step = preparing, id, step
        self._told = float("-inf")

    def __call__(self, fraction: float) -> None:
        if time.monotonic() - self._told < _TELL_EVERY:
            return
        self._told = time.monotonic()

        def save(row: Version) -> None:
            row.progress_step, row.progress_fraction = self._step, min(max(fraction, 0.0), 1.0)

        self._preparing._change(self._id, "version.progress", save)


def _format(facts: Facts) -> dict[str, Any]:
    known = ("container", "codec", "channels", "sample_rate", "bit_depth")
    return {name: getattr(facts, name) for name in known}


def _loudness(loudness: Any) -> dict[str, float | None]:
    figures = asdict(loudness)
    names = (
        "integrated_lufs",
        "range_lu",
        "true_peak_dbtp",
        "max_momentary_lufs",
        "max_short_term_lufs",
        "sample_peak_dbfs",
    )
    return {name: None if figures[name] is None else round(figures[name], 2) for name in names}
