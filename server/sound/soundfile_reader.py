"""WAV, AIFF, FLAC and Ogg Vorbis through libsndfile: quick, seekable to the sample, and unable to open
other files."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from server.sound.errors import UnreadableAudio
from server.sound.reading import (
    MAX_CHANNELS,
    USUAL_LAYOUTS,
    Block,
    refuse_if_too_long,
    sane,
)
from server.sound.speakers import wav_speakers
from server.sound.wholeness import refuse_if_short

# subtype: (codec, bit depth, the type it is read as without losing a bit)
_SUBTYPES: dict[str, tuple[str, int | None, str]] = {
    "PCM_U8": ("PCM", 8, "int16"),
    "PCM_S8": ("PCM", 8, "int16"),
    "PCM_16": ("PCM", 16, "int16"),
    "PCM_24": ("PCM", 24, "int32"),
    "PCM_32": ("PCM", 32, "int32"),
    "FLOAT": ("PCM float", 32, "float32"),
    "DOUBLE": ("PCM float", 64, "float32"),
    "VORBIS": ("Vorbis", None, "float32"),
}
# Sought inside the last FLAC frame, which is shorter than the others, libFLAC may decode all that is before it.
_LARGEST_FLAC_FRAME = 65536
Raw = NDArray[np.int16 | np.int32 | np.float32]
_TAGS = (
    "title",
    "artist",
    "album",
    "date",
    "genre",
    "tracknumber",
    "comment",
    "copyright",
    "software",
    "license",
)
_CONTAINERS = {"wav": "WAV", "aiff": "AIFF", "flac": "FLAC", "ogg-vorbis": "Ogg", "ogg-flac": "Ogg"}
_FORMATS = {
    "wav": ("WAV", "WAVEX", "RF64"),
    "aiff": ("AIFF",),
    "flac": ("FLAC",),
    "ogg-vorbis": ("OGG",),
    "ogg-flac": ("OGG", "FLAC"),
}


class SoundFileReader:
    def __init__(self, path: Path, container: str) -> None:
        try:
            self._file = soundfile.SoundFile(str(path))
        except soundfile.LibsndfileError as error:
            raise UnreadableAudio("damaged") from error
        if self._file.format not in _FORMATS[container] or self._file.subtype not in _SUBTYPES:
            codec = self._file.subtype_info
            self._file.close()
            raise UnreadableAudio("unsupported-codec", codec=codec)
        codec, self.bit_depth, self._dtype = _SUBTYPES[self._file.subtype]
        self.container = _CONTAINERS[container]
        self.codec = "FLAC" if "flac" in container else codec
        self.channels: int = self._file.channels
        if self.channels not in USUAL_LAYOUTS:
            self._file.close()
            raise UnreadableAudio("too-many-channels", channels=self.channels, limit=MAX_CHANNELS)
        self.layout, self.speakers = USUAL_LAYOUTS[self.channels]
        if container == "wav" and (speakers := wav_speakers(path, self.channels)) not in (
            None,
            self.speakers,
        ):
            self.layout, self.speakers = "+".join(speakers), speakers
        self.sample_rate: int = self._file.samplerate
        self.promised_frames: int | None = self._file.frames
        self.seeks_exactly = True
        self.tags = {name: text for name in _TAGS if (text := self._tag(name))}

    def _tag(self, name: str) -> str:
        try:
            return str(getattr(self._file, name))
        except UnicodeDecodeError:  # an old encoding that nothing in the file names
            return ""

    def count_frames(self) -> int:
        """The header's number, after a look whether the last samples are really there."""
        frames: int = self._file.frames
        last = min(frames, _LARGEST_FLAC_FRAME)
        try:
            self._file.seek(frames - last)
            found = len(self._file.read(last, dtype="float32"))
        except soundfile.LibsndfileError as error:
            raise UnreadableAudio("truncated") from error
        if found < last:
            raise UnreadableAudio("truncated")
        return frames

    def blocks(self, frames: int, *, start: int = 0) -> Iterator[Block]:
        done = start
        while True:
            buffer = np.empty((frames, self.channels), dtype=self._dtype)
            raw = self._read(buffer, start if done == start else None)
            if len(raw):
                done += len(raw)
                refuse_if_too_long(done, self.sample_rate)
                yield _block(raw)
            if len(raw) < frames:
                break
        refuse_if_short(done, self.promised_frames, self.sample_rate)

    def _read(self, buffer: Raw, start: int | None) -> Raw:
        try:
            if start is not None:
                self._file.seek(start)
            frames = self._file.buffer_read_into(buffer, self._dtype)
        except soundfile.LibsndfileError as error:
            self.count_frames()  # says so if the file was cut off
            raise UnreadableAudio("damaged") from error
        return buffer[:frames]

    def close(self) -> None:
        self._file.close()


def _block(raw: Raw) -> Block:
    """Of interleaved samples (frames, channels) as read."""
    if raw.dtype == np.float32:
        return Block(sane(np.array(raw.T, dtype=np.float32, order="C")))
    return Block(integers=raw)
