"""Whatever a file points at, on this machine or elsewhere, is never opened."""

import contextlib
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import pytest
from av.error import FFmpegError

from server.sound.analysis import analyze
from server.sound.errors import UnreadableAudio
from server.sound.facts import probe
from server.sound.renditions import make_small
from tests.services.waiting import until
from tests.sound.canary import Canary, canary_in
from tests.sound.signals import noise, write

Pointing = Callable[[Path, str], bytes]  # (a folder to work in, the address) to a file that points there


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    with canary_in(tmp_path) as canary:
        yield canary


def hls(folder: Path, address: str) -> bytes:
    head = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n"
    return f"{head}{address}\n#EXT-X-ENDLIST\n".encode()


def hls_with_a_key(folder: Path, address: str) -> bytes:
    head = f'#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXT-X-KEY:METHOD=AES-128,URI="{address}"\n#EXTINF:9,\n'
    return f"{head}part.ts\n#EXT-X-ENDLIST\n".encode()


def concatenation(folder: Path, address: str) -> bytes:
    return f"ffconcat version 1.0\nfile '{address}'\n".encode()


def dash(folder: Path, address: str) -> bytes:
    return f'<?xml version="1.0"?><MPD type="static"><BaseURL>{address}</BaseURL></MPD>'.encode()


def picture(folder: Path, address: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}"/></svg>'.encode()


def session_description(folder: Path, address: str) -> bytes:
    return f"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\na=control:{address}\n".encode()


def bare_address(folder: Path, address: str) -> bytes:
    return f"{address}\n".encode()


def hls_behind_a_tag(folder: Path, address: str) -> bytes:
    return b"ID3\x04\x00\x00\x00\x00\x00\x00" + hls(folder, address)


def mp3_with_a_linked_cover(folder: Path, address: str) -> bytes:
    """ID3: the MIME type --> says that the picture is an address."""
    frame = b"\x00-->\x00\x03\x00" + address.encode()
    tag = b"APIC" + struct.pack(">IH", len(frame), 0) + frame
    size = bytes(len(tag) >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + tag + write(folder, noise(2.0), format="mp3").read_bytes()


def flac_with_a_linked_cover(folder: Path, address: str) -> bytes:
    content = write(folder, noise(2.0), format="flac").read_bytes()
    link = address.encode()
    block = struct.pack(">II3sI4II", 3, 3, b"-->", 0, 0, 0, 0, 0, len(link)) + link
    after_stream_info = 4 + 4 + 34
    return (
        content[:after_stream_info]
        + struct.pack(">I", 6 << 24 | len(block))
        + block
        + content[after_stream_info:]
    )


def mp4_in_another_file(folder: Path, address: str) -> bytes:
    """An MP4 whose audio lies elsewhere, by a Macintosh alias: the kind that FFmpeg can follow."""
    path = address.removeprefix("file://").encode()
    path += b"\x00" * (len(path) % 2)
    alias = bytes(10) + bytes(28) + bytes(12) + bytes(64) + bytes(16) + bytes(4) + bytes(16)
    alias += struct.pack(">HH", 2, len(path)) + path + struct.pack(">hH", -1, 0)
    return _with_data_reference(folder, b"alis" + bytes(4) + alias)


def mp4_at_an_address(folder: Path, address: str) -> bytes:
    return _with_data_reference(folder, b"url " + bytes(4) + address.encode() + b"\x00")


def _with_data_reference(folder: Path, reference: bytes) -> bytes:
    """An ALAC file that says its samples are where ``reference`` points."""
    content = bytearray(write(folder, noise(2.0), format="alac").read_bytes())
    at = content.index(b"dref") + 12
    (length,) = struct.unpack_from(">I", content, at)
    entry = struct.pack(">I", 4 + len(reference)) + reference
    content[at : at + length] = entry
    for name in (b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        box = content.index(name) - 4
        struct.pack_into(">I", content, box, struct.unpack_from(">I", content, box)[0] + len(entry) - length)
    return bytes(content)


PLAYLISTS = (hls, hls_with_a_key, concatenation, dash, picture, session_description, bare_address)
REFUSED = (*PLAYLISTS, hls_behind_a_tag)
AUDIO = (mp3_with_a_linked_cover, flac_with_a_linked_cover, mp4_in_another_file, mp4_at_an_address)


@pytest.mark.parametrize("name", ["a.wav", "a.m3u8", "a.svg"])
@pytest.mark.parametrize("pointing", [*REFUSED, *AUDIO])
def test_what_a_file_points_at_is_not_touched(
    tmp_path: Path, canary: Canary, pointing: Pointing, name: str
) -> None:
    path = tmp_path / name
    for address in (f"file://{canary.path}", str(canary.path), f"file:{canary.path}", canary.url):
        path.write_bytes(pointing(tmp_path, address))
        codes = {
            _read(read, path) for read in (probe, analyze, lambda path: make_small(path, tmp_path / "b"))
        }
        assert not canary.touched(), address
        if pointing in REFUSED:
            assert codes <= {"playlist", "not-audio"}
        if pointing in (mp3_with_a_linked_cover, flac_with_a_linked_cover):
            assert codes == {None}  # the music itself is fine


def test_an_mp4_whose_audio_lies_in_a_real_second_file_does_not_become_that_file(tmp_path: Path) -> None:
    second = write(tmp_path, noise(2.0), format="alac", name="second")
    outside = tmp_path / "outside.m4a"
    outside.write_bytes(_emptied(mp4_in_another_file(tmp_path, str(second))))
    with av.open(str(outside), options={"enable_drefs": "1", "use_absolute_path": "1"}) as followed:
        assert sum(frame.samples for frame in followed.decode(audio=0)) == 2 * 48000
    assert _read(analyze, outside) == "damaged"


def _emptied(content: bytes) -> bytes:
    """The same MP4 without one sample of its own."""
    (length,) = struct.unpack_from(">I", content, start := content.index(b"mdat") - 4)
    return content[: start + 8] + bytes(length - 8) + content[start + length :]


@pytest.mark.parametrize(
    ("pointing", "options"),
    [
        (hls, {"protocol_whitelist": "file,http,tcp"}),
        (concatenation, {"safe": "0", "protocol_whitelist": "file,http,tcp"}),
        (mp4_in_another_file, {"enable_drefs": "1", "use_absolute_path": "1"}),
    ],
)
def test_the_canary_notices_a_reader_that_follows(
    tmp_path: Path, canary: Canary, pointing: Pointing, options: dict[str, str]
) -> None:
    path = tmp_path / ("a.m3u8" if pointing is hls else "a")
    path.write_bytes(pointing(tmp_path, str(canary.path)))
    with contextlib.suppress(FFmpegError), av.open(str(path), options=options) as container:
        next(container.decode(audio=0), None)
    until(canary.touched)


def _read(read: Callable[[Path], object], path: Path) -> str | None:
    """The code of the refusal, None for a result."""
    try:
        read(path)
    except UnreadableAudio as error:
        return error.code
    return None
