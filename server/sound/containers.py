"""Which container a file is, told by its first bytes and never by its name.

The answer picks the one demuxer that is allowed to read the file: nothing is left to FFmpeg's own probing,
which would happily open a playlist and everything it points at.
"""

from pathlib import Path
from typing import BinaryIO

from server.sound.errors import UnreadableAudio

HEAD_BYTES = 65536
_ASF = bytes.fromhex("3026b2758e66cf11")
_PLAYLIST_STARTS = (
    b"#extm3u",
    b"#ext-x-",
    b"[playlist]",
    b"ffconcat",
    b"<asx",
    b"<svg",
    b"<smil",
    b"<mpd",
    b"#m3u",
)
_PLAYLIST_WORDS = (b"<svg", b"<playlist", b"<mpd", b"<smil", b"<asx", b"http://", b"https://", b"file://")
_MPEG_BITRATES = {
    # (MPEG-1?, layer): kbit/s by index
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def recognize(path: Path) -> str:
    """``wav aiff flac ogg-vorbis ogg-opus ogg-flac mp3 aac mp4 caf``, or an UnreadableAudio that says why
    not."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if not head:
            raise UnreadableAudio("empty")
        if head.startswith(b"ID3"):
            head = after_id3(file, head)
    return _by_magic(head) or _refuse(head)


def _by_magic(head: bytes) -> str | None:
    if head[:4] in (b"RIFF", b"RF64", b"BW64") and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[:4] == b"fLaC":
        return "flac"
    if head[:4] == b"OggS":
        return _ogg_codec(head)
    if head[4:8] in (b"ftyp", b"moov", b"wide") or (
        head[4:8] in (b"mdat", b"free", b"skip") and b"moov" in head
    ):
        return "mp4"
    if head[:4] == b"caff":
        return "caf"
    return _mpeg_audio(head.lstrip(b"\0")[:8192])


def _ogg_codec(head: bytes) -> str:
    first_packet = head[27 + head[26] :] if len(head) > 27 else b""
    for codec, magic in (("vorbis", b"\x01vorbis"), ("opus", b"OpusHead"), ("flac", b"\x7fFLAC")):
        if first_packet.startswith(magic):
            return f"ogg-{codec}"
    if first_packet.startswith((b"\x80theora", b"BBCD", b"fishead")):
        raise UnreadableAudio("video")
    if first_packet.startswith(b"Speex"):
        raise UnreadableAudio("unsupported-codec", codec="Speex")
    raise UnreadableAudio("not-audio")


def _mpeg_audio(head: bytes) -> str | None:
    """MP3 or ADTS AAC: a frame header, and a second one just where the first says it is."""
    for start in range(min(len(head) - 8, 4096)):
        if head[start] == 0xFF and (length := _frame_length(head[start:])):
            following = head[start + length : start + length + 8]
            if len(following) < 8 or _frame_length(following):
                return "aac" if head[start + 1] & 0xF6 == 0xF0 else "mp3"
        if start >= 64 and not any(head[:start]):
            return None
    return None


def _frame_length(header: bytes) -> int:
    """Bytes from this MPEG audio or ADTS header to the next; 0 if it is none."""
    if len(header) < 8 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    if header[1] & 0xF6 == 0xF0:
        length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
        return length if length > 7 and (header[2] >> 2 & 15) < 13 else 0
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    bitrate, rate = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or layer == 4 or bitrate in (0, 15) or rate == 3:
        return 0
    hertz = (44100, 48000, 32000)[rate] >> {3: 0, 2: 1, 0: 2}[version]
    kbits = _MPEG_BITRATES[version == 3, layer][bitrate - 1]
    padding = header[2] >> 1 & 1
    if layer == 1:
        return (12000 * kbits // hertz + padding) * 4
    samples_per_byte = 72000 if layer == 3 and version != 3 else 144000
    return samples_per_byte * kbits // hertz + padding


def after_id3(file: BinaryIO, head: bytes) -> bytes:
    """The bytes behind an ID3v2 tag, whose length is four times seven bits."""
    while head[:3] == b"ID3" and len(head) >= 10:
        size = 10 + sum((byte & 127) << 7 * (3 - n) for n, byte in enumerate(head[6:10]))
        file.seek(file.tell() - len(head) + size)
        head = file.read(HEAD_BYTES)
    if not head:
        raise UnreadableAudio("truncated")
    return head


def _refuse(head: bytes) -> str:
    text = head[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    printable = b"\0" not in text and _is_text(head[:4096])
    if text.startswith(_PLAYLIST_STARTS) or (printable and _points_elsewhere(text)):
        raise UnreadableAudio("playlist")
    if (
        head[:4] == b"\x1aE\xdf\xa3"
        or head[:3] == b"FLV"
        or head[:4] == b"\0\0\x01\xba"
        or head[8:12] == b"AVI "
    ):
        raise UnreadableAudio("video")
    if head.startswith(_ASF):
        raise UnreadableAudio("unsupported-codec", codec="Windows Media")
    for magic, codec in (
        (b"wvpk", "WavPack"),
        (b"MAC ", "Monkey's Audio"),
        (b"MThd", "MIDI"),
        (b"DSD ", "DSD"),
    ):
        if head.startswith(magic):
            raise UnreadableAudio("unsupported-codec", codec=codec)
    raise UnreadableAudio("not-audio")


def _is_text(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4  # only cut in the middle of a character
    return True


def _points_elsewhere(text: bytes) -> bool:
    lines = text.splitlines()
    cue = any(line.startswith(b"file ") for line in lines)
    return cue or any(word in text for word in _PLAYLIST_WORDS)
