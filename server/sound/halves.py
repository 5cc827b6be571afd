"""Encoding the two halves of a recording at once, and joining them where nobody can hear it.

The second encoder begins some packets before the join, on the same grid of packets, until it has settled. Each packet
overlaps with the one before it, so the halves are joined where both encoders chose the same long window for the
packets on either side of the join: there the overlap cancels just as it does within one half.
"""

import itertools
import struct
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import IO

from server.sound.aac import PACKET, Packet, Shape, encoded, long_window
from server.sound.reading import Reader, open_audio

SHORTEST_SECONDS = 20  # below this it is not worth a second encoder
SETTLING = 64 * PACKET
CANDIDATES = 64 * PACKET  # where a place to join is looked for
_LOOK_EVERY_SECONDS = 0.1
_HEADER = struct.Struct("<qiI")
Progress = Callable[[float], None]
Encoded = Iterator[tuple[int, list[Packet]]]


def encoded_in_halves(
    source: Path, reader: Reader, folder: Path, progress: Progress | None
) -> Iterator[Packet]:
    """All packets of ``source``, which ``reader`` has open, in order; what has to wait does so in ``folder``."""
    shape, frames = Shape.of(reader), reader.count_frames()
    told, first = _Told(progress, frames), encoded(reader, shape)
    source_unit, unit = shape.common_unit(reader.sample_rate)
    units, settling = frames // 2 // source_unit, -(-SETTLING // unit)
    if frames < SHORTEST_SECONDS * reader.sample_rate or units <= settling:
        yield from _rest(first, told)
        return
    with tempfile.TemporaryFile(dir=folder) as waiting, ThreadPoolExecutor(1) as pool:
        second = _SecondHalf(source, shape, (units - settling) * source_unit, waiting)
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

    def __init__(self, source: Path, shape: Shape, start: int, file: IO[bytes]) -> None:
        self.shape, self.stop, self.done = shape, threading.Event(), 0
        self._source, self._start, self._file = source, start, file

    def encode(self) -> None:
        with open_audio(self._source) as reader:
            for frames, packets in encoded(reader, self.shape, start=self._start):
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
    for frames, packets in first:
        told.add(frames, elsewhere=second.done)
        yield from (packet for packet in packets if packet.at < join - PACKET)
        near += (packet for packet in packets if packet.at >= join - PACKET)
        if near and near[-1].at > join + CANDIDATES:
            break
    while not finished.done():
        wait([finished], timeout=_LOOK_EVERY_SECONDS)
        told.add(0, elsewhere=second.done)
    finished.result()
    place = _place_to_join(near, second, join)
    if place is None:  # never seen, but then the first encoder goes on to the end
        yield from near
        yield from _rest(first, told)
        return
    yield from (packet for packet in near if packet.at < place)
    yield from (packet for packet in second.packets() if packet.at >= place)


def _place_to_join(near: list[Packet], second: _SecondHalf, join: int) -> int | None:
    """The first packet that both begin with one long window, of the same form as that of the packet before."""
    ours = _long_windows(near, second.shape)
    until = itertools.takewhile(lambda packet: packet.at <= join + CANDIDATES, second.packets())
    theirs = _long_windows(until, second.shape)
    for at in range(join, join + CANDIDATES, PACKET):
        forms = {windows.get(place) for windows in (ours, theirs) for place in (at - PACKET, at)}
        if len(forms) == 1 and None not in forms:
            return at
    return None


def _long_windows(packets: Iterable[Packet], shape: Shape) -> dict[int, int | None]:
    return {packet.at: long_window(packet, shape) for packet in packets}


def _rest(encoded: Encoded, told: _Told) -> Iterator[Packet]:
    for frames, packets in encoded:
        told.add(frames)
        yield from packets
