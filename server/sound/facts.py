"""What a file is, before anything is measured."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from server.sound.errors import UnreadableAudio
from server.sound.reading import Reader, open_audio


@dataclass(frozen=True)
class Facts:
    """``frames`` is the duration in samples (per channel); ``bit_depth`` is None for lossy codecs."""

    container: str
    codec: str
    channels: int
    layout: str
    sample_rate: int
    bit_depth: int | None
    frames: int
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.frames / self.sample_rate

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "duration": round(self.duration, 6)}


def probe(path: Path) -> Facts:
    """Facts without decoding the audio; raises UnreadableAudio, also for a file that is cut off."""
    with open_audio(path) as reader:
        return facts_of(reader, reader.count_frames())


def facts_of(reader: Reader, frames: int) -> Facts:
    if frames == 0:
        raise UnreadableAudio("no-audio")
    return Facts(
        container=reader.container,
        codec=reader.codec,
        channels=reader.channels,
        layout=reader.layout,
        sample_rate=reader.sample_rate,
        bit_depth=reader.bit_depth,
        frames=frames,
        tags=dict(reader.tags),
    )


def seconds_allowed(facts: Facts) -> float:
    """How long reading and measuring such a recording may take, on a slow and busy machine."""
    return 30 + facts.duration / 5
