"""A recording, from any place on, as the packets of an encoder (through PyAV)."""

import math
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.filter import Graph
from numpy.typing import NDArray

from server.sound.reading import Reader

_BLOCK = 65536


@dataclass(frozen=True, slots=True)
class Packet:
    """``at`` and ``samples``: what it holds of the recording, at the encoder's rate; ``at`` begins before 0."""

    at: int
    samples: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Encoding:
    """What is encoded and how. ``codec`` and ``sample_format`` as FFmpeg calls them; ``packet``: samples in one.

    Two encoders that began at different places may follow one another where, for ``agreeing`` packets in a row, both
    have the same mark. ``settling``: how many packets the second begins earlier; ``patience``: how many are searched.
    """

    codec: str
    sample_format: str
    rate: int
    channels: int
    bit_rate: int
    packet: int
    mark: Callable[[Packet], Hashable | None]
    agreeing: int
    settling: int
    patience: int
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def layout(self) -> str:
        return "mono" if self.channels == 1 else "stereo"

    def common_unit(self, sample_rate: int) -> tuple[int, int]:
        """The shortest whole number of packets that is a whole number of source samples: (source, ours)."""
        ratio = Fraction(self.rate, sample_rate)
        ours = math.lcm(self.packet, ratio.numerator)
        return int(ours / ratio), ours


def encoded(reader: Reader, encoding: Encoding, *, start: int = 0) -> Iterator[tuple[int, list[Packet]]]:
    """The recording from source sample ``start`` on: per block its length and what the encoder gave."""
    encoder, graph, at = _encoder(encoding), _to_encoder(reader, encoding), start
    for samples in _samples_from(reader, start):
        graph.push(_frame(samples, reader, at))
        at += samples.shape[1]
        yield samples.shape[1], _packets(encoder, _pulled(graph), encoding)
    graph.push(None)
    yield 0, _packets(encoder, [*_pulled(graph), None], encoding)


def _samples_from(reader: Reader, start: int) -> Iterator[NDArray[np.float32]]:
    if reader.seeks_exactly:
        yield from (block.samples for block in reader.blocks(_BLOCK, start=start))
        return
    passed = 0
    for block in reader.blocks(_BLOCK):
        if passed + block.frames > start:
            yield block.samples[:, max(0, start - passed) :]
        passed += block.frames


def _encoder(encoding: Encoding) -> AudioCodecContext:
    encoder = av.CodecContext.create(encoding.codec, "w")
    assert isinstance(encoder, AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.bit_rate = encoding.rate, encoding.layout, encoding.bit_rate
    encoder.format, encoder.time_base = encoding.sample_format, Fraction(1, encoding.rate)
    encoder.options = dict(encoding.options)
    return encoder


def _to_encoder(reader: Reader, encoding: Encoding) -> Graph:
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=reader.sample_rate,
        format="fltp",
        layout=reader.layout,
        time_base=Fraction(1, reader.sample_rate),
    )
    formats, rates, layouts = encoding.sample_format, encoding.rate, encoding.layout
    nodes = (
        source,
        graph.add("aformat", f"sample_fmts={formats}:sample_rates={rates}:channel_layouts={layouts}"),
        graph.add("abuffersink"),
    )
    graph.link_nodes(*nodes).configure()
    return graph


def _frame(samples: NDArray[np.float32], reader: Reader, at: int) -> AudioFrame:
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=reader.layout)
    frame.sample_rate = reader.sample_rate
    frame.time_base = Fraction(1, reader.sample_rate)
    frame.pts = at  # the edit list is made from these
    return frame


def _pulled(graph: Graph) -> Iterator[AudioFrame]:
    while True:
        try:
            frame = graph.pull()
        except (BlockingIOError, EOFError):
            return
        assert isinstance(frame, AudioFrame)
        yield frame


def _packets(
    encoder: AudioCodecContext,
    frames: "Iterator[AudioFrame] | list[AudioFrame | None]",
    encoding: Encoding,
) -> list[Packet]:
    return [
        Packet(packet.pts or 0, packet.duration or encoding.packet, bytes(packet))
        for frame in frames
        for packet in encoder.encode(frame)
    ]
