"""Which loudspeaker each channel of a WAV is for, where its header says so."""

import struct
from pathlib import Path

_EXTENSIBLE = 0xFFFE
_MASK_AT = 20  # in the format chunk
# The bits of the header's channel mask, lowest first; channels come in the order of the bits.
_BITS = ("FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC", "BC", "SL", "SR")


def wav_speakers(path: Path, channels: int) -> tuple[str, ...] | None:
    """In the order of the channels; None where the header is silent or counts other channels than there are."""
    with path.open("rb") as file:
        file.seek(12)
        while len(header := file.read(8)) == 8:
            name, length = struct.unpack("<4sI", header)
            if name == b"fmt ":
                return _named(file.read(min(length, 40)), channels)
            file.seek(length + (length & 1), 1)
    return None


def _named(chunk: bytes, channels: int) -> tuple[str, ...] | None:
    if len(chunk) < 40 or struct.unpack_from("<H", chunk)[0] != _EXTENSIBLE:
        return None
    (mask,) = struct.unpack_from("<I", chunk, _MASK_AT)
    speakers = tuple(speaker for bit, speaker in enumerate(_BITS) if mask >> bit & 1)
    return speakers if len(speakers) == channels else None
