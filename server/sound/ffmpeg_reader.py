"""MP3, AAC, ALAC and Opus through PyAV (FFmpeg): what they are, and their samples from any place on."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container.input import InputContainer
from av.error import FFmpegError, InvalidDataError

from server.sound.errors import UnreadableAudio
from server.sound.ffmpeg_bulk import frames_in_bulk
from server.sound.ffmpeg_opening import (
    CODECS,
    DEMUXERS,
    audio_stream,
    bit_depth,
    has_xing_header,
    open_container,
    pre_skip,
)
from server.sound.ffmpeg_samples import Piece, SampleFormat
from server.sound.reading import Block, refuse_if_too_long, sane
from server.sound.wholeness import refuse_if_short

DAMAGED_PACKETS = 0.02
# Lossy decoders need some audio before the asked-for sample to be right at it.
PRE_ROLL_SECONDS = 1


class FFmpegReader:
    def __init__(self, path: Path, container: str) -> None:
        self._path = path
        self._demuxer, self.container = DEMUXERS[container]
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
        self._container = open_container(self._file, self._demuxer)
        self._stream = audio_stream(self._container)

    def _describe(self) -> None:
        """Facts from the first decoded frame: an HE-AAC stream tells its true rate only there."""
        context = self._stream.codec_context
        self._time_base = self._stream.time_base or Fraction(1, 1)
        first = next(iter(self._container.decode(self._stream)), None)
        if first is None:
            raise UnreadableAudio("damaged")
        self._format = SampleFormat.of(first)
        self.codec, self._lossy = CODECS[context.name]
        self.sample_rate: int = first.sample_rate
        self.layout: str = first.layout.name
        self.speakers = tuple(channel.name for channel in first.layout.channels)
        self.channels: int = first.layout.nb_channels
        self.bit_depth = None if self._lossy else bit_depth(context)
        self.tags = {
            name.lower(): text for name, text in {**self._container.metadata, **self._stream.metadata}.items()
        }
        self.promised_frames = self._promised()
        self._origin = first.pts or 0
        # Without an index of all packets FFmpeg guesses where they are; lossy decoders need some to settle.
        self.seeks_exactly = self.container in ("MP4", "CAF") and not self._lossy
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
        if self.container in ("MP3", "ADTS") and not has_xing_header(self._file):
            return None  # FFmpeg fills in a guess from the bit rate
        if not self._stream.duration:
            return None
        ticks = self._stream.duration - (pre_skip(self._stream) if self.codec == "Opus" else 0)
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
            for samples in self._format.regular_blocks(self._pieces(start), frames):
                done += samples.shape[1]
                refuse_if_too_long(done, self.sample_rate)
                yield Block(sane(samples))
        except FFmpegError as error:
            raise UnreadableAudio("damaged") from error
        refuse_if_short(done, self.promised_frames, self.sample_rate)

    def _pieces(self, start: int) -> Iterator[Piece]:
        """What the decoder gives, trimmed to begin at sample ``start`` and end where the header says."""
        if start:
            yield from self._decoded(start, max(0, start - PRE_ROLL_SECONDS * self.sample_rate))
            return
        done, end = 0, self.count_frames() if self.container == "MP4" else sys.maxsize
        with suppress(FFmpegError, UnreadableAudio):
            for frame in frames_in_bulk(self._path, self._demuxer, self._stream.index):
                yield [channel[: end - done] for channel in self._format.piece(frame)]
                done = min(end, done + frame.samples)
            if self.promised_frames is None:
                self.count_frames()  # what cannot be read ended it as well as the end
            return
        # What cannot be decoded is passed over, one packet at a time.
        yield from self._decoded(done, 0)

    def _decoded(self, start: int, before: int) -> Iterator[Piece]:
        """From sample ``start`` on, packet by packet, decoded from sample ``before`` on."""
        self._rewind()
        if before:
            self._container.seek(self._ticks(before), stream=self._stream)
        at, end = None, self._end or sys.maxsize
        for frame in self._tolerated_frames():
            if at is None:
                at = self._position(frame) if before else 0
            first, last = max(0, start - at), min(self._length(frame), end - at)
            if first < last:
                yield [channel[first:last] for channel in self._format.piece(frame)]
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
