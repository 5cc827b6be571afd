"""The demo band: ten versions of one song, one after the other, each with the truth about its changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from server.demo import files
from server.demo.audio import SAMPLE_RATE, Audio
from server.demo.catalogue import BAND_NAME, CARDS, SONG_TITLE
from server.demo.changes import Changes, Processing
from server.demo.comments import COMMENTS
from server.demo.performance import Parts, sum_of
from server.demo.timeline import NamedSpan
from server.demo.timelines import DISTRIBUTION_HEAD, MASTER_HEAD_TRIM, kept_by_the_edit, timeline
from server.demo.truth import time_map
from server.demo.versions import (
    distribution,
    editing,
    mastering,
    mixing,
    postproduction,
    preproduction,
    recording,
    songwriting,
)

__all__ = ["BAND_NAME", "COMMENTS", "SONG_TITLE", "DemoVersion", "changes", "versions", "write_version"]


@dataclass(frozen=True)
class DemoVersion:
    """One version. `mix` and each of `parts` are float32 of shape (frames, channels) at `sample_rate`, full
    scale 1; the parts add up to the mix. Arrays may be shared with neighbouring versions: read, don't
    write. Times are seconds.
    """

    number: int
    stage: str
    label: str
    notes: str
    file_name: str
    parts: Parts
    mix: Audio
    sample_rate: int
    sections: tuple[NamedSpan, ...]
    changes: Changes


def versions() -> Iterator[DemoVersion]:
    """All ten in order, each made when it is asked for. About a second of one core each."""
    for number, (parts, mix) in enumerate(_all_takes(), start=1):
        yield DemoVersion(
            number,
            *CARDS[number],
            parts=parts,
            mix=mix,
            sample_rate=SAMPLE_RATE,
            sections=timeline(number).sections,
            changes=changes(number),
        )


def write_version(version: DemoVersion, folder: Path) -> Path:
    """Encodes the mix into the folder, in the format its file name promises, and returns where."""
    path = folder / version.file_name
    files.write(path, version.mix, "PCM_16" if version.number == MASTER else None)
    return path


def changes(number: int) -> Changes:
    """The truth about a version, known without rendering it."""
    return Changes(
        since=number - 1 if number > 1 else None,
        same_take=number in SAME_TAKE,
        time_map=time_map(number - 1, number) if number > 1 else None,
        processing=PROCESSING[number]() if number in PROCESSING else Processing(),
        head_trim_frames=HEAD_TRIMS.get(number, 0),
        lossy=LOSSY.get(Path(CARDS[number].file_name).suffix),
    )


MASTER = 9
SAME_TAKE = {3, 5, 6, 7, 8, 9, 10}
HEAD_TRIMS = {5: kept_by_the_edit()[0][0], MASTER: MASTER_HEAD_TRIM, 10: -DISTRIBUTION_HEAD}
LOSSY = {".mp3": "MP3", ".m4a": "AAC", ".ogg": "Vorbis"}
PROCESSING = {
    5: editing.processing,
    6: postproduction.processing,
    7: mixing.first_processing,
    8: mixing.second_processing,
    9: mastering.processing,
    10: distribution.processing,
}


def _all_takes() -> Iterator[tuple[Parts, Audio]]:
    """The parts and the mix of each version."""
    yield _with_mix(songwriting.sketch())
    yield from map(_with_mix, preproduction.arrangements())
    parts: Parts = recording.recording()
    yield _with_mix(parts)
    # One name for the parts from here on: what no version after it needs is let go.
    for stage in (editing.edited, postproduction.produced, mixing.first_mix, mixing.second_mix):
        parts = stage(parts)
        yield _with_mix(parts)
    master = mastering.Mastered(parts)
    yield master, master.mix
    delivered = distribution.Delivered(master)
    yield delivered, delivered.mix


def _with_mix(parts: Parts) -> tuple[Parts, Audio]:
    return parts, sum_of(parts)
