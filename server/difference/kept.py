"""A recording that was listened to, as a file: all that a comparison asks for, so that nothing is heard twice."""

import io
import json
import zipfile
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from server.difference.analysed import Analysed, listen_to
from server.difference.features import Traces
from server.sound.analysis import Analysis
from server.sound.background import Background
from server.sound.facts import Facts
from server.sound.features import Features
from server.sound.freed_memory import give_back_freed_memory
from server.sound.key import Key
from server.sound.loudness import Loudness
from server.sound.one_pass import Progress
from server.sound.outline import leave_outline
from server.sound.tempo import Tempo
from server.sound.waveform import Waveform, pyramid, read_dat

T = TypeVar("T")


def listen_and_keep(path: Path, kept: Path, outline: Path, *, progress: Progress | None = None) -> Loudness:
    """Listen, and write what was heard to ``kept``. The file ``outline`` is there as soon as it can be drawn, for who
    waits to see it. All else stays in the files: handed from a child process to its parent, what was heard of three
    hours would be in memory three times. Raises UnreadableAudio."""
    heard = listen_to(
        path, progress=progress, outlined=partial(leave_outline, path=outline), folder=kept.parent
    )
    give_back_freed_memory()  # what measuring had, before as much is needed to write
    keep(heard, kept)
    return heard.analysis.loudness


def keep(heard: Analysed, file: Path) -> None:
    """About 120 kB a minute, the waveform with it.

    The path of the recording is not in it, for it may lie elsewhere next time.
    """
    analysis = heard.analysis
    figures = {
        name: asdict(value) if (value := getattr(analysis, name)) else None
        for name in ("facts", "loudness", "tempo", "key", "background")
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as kept:
        kept.writestr("figures.json", json.dumps(figures))
        kept.writestr("waveform.dat", analysis.waveform.to_dat())
        # These are compressed already.
        kept.writestr("features", analysis.features.to_bytes(), zipfile.ZIP_STORED)
        kept.writestr("traces", heard.traces.to_bytes(), zipfile.ZIP_STORED)


def unpacked(file: Path, recording: Path | None = None) -> Analysed:
    """The same again, equal to the last digit; raises ValueError for what ``keep`` did not write."""
    with zipfile.ZipFile(file) as kept:
        figures: dict[str, Any] = json.loads(kept.read("figures.json"))
        sample_rate, _, finest = read_dat(kept.read("waveform.dat"))
        analysis = Analysis(
            facts=Facts(**figures["facts"]),
            loudness=_with_tuples(Loudness, figures["loudness"]),
            waveform=Waveform(sample_rate, pyramid(finest)),
            features=Features.from_bytes(kept.read("features")),
            tempo=Tempo(**figures["tempo"]) if figures["tempo"] else None,
            key=Key(**figures["key"]) if figures["key"] else None,
            background=Background(**figures["background"]),
        )
        return Analysed(analysis, Traces.from_bytes(kept.read("traces")), recording)


def kept_features(content: bytes) -> Features:
    """Of what ``keep`` wrote only the features, for who asks for nothing else."""
    with zipfile.ZipFile(io.BytesIO(content)) as kept:
        return Features.from_bytes(kept.read("features"))


def _with_tuples(kind: type[T], figures: dict[str, Any]) -> T:
    """JSON knows lists only, and two loudnesses are compared for being the same."""
    return kind(**{name: _tuple(value) for name, value in figures.items()})


def _tuple(value: Any) -> Any:
    return tuple(map(_tuple, value)) if isinstance(value, list) else value
