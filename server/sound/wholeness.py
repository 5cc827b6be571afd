"""Is all of the file there? Headers promise a length; a file that clearly ends before it was cut off on its
way."""

import os
import struct
from pathlib import Path
from typing import BinaryIO

from server.sound.errors import UnreadableAudio

# What may be missing before a file counts as cut off: some writers count a padding byte or frame too many.
SLACK_BYTES = 4096
SLACK_SECONDS = 0.15


def refuse_if_cut_off(path: Path, container: str) -> None:
    """Look at the container's own lengths, without decoding."""
    check = {"wav": _riff, "aiff": _riff, "mp4": _mp4}.get(
        container, _ogg if container.startswith("ogg") else None
    )
    if check is None:
        return
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if check(file, size):
            raise UnreadableAudio("truncated")


def refuse_if_short(frames: int, promised: int | None, sample_rate: int) -> None:
    """Compare what was found with what the header promised, both in samples."""
    if promised is not None and promised - frames > SLACK_SECONDS * sample_rate:
        raise UnreadableAudio("truncated")


def _riff(file: BinaryIO, size: int) -> bool:
    """WAV and AIFF: the length of the chunk that holds the audio."""
    little = file.read(12)[:4] in (b"RIFF", b"RF64", b"BW64")
    length_64_bit = None
    while len(header := file.read(8)) == 8:
        name, length = struct.unpack("<4sI" if little else ">4sI", header)
        if name == b"ds64" and len(long := file.read(16)) == 16:
            length_64_bit = struct.unpack("<QQ", long)[1]
            length -= 16
        elif name in (b"data", b"SSND"):
            if length == 0xFFFFFFFF or (length == 0 and name == b"data"):
                # Written while streaming, by a program that never came back to fill the length in; or RF64.
                length = length_64_bit or 0
            return bool(length - (size - file.tell()) > SLACK_BYTES)
        file.seek(length + (length & 1), os.SEEK_CUR)
    return True


def _mp4(file: BinaryIO, size: int) -> bool:
    """MP4: an index (moov) somewhere, and no box that reaches behind the end."""
    indexed, at = False, 0
    while at + 8 <= size:
        file.seek(at)
        length, name = struct.unpack(">I4s", file.read(8))
        if length == 1 and len(long := file.read(8)) == 8:
            (length,) = struct.unpack(">Q", long)
        if length == 0:
            length = size - at
        if length < 8:
            break
        indexed = indexed or name == b"moov"
        at += length
    return not indexed or at - size > SLACK_BYTES


def _ogg(file: BinaryIO, size: int) -> bool:
    """Ogg: the last page is whole."""
    file.seek(max(0, size - 65536))
    tail = file.read()
    last = tail.rfind(b"OggS")
    if last < 0 or len(tail) < last + 27:
        return True
    segments = tail[last + 26]
    return len(tail) < last + 27 + segments + sum(tail[last + 27 : last + 27 + segments])
