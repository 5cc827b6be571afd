"""AAC-LC: how it is encoded, and where one encoder may follow another."""

from functools import partial

from server.sound.encoding import Encoding, Packet
from server.sound.reading import Reader

PACKET = 1024  # samples
_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_BITS_PER_CHANNEL = 80_000


def aac(reader: Reader) -> Encoding:
    """At most stereo and 48 kHz. Each packet overlaps with the one before it: where both encoders chose the same long
    window for a packet, the next of either fits, for there the overlap cancels just as it does within one."""
    rate, channels = small_rate(reader.sample_rate), min(reader.channels, 2)
    return Encoding(
        codec="aac",
        sample_format="fltp",
        rate=rate,
        channels=channels,
        # The standard allows 6144 bits per channel and 1024 samples; low rates need far fewer than 80k.
        bit_rate=channels * min(_BITS_PER_CHANNEL, 4 * rate),
        packet=PACKET,
        mark=partial(long_window, channels=channels),
        agreeing=2,
        settling=64,
        patience=64,
        # The default search for the best quantisers takes three times as long, for little at such a bit rate.
        options={"aac_coder": "fast"},
    )


def small_rate(sample_rate: int) -> int:
    """The rate itself where AAC knows it, else the one of 44.1 and 48 kHz it is a multiple of."""
    if sample_rate in _RATES:
        return sample_rate
    return 44100 if sample_rate % 11025 == 0 else 48000


def long_window(packet: Packet, channels: int) -> int | None:
    """The form of its window if all channels have one and the same long one, as most packets do.

    ISO/IEC 14496-3, 4.4.2.1: element (3 bits, one channel 0, a pair 1), tag (4); a pair: shared window (1), one
    channel: gain (8); then a reserved bit, the window sequence (2, 0 is one long window) and its form (1).
    """
    bits = int.from_bytes(packet.content[:4].ljust(4, b"\0"), "big")
    element, shared, after = bits >> 29, bits >> 24 & 1, 16 if channels == 1 else 9
    sequence, form = bits >> (32 - after - 2) & 3, bits >> (32 - after - 3) & 1
    expected = (element == 0) if channels == 1 else (element == 1 and shared == 1)
    return form if expected and sequence == 0 else None
