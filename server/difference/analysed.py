"""One recording, ready to be compared: what is kept of an upload, from one pass over its samples."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from server.difference.features import Traces
from server.difference.trace_meter import TraceMeter
from server.sound.analysis import Analysis, analyze
from server.sound.one_pass import Meter, Progress
from server.sound.outline import Outline
from server.sound.reading import Reader


@dataclass(frozen=True)
class Analysed:
    """``path``: the original, read again only where single samples decide; None if it cannot be read."""

    analysis: Analysis
    traces: Traces
    path: Path | None = None

    @property
    def duration(self) -> float:
        return self.analysis.facts.duration


def listen_to(
    path: Path,
    *,
    progress: Progress | None = None,
    outlined: Callable[[Outline], None] = lambda outline: None,
    folder: Path | None = None,
) -> Analysed:
    """What ``server.sound.analysis.analyze`` measures, and the traces, in the same pass; raises
    UnreadableAudio."""
    traces: list[TraceMeter] = []

    with TemporaryFile(dir=folder) as waiting:

        def follow(reader: Reader) -> list[Meter]:
            traces.append(TraceMeter(reader.sample_rate, waiting))
            return [meter.add for meter in traces]

        analysis = analyze(path, progress=progress, also=follow, outlined=outlined, folder=folder)
        return Analysed(analysis, traces[0].result(), path)
