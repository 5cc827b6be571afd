"""What listeners' browsers are given: the original where they can play it, else FLAC; and for phones two small copies,
Opus, which sounds better and is made in half the time, and AAC for those that do not play Opus."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from av.audio.stream import AudioStream
from av.stream import Stream
from numpy.typing import NDArray

from server.sound.aac import aac
from server.sound.encoding import Encoding, Packet
from server.sound.facts import Facts
from server.sound.halves import encoded_in_halves
from server.sound.opus import opus
from server.sound.reading import Block, Reader, open_audio

Progress = Callable[[float], None]
_BLOCK = 65536
# (container, codec) that every current browser plays as it is.
_PLAYED = {
    ("WAV", "PCM"),
    ("WAV", "PCM float"),
    ("FLAC", "FLAC"),
    ("MP3", "MP3"),
    ("MP4", "AAC"),
    ("ADTS", "AAC"),
    ("Ogg", "Vorbis"),
    ("Ogg", "Opus"),
}
_PLAYED_RATES = range(8000, 96001)


def plays_in_browsers(facts: Facts) -> bool:
    """Can the original be played as it is, everywhere?"""
    if facts.channels > 2 or facts.sample_rate not in _PLAYED_RATES:
        return False
    if facts.codec == "PCM float" and facts.bit_depth != 32:
        return False
    return (facts.container, facts.codec) in _PLAYED


def make_lossless(source: Path, target: Path, *, progress: Progress | None = None) -> None:
    """FLAC with the same rate, channels and depth; what FLAC has no room for (float, 32 bit) becomes 24
    bit."""
    with open_audio(source) as reader, _removed_on_failure(target):
        deep = reader.bit_depth is None or reader.bit_depth > 16
        options = {"samplerate": reader.sample_rate, "channels": reader.channels, "format": "FLAC"}
        with soundfile.SoundFile(target, "w", subtype="PCM_24" if deep else "PCM_16", **options) as flac:
            for block in _with_progress(reader, progress):
                flac.write(_integers(block.samples, deep).T)


def _integers(samples: NDArray[np.float32], deep: bool) -> NDArray[np.int16] | NDArray[np.int32]:
    """Exactly the integers they were decoded from; louder than full scale is clipped."""
    scale = 2.0**23 if deep else 2.0**15
    whole: NDArray[np.float32] = np.clip(np.rint(samples * np.float32(scale)), -scale, scale - 1)
    if deep:
        return np.left_shift(whole.astype(np.int32), 8)
    return whole.astype(np.int16)


def make_small(source: Path, target: Path, *, progress: Progress | None = None) -> None:
    """AAC-LC in MP4, at most stereo and 48 kHz, its index in front and its edit list such that time 0 stays
    time 0."""
    _encode(source, target, aac, "ipod", {"movflags": "+faststart"}, progress)


def make_opus(source: Path, target: Path, *, progress: Progress | None = None) -> None:
    """Opus in Ogg, at most stereo. (Chromium begins it 6.5 ms early in MP4, half a millisecond in WebM.)"""
    # Without "bitexact" the same recording would become another file each time.
    _encode(source, target, opus, "ogg", {"fflags": "+bitexact"}, progress)


def _encode(
    source: Path,
    target: Path,
    encoding_of: Callable[[Reader], Encoding],
    container: str,
    options: dict[str, str],
    progress: Progress | None,
) -> None:
    with (
        open_audio(source) as reader,
        _removed_on_failure(target),
        av.open(str(target), "w", format=container, options=options) as output,
    ):
        encoding = encoding_of(reader)
        stream = output.add_stream(
            encoding.codec, rate=encoding.rate, layout=encoding.layout, options=dict(encoding.options)
        )
        assert isinstance(stream, AudioStream)
        stream.bit_rate, stream.time_base = encoding.bit_rate, Fraction(1, encoding.rate)
        for packet in encoded_in_halves(source, reader, encoding, target.parent, progress):
            output.mux(_wrapped(packet, stream))


def _wrapped(packet: Packet, stream: AudioStream) -> "av.Packet[Stream]":
    wrapped = av.Packet(packet.content)
    wrapped.stream, wrapped.time_base = stream, Fraction(1, stream.rate)
    wrapped.pts = wrapped.dts = packet.at
    wrapped.duration, wrapped.is_keyframe = packet.samples, True
    return wrapped


def _with_progress(reader: Reader, progress: Progress | None) -> Iterator[Block]:
    done = 0
    for block in reader.blocks(_BLOCK):
        yield block
        done += block.frames
        if progress and reader.promised_frames:
            progress(min(1.0, done / reader.promised_frames))


@contextmanager
def _removed_on_failure(target: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        target.unlink(missing_ok=True)
        raise
