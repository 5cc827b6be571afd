"""Opening a stranger's file in PyAV (FFmpeg): one demuxer, a few codecs, and no way to a second file."""

from typing import Any, BinaryIO, NoReturn

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.container.input import InputContainer
from av.stream import Disposition

from server.sound.containers import HEAD_BYTES, after_id3
from server.sound.errors import UnreadableAudio

# container: (the demuxer, its name for people)
DEMUXERS = {
    "mp3": ("mp3", "MP3"),
    "aac": ("aac", "ADTS"),
    "mp4": ("mov", "MP4"),
    "caf": ("caf", "CAF"),
    "ogg-opus": ("ogg", "Ogg"),
}
# decoder: (its name for people, lossy)
CODECS = {
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


def allowed(demuxer: str, *, protocol: str) -> dict[str, str]:
    """All that FFmpeg may use for a stranger's file, as options: one demuxer, a few codecs, one way to the bytes."""
    return {
        "format_whitelist": demuxer,
        "codec_whitelist": ",".join(CODECS),
        "protocol_whitelist": protocol,
    }


def open_container(file: BinaryIO, demuxer: str) -> InputContainer:
    return av.open(
        file,
        "r",
        format=demuxer,
        container_options=allowed(demuxer, protocol="none"),
        io_open=_refuse_second_file,
        buffer_size=1 << 17,
        metadata_errors="replace",
    )


def _refuse_second_file(url: str, flags: int, options: dict[str, Any]) -> NoReturn:
    raise UnreadableAudio("playlist")


def audio_stream(container: InputContainer) -> AudioStream:
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
    if name not in CODECS:
        raise UnreadableAudio("unsupported-codec", codec=name)
    return stream


def bit_depth(context: AudioCodecContext) -> int:
    if context.name == "alac" and context.extradata and len(context.extradata) >= 18:
        return context.extradata[17]  # of the ALAC magic cookie
    digits = "".join(filter(str.isdigit, context.name.removeprefix("alac")))
    return int(digits) if digits else context.format.bytes * 8


def pre_skip(stream: AudioStream) -> int:
    """Samples at 48 kHz that an Opus decoder throws away at the start, from the OpusHead packet."""
    head = stream.codec_context.extradata or b""
    return int.from_bytes(head[10:12], "little")


def has_xing_header(file: BinaryIO) -> bool:
    """Does the first MP3 frame carry the number of frames? (Read at the end of set-up: moves the file
    back.)"""
    at = file.tell()
    file.seek(0)
    head = after_id3(file, file.read(HEAD_BYTES))
    file.seek(at)
    return any(tag in head[:4096] for tag in (b"Xing", b"Info", b"VBRI"))
