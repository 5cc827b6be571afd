"""AAC-LC through PyAV: a recording, from any place on, as the packets of its encoder."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.filter import Graph
from numpy.typing import NDArray

from server.sound.reading import Reader

PACKET = 1024  # samples
_BLOCK = 65536
_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_BITS_PER_CHANNEL = 80_000
# The default search for the best quantisers takes three times as long, for little at such a bit rate.
OPTIONS = {"aac_coder": "fast"}


@dataclass(frozen=True, slots=True)
class Packet:
    """``at`` and ``samples``: what it holds of the recording, at the encoder's rate; ``at`` begins before 0."""

    at: int
    samples: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Shape:
    """What is encoded: at most stereo and 48 kHz."""

    rate: int
    channels: int

    @classmethod
    def of(cls, reader: Reader) -> "Shape":
        return cls(small_rate(reader.sample_rate), min(reader.channels, 2))

    @property
    def layout(self) -> str:
        return "mono" if self.channels == 1 else "stereo"

    @property
    def bit_rate(self) -> int:
        """The standard allows 6144 bits per channel and 1024 samples; low rates need far fewer than 80k."""
        return self.channels * min(_BITS_PER_CHANNEL, 4 * self.rate)

    def common_unit(self, sample_rate: int) -> tuple[int, int]:
        """The shortest whole number of packets that is a whole number of source samples: (source, ours)."""
        ratio = Fraction(self.rate, sample_rate)
        ours = math.lcm(PACKET, ratio.numerator)
        return int(ours / ratio), ours


def small_rate(sample_rate: int) -> int:
    """The rate itself where AAC knows it, else the one of 44.1 and 48 kHz it is a multiple of."""
    if sample_rate in _RATES:
        return sample_rate
    return 44100 if sample_rate % 11025 == 0 else 48000


def encoded(reader: Reader, shape: Shape, *, start: int = 0) -> Iterator[tuple[int, list[Packet]]]:
    """The recording from source sample ``start`` on: per block its length and what the encoder gave."""
    encoder, graph, at = _encoder(shape), _to_encoder(reader, shape), start
    for samples in _samples_from(reader, start):
        graph.push(_frame(samples, reader, at))
        at += samples.shape[1]
        yield samples.shape[1], _packets(encoder, _pulled(graph))
    graph.push(None)
    yield 0, _packets(encoder, [*_pulled(graph), None])


def _samples_from(reader: Reader, start: int) -> Iterator[NDArray[np.float32]]:
    if reader.seeks_exactly:
        yield from (block.samples for block in reader.blocks(_BLOCK, start=start))
        return
    passed = 0
    for block in reader.blocks(_BLOCK):
        if passed + block.frames > start:
            yield block.samples[:, max(0, start - passed) :]
        passed += block.frames


def _encoder(shape: Shape) -> AudioCodecContext:
    encoder = av.CodecContext.create("aac", "w")
    assert isinstance(encoder, AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.bit_rate = shape.rate, shape.layout, shape.bit_rate
    encoder.format, encoder.time_base = "fltp", Fraction(1, shape.rate)
    encoder.options = OPTIONS
    return encoder


def _to_encoder(reader: Reader, shape: Shape) -> Graph:
    graph = Graph()
    source = graph.add_abuffer(
        sample_rate=reader.sample_rate,
        format="fltp",
        layout=reader.layout,
        time_base=Fraction(1, reader.sample_rate),
    )
    wanted = f"sample_fmts=fltp:sample_rates={shape.rate}:channel_layouts={shape.layout}"
    nodes = (
        source,
        graph.add("aformat", wanted),
        graph.add("asetnsamples", f"n={PACKET}:p=0"),
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
    encoder: AudioCodecContext, frames: "Iterator[AudioFrame] | list[AudioFrame | None]"
) -> list[Packet]:
    return [
        Packet(packet.pts or 0, packet.duration or PACKET, bytes(packet))
        for frame in frames
        for packet in encoder.encode(frame)
    ]


def long_window(packet: Packet, shape: Shape) -> int | None:
    """The form of its window if all channels have one and the same long one, as most packets do.

    ISO/IEC 14496-3, 4.4.2.1: element (3 bits, one channel 0, a pair 1), tag (4); a pair: shared window (1), one
    channel: gain (8); then a reserved bit, the window sequence (2, 0 is one long window) and its form (1).
    """
    bits = int.from_bytes(packet.content[:4].ljust(4, b"\0"), "big")
    element, shared, after = bits >> 29, bits >> 24 & 1, 16 if shape.channels == 1 else 9
    sequence, form = bits >> (32 - after - 2) & 3, bits >> (32 - after - 3) & 1
    expected = (element == 0) if shape.channels == 1 else (element == 1 and shared == 1)
    return form if expected and sequence == 0 else None
