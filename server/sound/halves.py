"""Encoding the two halves of a recording at once, and joining them where nobody can hear it.

The second encoder begins some packets before the join, on the same grid of packets, until it has settled. The halves
are joined where their encoders agree, as the encoding says.
"""

import itertools
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import IO

from server.sound.encoding import Encoding, Packet, encoded
from server.sound.reading import Reader, open_audio

SHORTEST_SECONDS = 20  # below this it is not worth a second encoder
_LOOK_EVERY_SECONDS = 0.1
_HEADER = struct.Struct("<qiI")
Progress = Callable[[float], None]
Encoded = Iterator[tuple[int, list[Packet]]]


def encoded_in_halves(
    source: Path, reader: Reader, encoding: Encoding, folder: Path, progress: Progress | None
) -> Iterator[Packet]:
    """All packets of ``source``, which ``reader`` has open, in order; what has to wait does so in ``folder``."""
    frames = reader.count_frames()
    told, first = _Told(progress, frames), encoded(reader, encoding)
    source_unit, unit = encoding.common_unit(reader.sample_rate)
    units, settling = frames // 2 // source_unit, -(-encoding.settling * encoding.packet // unit)
    if frames < SHORTEST_SECONDS * reader.sample_rate or units <= settling:
        yield from _rest(first, told)
        return
    with tempfile.TemporaryFile(dir=folder) as waiting, ThreadPoolExecutor(1) as pool:
        second = _SecondHalf(source, encoding, (units - settling) * source_unit, waiting)
        try:
            yield from _joined(first, second, pool.submit(second.encode), units * unit, told)
        finally:
            second.stop.set()


class _Told:
    """Progress of both halves together."""

    def __init__(self, progress: Progress | None, frames: int) -> None:
        self._progress, self._frames, self._done = progress, max(frames, 1), 0

    def add(self, frames: int, *, elsewhere: int = 0) -> None:
        self._done += frames
        if self._progress:
            self._progress(min(1.0, (self._done + elsewhere) / self._frames))


class _SecondHalf:
    """Encoded in a thread of its own into a nameless file: hours of it need not fit into the memory."""

    def __init__(self, source: Path, encoding: Encoding, start: int, file: IO[bytes]) -> None:
        self.encoding, self.stop, self.done = encoding, threading.Event(), 0
        self._source, self._start, self._file = source, start, file

    def encode(self) -> None:
        with open_audio(self._source) as reader:
            for frames, packets in encoded(reader, self.encoding, start=self._start):
                if self.stop.is_set():
                    return
                for packet in packets:
                    self._file.write(_HEADER.pack(packet.at, packet.samples, len(packet.content)))
                    self._file.write(packet.content)
                self.done += frames

    def packets(self) -> Iterator[Packet]:
        """What was encoded, from the file."""
        self._file.seek(0)
        while header := self._file.read(_HEADER.size):
            at, samples, length = _HEADER.unpack(header)
            yield Packet(at, samples, self._file.read(length))


def _joined(
    first: Encoded, second: _SecondHalf, finished: "Future[None]", join: int, told: _Told
) -> Iterator[Packet]:
    near: list[Packet] = []
    until = join + second.encoding.patience * second.encoding.packet
    for frames, packets in first:
        told.add(frames, elsewhere=second.done)
        yield from (packet for packet in packets if packet.at < join)
        near += (packet for packet in packets if packet.at >= join)
        if near and near[-1].at > until:
            break
    while not finished.done():
        wait([finished], timeout=_LOOK_EVERY_SECONDS)
        told.add(0, elsewhere=second.done)
    finished.result()
    place = _place_to_join(near, second)
    if place is None:  # never seen, but then the first encoder goes on to the end
        yield from near
        yield from _rest(first, told)
        return
    yield from (packet for packet in near if packet.at < place)
    yield from (packet for packet in second.packets() if packet.at >= place)


def _place_to_join(near: list[Packet], second: _SecondHalf) -> int | None:
    """The first packet of ``near`` before which both agreed for long enough."""
    until = itertools.takewhile(lambda packet: packet.at <= near[-1].at, second.packets())
    mark, agreeing = second.encoding.mark, 0
    theirs = {packet.at: mark(packet) for packet in until}
    for packet in near:
        if agreeing >= second.encoding.agreeing and packet.at in theirs:
            return packet.at
        ours = mark(packet)
        agreeing = agreeing + 1 if ours is not None and ours == theirs.get(packet.at) else 0
    return None


def _rest(encoded: Encoded, told: _Told) -> Iterator[Packet]:
    for frames, packets in encoded:
        told.add(frames)
        yield from packets
