"""Opus (RFC 6716): how it is encoded, and where one encoder may follow another."""

from server.sound.encoding import Encoding, Packet
from server.sound.reading import Reader

RATE = 48000  # whatever the recording's own: Opus knows nothing between 24 and 48 kHz
PACKET = 960  # samples: 20 ms, as libopus' authors advise for music
# Transparent for most music (and below 90 000 for one channel two encoders take long to agree).
_BIT_RATES = {1: 96_000, 2: 128_000}


def opus(reader: Reader) -> Encoding:
    """At most stereo. Two encoders forget where they began and come to write the very same packets, after a second
    or less in most music. Ten alike in a row, 200 ms, are more than the 80 ms in which a decoder forgets what it was
    not given (RFC 7845, 4.2): what follows is heard as if one encoder had written all of it."""
    channels = min(reader.channels, 2)
    return Encoding(
        codec="libopus",
        sample_format="flt",
        rate=RATE,
        channels=channels,
        bit_rate=_BIT_RATES[channels],
        packet=PACKET,
        mark=_whole,
        agreeing=10,
        settling=50,
        patience=150,
    )


def _whole(packet: Packet) -> bytes:
    return packet.content
