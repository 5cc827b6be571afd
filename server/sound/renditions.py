"""What listeners' browsers are given: the original where they can play it, else FLAC; and a small AAC for
phones."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container.output import OutputContainer
from av.filter import Graph
from numpy.typing import NDArray

from server.sound.facts import Facts
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
_AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_AAC_BITS_PER_CHANNEL = 80_000
# The default search for the best quantisers takes three times as long, for little at such a bit rate.
_AAC_OPTIONS = {"aac_coder": "fast"}


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
    with open_audio(source) as reader, _removed_on_failure(target), _new_mp4(target) as mp4:
        stream = _aac_stream(mp4, reader)
        graph = _to_aac_graph(reader, stream)
        for number, block in enumerate(_with_progress(reader, progress)):
            graph.push(_frame(block, reader, number * _BLOCK))
            _encode(mp4, stream, graph)
        graph.push(None)
        _encode(mp4, stream, graph)
        mp4.mux(stream.encode(None))


def _new_mp4(target: Path) -> OutputContainer:
    return av.open(str(target), "w", format="ipod", options={"movflags": "+faststart"})


def _aac_stream(mp4: OutputContainer, reader: Reader) -> AudioStream:
    rate = small_rate(reader.sample_rate)
    layout = "mono" if reader.channels == 1 else "stereo"
    stream = mp4.add_stream("aac", rate=rate, layout=layout, options=_AAC_OPTIONS)
    # The standard allows 6144 bits per channel and 1024 samples; low rates need far fewer than 80k.
    per_channel = min(_AAC_BITS_PER_CHANNEL, 4 * rate)
    stream.bit_rate = per_channel * min(reader.channels, 2)
    stream.time_base = Fraction(1, rate)
    return stream


def small_rate(sample_rate: int) -> int:
    """The rate itself where AAC knows it, else the one of 44.1 and 48 kHz it is a multiple of."""
    if sample_rate in _AAC_RATES:
        return sample_rate
    return 44100 if sample_rate % 11025 == 0 else 48000


def _to_aac_graph(reader: Reader, stream: AudioStream) -> Graph:
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=reader.sample_rate,
        format="fltp",
        layout=reader.layout,
        time_base=Fraction(1, reader.sample_rate),
    )
    wanted = f"sample_fmts=fltp:sample_rates={stream.rate}:channel_layouts={stream.layout.name}"
    nodes = (
        source,
        graph.add("aformat", wanted),
        graph.add("asetnsamples", "n=1024:p=0"),
        graph.add("abuffersink"),
    )
    graph.link_nodes(*nodes).configure()
    return graph


def _frame(block: Block, reader: Reader, start: int) -> AudioFrame:
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(block.samples), format="fltp", layout=reader.layout)
    frame.sample_rate = reader.sample_rate
    frame.time_base = Fraction(1, reader.sample_rate)
    frame.pts = start  # the edit list is made from these
    return frame


def _encode(mp4: OutputContainer, stream: AudioStream, graph: Graph) -> None:
    while True:
        try:
            frame = graph.pull()
        except (BlockingIOError, EOFError):
            return
        assert isinstance(frame, AudioFrame)
        mp4.mux(stream.encode(frame))


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
