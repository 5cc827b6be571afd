"""MP3, AAC, ALAC and Opus through PyAV (FFmpeg), with one demuxer, a few codecs and no way to open a second
file."""

import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container.input import InputContainer
from av.error import FFmpegError, InvalidDataError
from av.filter import Graph
from av.stream import Disposition
from numpy.typing import NDArray

from server.sound.containers import HEAD_BYTES, after_id3
from server.sound.errors import UnreadableAudio
from server.sound.reading import Block, refuse_if_too_long, sane, shorts_of_floats
from server.sound.wholeness import refuse_if_short

# container: (the demuxer, its name for people)
_DEMUXERS = {
    "mp3": ("mp3", "MP3"),
    "aac": ("aac", "ADTS"),
    "mp4": ("mov", "MP4"),
    "caf": ("caf", "CAF"),
    "ogg-opus": ("ogg", "Ogg"),
}
# decoder: (its name for people, lossy)
_CODECS = {
    "mp3float": ("MP3", True),
    "mp3": ("MP3", True),
    "mp2float": ("MP2", True),
    "aac": ("AAC", True),
    "alac": ("ALAC", False),
    "opus": ("Opus", True),
    "flac": ("FLAC", False),
    "pcm_s16le": ("PCM", False),
    "pcm_s16be": ("PCM", False),
    "pcm_s24le": ("PCM", False),
    "pcm_s24be": ("PCM", False),
    "pcm_f32le": ("PCM float", False),
}
DAMAGED_PACKETS = 0.02
# Lossy decoders need some audio before the asked-for sample to be right at it.
PRE_ROLL_SECONDS = 1


class FFmpegReader:
    def __init__(self, path: Path, container: str) -> None:
        self._demuxer, self.container = _DEMUXERS[container]
        self._file = path.open("rb")
        self._container: InputContainer
        self._stream: AudioStream
        try:
            self._rewind()
            self._describe()
            self._rewind()
        except FFmpegError as error:
            self.close()
            raise UnreadableAudio("damaged") from error
        except UnreadableAudio:
            self.close()
            raise

    def _rewind(self) -> None:
        """Open anew: seeking to 0 would lose what the decoder needs from before it (pre-skip, priming)."""
        if hasattr(self, "_container"):
            self._container.close()
        self._file.seek(0)
        self._container = _open(self._file, self._demuxer)
        self._stream = _audio_stream(self._container)

    def _describe(self) -> None:
        """Facts from the first decoded frame: an HE-AAC stream tells its true rate only there."""
        context = self._stream.codec_context
        self._time_base = self._stream.time_base or Fraction(1, 1)
        first = next(iter(self._container.decode(self._stream)), None)
        if first is None or not first.sample_rate:
            raise UnreadableAudio("damaged")
        self.codec, self._lossy = _CODECS[context.name]
        self.sample_rate: int = first.sample_rate
        self.layout: str = first.layout.name
        self.speakers = tuple(channel.name for channel in first.layout.channels)
        self.channels: int = first.layout.nb_channels
        self.bit_depth = None if self._lossy else _bit_depth(context)
        self.tags = {
            name.lower(): text for name, text in {**self._container.metadata, **self._stream.metadata}.items()
        }
        self.promised_frames = self._promised()
        self._kind = (first.sample_rate, first.layout.name, first.format.name)
        self._origin = first.pts or 0
        # FFmpeg trims the start by an MP4's edit list but plays the last packet to its end.
        self._end = self.promised_frames if self.container == "MP4" else None

    def _ticks(self, frame: int) -> int:
        seconds = Fraction(frame, self.sample_rate)
        return round(seconds / self._time_base) + self._origin

    def _position(self, frame: AudioFrame) -> int:
        return round(((frame.pts or 0) - self._origin) * self._time_base * self.sample_rate)

    def _length(self, frame: AudioFrame) -> int:
        """Samples that count: an MP4's last packet says so exactly, its edit list to the millisecond."""
        if self.container != "MP4" or not frame.duration:
            return frame.samples
        return min(frame.samples, round(frame.duration * self._time_base * self.sample_rate))

    def _promised(self) -> int | None:
        if self.container in ("MP3", "ADTS") and not _has_xing_header(self._file):
            return None  # FFmpeg fills in a guess from the bit rate
        if not self._stream.duration:
            return None
        ticks = self._stream.duration - (_pre_skip(self._stream) if self.codec == "Opus" else 0)
        return round(ticks * self._time_base * self.sample_rate)

    def count_frames(self) -> int:
        try:
            self._rewind()
            packets = [(packet.pts, packet.duration or 0) for packet in self._container.demux(self._stream)]
        except FFmpegError as error:
            raise UnreadableAudio("damaged") from error
        if self.container == "MP4":
            ticks = (
                max((pts + duration for pts, duration in packets if pts is not None), default=0)
                - self._origin
            )
        else:
            ticks = sum(duration for _, duration in packets)
        frames = round(ticks * self._time_base * self.sample_rate)
        refuse_if_short(frames, self.promised_frames, self.sample_rate)
        return frames if self.promised_frames is None else min(frames, self.promised_frames)

    def blocks(self, frames: int, *, start: int = 0) -> Iterator[Block]:
        done = start
        try:
            for samples in regular_blocks(self._decoded(start), frames):
                done += samples.shape[1]
                refuse_if_too_long(done, self.sample_rate)
                yield Block(sane(samples), shorts_of_floats(samples))
        except FFmpegError as error:
            raise UnreadableAudio("damaged") from error
        refuse_if_short(done, self.promised_frames, self.sample_rate)

    def _decoded(self, start: int) -> Iterator[AudioFrame]:
        """Frames as the decoder gives them, trimmed to begin at sample ``start`` and end where the header
        says."""
        self._rewind()
        before = start - PRE_ROLL_SECONDS * self.sample_rate
        if before > 0:
            self._container.seek(self._ticks(before), stream=self._stream)
        at = None
        for frame in self._tolerated_frames():
            if (frame.sample_rate, frame.layout.name, frame.format.name) != self._kind:
                raise UnreadableAudio("damaged")  # becomes other audio in the middle
            if at is None:
                at = self._position(frame) if before > 0 else 0
            yield from _trimmed(frame, start - at, min(self._length(frame), (self._end or sys.maxsize) - at))
            at += frame.samples

    def _tolerated_frames(self) -> Iterator[AudioFrame]:
        """All frames; a packet here and there that cannot be decoded is passed over."""
        damaged = packets = 0
        for packet in self._container.demux(self._stream):
            packets += 1
            try:
                yield from packet.decode()
            except InvalidDataError:
                damaged += 1
        if damaged > max(2, DAMAGED_PACKETS * packets):
            raise UnreadableAudio("damaged")

    def close(self) -> None:
        if hasattr(self, "_container"):
            self._container.close()
        self._file.close()


def regular_blocks(frames: Iterator[AudioFrame], length: int) -> Iterator[NDArray[np.float32]]:
    """Frames of any length and format to float32 (channels, ``length``), the last one shorter.

    A filter graph joins them: pulling a few long frames is twice as fast as an array per decoded frame.
    """
    graph: Graph | None = None
    for frame in frames:
        graph = graph or _joining_graph(frame, length)
        frame.pts = None
        graph.push(frame)
        yield from _pulled(graph)
    if graph is not None:
        graph.push(None)
        yield from _pulled(graph)


def _joining_graph(like: AudioFrame, length: int) -> Graph:
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=like.sample_rate,
        format=like.format.name,
        layout=like.layout.name,
        time_base=Fraction(1, like.sample_rate),
    )
    as_float = graph.add("aformat", "sample_fmts=fltp")
    graph.link_nodes(
        source, as_float, graph.add("asetnsamples", f"n={length}:p=0"), graph.add("abuffersink")
    ).configure()
    return graph


def _pulled(graph: Graph) -> Iterator[NDArray[np.float32]]:
    while True:
        try:
            frame = graph.pull()
        except (BlockingIOError, EOFError):
            return
        yield np.asarray(frame.to_ndarray(), dtype=np.float32)


def _trimmed(frame: AudioFrame, start: int, end: int) -> Iterator[AudioFrame]:
    """``frame`` without what lies outside ``start`` to ``end`` (samples, from the frame's own beginning)."""
    start, end = max(0, start), min(frame.samples, end)
    if start == 0 and end == frame.samples:
        yield frame
    elif start < end:
        channels = frame.layout.nb_channels if not frame.format.is_planar else 1
        cut: Any = np.ascontiguousarray(frame.to_ndarray()[:, start * channels : end * channels])
        piece = AudioFrame.from_ndarray(cut, format=frame.format.name, layout=frame.layout.name)
        piece.sample_rate = frame.sample_rate
        yield piece


def _open(file: BinaryIO, demuxer: str) -> InputContainer:
    allowed = {
        "format_whitelist": demuxer,
        "codec_whitelist": ",".join(_CODECS),
        "protocol_whitelist": "none",
    }
    return av.open(
        file,
        "r",
        format=demuxer,
        container_options=allowed,
        io_open=_refuse_second_file,
        buffer_size=1 << 17,
        metadata_errors="replace",
    )


def _refuse_second_file(url: str, flags: int, options: dict[str, Any]) -> NoReturn:
    raise UnreadableAudio("playlist")


def _audio_stream(container: InputContainer) -> AudioStream:
    """The first audio stream. A picture that is really a cover is let through, a video is not."""
    video = [
        stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic
    ]
    if not container.streams.audio:
        raise UnreadableAudio("no-sound" if video else "not-audio")
    if video:
        raise UnreadableAudio("video")
    stream = container.streams.audio[0]
    name = stream.codec_context.name if stream.codec_context else "unknown"
    if name not in _CODECS:
        raise UnreadableAudio("unsupported-codec", codec=name)
    return stream


def _bit_depth(context: AudioCodecContext) -> int:
    if context.name == "alac" and context.extradata and len(context.extradata) >= 18:
        return context.extradata[17]  # of the ALAC magic cookie
    digits = "".join(filter(str.isdigit, context.name.removeprefix("alac")))
    return int(digits) if digits else context.format.bytes * 8


def _pre_skip(stream: AudioStream) -> int:
    """Samples at 48 kHz that an Opus decoder throws away at the start, from the OpusHead packet."""
    head = stream.codec_context.extradata or b""
    return int.from_bytes(head[10:12], "little")


def _has_xing_header(file: BinaryIO) -> bool:
    """Does the first MP3 frame carry the number of frames? (Read at the end of set-up: moves the file
    back.)"""
    at = file.tell()
    file.seek(0)
    head = after_id3(file, file.read(HEAD_BYTES))
    file.seek(at)
    return any(tag in head[:4096] for tag in (b"Xing", b"Info", b"VBRI"))
