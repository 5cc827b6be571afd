"""Files broken in the ways that break decoders: flipped bits, cut and repeated pieces, impossible lengths."""

from random import Random

_EXTREMES = (
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\x00\x00\x00\x80",
)
_HEADER = 400  # where most of what a demuxer believes is written


def mutated(content: bytes, random: Random) -> bytes:
    data = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        _mutate(data, random)
    return bytes(data)


def _mutate(data: bytearray, random: Random) -> None:
    length = max(len(data), 1)
    at = random.randrange(min(length, _HEADER)) if random.random() < 0.6 else random.randrange(length)
    kind = random.randrange(7)
    if kind == 0:
        data[at : at + 1] = bytes([random.randrange(256)])
    elif kind == 1:
        data[at : at + 4] = random.choice(_EXTREMES)
    elif kind == 2:
        del data[at : at + random.choice((1, 2, 16, 512))]
    elif kind == 3:
        data[at:at] = data[at : at + random.choice((1, 8, 512))]
    elif kind == 4:
        data[at : at + 32] = random.randbytes(32)
    elif kind == 5:
        del data[at:]
    else:
        data[at : at + 8], data[-8:] = data[-8:], data[at : at + 8]
