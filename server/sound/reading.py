"""Opening a stranger's file and reading it in blocks, through the one decoder that its first bytes call
for."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from server.sound.containers import recognize
from server.sound.errors import UnreadableAudio
from server.sound.wholeness import refuse_if_cut_off

MAX_CHANNELS = 8
MAX_SECONDS = 6 * 3600
SAMPLE_RATES = (4000, 384000)

# Used where the file itself does not say which loudspeaker a channel is for: (name, loudspeakers).
USUAL_LAYOUTS: dict[int, tuple[str, tuple[str, ...]]] = {
    1: ("mono", ("FC",)),
    2: ("stereo", ("FL", "FR")),
    3: ("3.0", ("FL", "FR", "FC")),
    4: ("quad", ("FL", "FR", "BL", "BR")),
    5: ("5.0", ("FL", "FR", "FC", "BL", "BR")),
    6: ("5.1", ("FL", "FR", "FC", "LFE", "BL", "BR")),
    7: ("6.1", ("FL", "FR", "FC", "LFE", "BC", "SL", "SR")),
    8: ("7.1", ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR")),
}


class Block:
    """Some consecutive samples of a recording, either as floats or as the integers that the file holds.

    ``samples``: float32 (channels, frames), full scale is 1.0, may exceed it; made of integers (full scale that of
    their type) when first asked for.
    """

    def __init__(
        self,
        samples: NDArray[np.float32] | None = None,
        *,
        integers: NDArray[Any] | None = None,
    ) -> None:
        """``integers``: int16 or int32 (frames, channels) as read. Neither is changed later."""
        self._integers = integers
        if integers is not None:
            self.frames = len(integers)
        else:
            self.samples = np.empty((0, 0), np.float32) if samples is None else samples
            self.frames = int(self.samples.shape[1])

    @cached_property
    def samples(self) -> NDArray[np.float32]:
        assert self._integers is not None
        full_scale = -float(np.iinfo(self._integers.dtype).min)
        samples = np.empty(self._integers.shape[::-1], dtype=np.float32)
        samples[:] = self._integers.T
        samples *= np.float32(1 / full_scale)
        return samples

    def add_up(self, sums: NDArray[np.int32]) -> None:
        """Into ``sums`` (frames,) the channels added up in 16 bits, rounded the way BBC audiowaveform gets them."""
        if self._integers is None:
            np.sum(_shorts_of_floats(self.samples), axis=0, dtype=np.int32, out=sums)
            return
        shorts = _upper_shorts(self._integers)
        if shorts.shape[1] == 2:
            # Both halves of 32 bits: several times as quick as every second short.
            pairs = shorts.view(np.int32)[:, 0]
            np.right_shift(pairs, 16, out=sums)
            sums += pairs.astype(np.int16)
        else:
            np.copyto(sums, shorts[:, 0])
            for channel in shorts.T[1:]:
                sums += channel


class Reader(Protocol):
    """An open recording. ``promised_frames`` is what the header says, None where it says nothing.

    ``seeks_exactly``: blocks from any sample on are the same samples as on the way from the beginning.
    """

    container: str
    codec: str
    channels: int
    layout: str
    speakers: tuple[str, ...]
    sample_rate: int
    bit_depth: int | None
    promised_frames: int | None
    seeks_exactly: bool
    tags: dict[str, str]

    def count_frames(self) -> int:
        """The length in samples without decoding; raises if the header promised more."""

    def blocks(self, frames: int, *, start: int = 0) -> Iterator[Block]:
        """Blocks of exactly ``frames`` frames, the last one shorter, from sample ``start`` on."""

    def close(self) -> None: ...


@contextmanager
def open_audio(path: Path) -> Iterator[Reader]:
    """Open ``path`` for reading, or raise UnreadableAudio."""
    container = recognize(path)
    refuse_if_cut_off(path, container)
    reader = _reader(path, container)
    try:
        _refuse_extremes(reader)
        yield reader
    finally:
        reader.close()


def _reader(path: Path, container: str) -> Reader:
    # The libraries are imported only now, so that a child process can first set its limits.
    if container in ("wav", "aiff", "flac", "ogg-vorbis", "ogg-flac"):
        from server.sound.soundfile_reader import SoundFileReader

        return SoundFileReader(path, container)
    from server.sound.ffmpeg_reader import FFmpegReader

    return FFmpegReader(path, container)


def _refuse_extremes(reader: Reader) -> None:
    low, high = SAMPLE_RATES
    if reader.channels > MAX_CHANNELS:
        raise UnreadableAudio("too-many-channels", channels=reader.channels, limit=MAX_CHANNELS)
    if not low <= reader.sample_rate <= high:
        raise UnreadableAudio("odd-sample-rate", hertz=reader.sample_rate, low=low, high=high)
    refuse_if_too_long(reader.promised_frames or 0, reader.sample_rate)


def refuse_if_too_long(frames: int, sample_rate: int) -> None:
    if frames > MAX_SECONDS * sample_rate:
        raise UnreadableAudio("too-long", hours=MAX_SECONDS / 3600)


def sane(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same samples, unless they hold infinities, not-a-numbers or absurd values: those are tamed in
    place."""
    with np.errstate(over="ignore", invalid="ignore"):
        energy = sum(float(np.dot(channel, channel)) for channel in samples)
    if not energy < 1e6 * max(samples.size, 1):
        np.nan_to_num(samples, copy=False, nan=0.0, posinf=1e3, neginf=-1e3)
        np.clip(samples, -1e3, 1e3, out=samples)
    return samples


def _upper_shorts(integers: NDArray[Any]) -> NDArray[np.int16]:
    """What libsndfile gives of larger integers when asked for 16 bits."""
    if integers.dtype == np.int16:
        return integers
    shorts: NDArray[np.int16] = (integers >> (8 * integers.itemsize - 16)).astype(np.int16)
    return shorts


def _shorts_of_floats(samples: NDArray[np.float32]) -> NDArray[np.int32]:
    """16-bit values of float samples by audiowaveform's rule: times 32767, truncated toward zero; as wide as their sum,
    for NumPy adds up what it has to widen at a third of the speed."""
    scaled = samples * np.float32(32767)
    return np.clip(scaled, -32768, 32767, out=scaled).astype(np.int32)
