"""What is not audio, or not all of it, is refused with a sentence of its own."""

import pickle
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from server.sound import reading
from server.sound.analysis import analyze
from server.sound.errors import UnreadableAudio
from server.sound.facts import probe
from tests.sound.signals import noise, write

CUT_FORMATS = ("wav16", "wav24", "wavfloat", "aiff", "flac", "vorbis", "alac", "mp3", "aac", "opus")


def refused(path: Path) -> str:
    """The code, after making sure that a look and a full reading agree and the sentence is fit for people."""
    with pytest.raises(UnreadableAudio) as look:
        probe(path)
    with pytest.raises(UnreadableAudio) as reading:
        analyze(path)
    assert look.value.code == reading.value.code
    assert str(look.value).endswith(".")
    return look.value.code


def file_with(folder: Path, content: bytes, name: str = "song.wav") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"Dear band, here are the lyrics of the second verse.\n" * 20, "not-audio"),
        (b"RIFF", "not-audio"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "not-audio"),
        (b"%PDF-1.7 ...", "not-audio"),
        (bytes(100_000), "not-audio"),
        (b"#EXTM3U\n#EXTINF:100,Song\nsong.mp3\n", "playlist"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n", "playlist"),
        (b"[playlist]\nFile1=http://example.org/a.mp3\n", "playlist"),
        (b'TITLE "Album"\nFILE "album.wav" WAVE\n  TRACK 01 AUDIO\n', "playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "playlist"),
        (b"file '/etc/passwd'\nfile 'b.wav'\n", "playlist"),
        (b'<?xml version="1.0"?>\n<svg><image href="file:///etc/passwd"/></svg>', "playlist"),
        (b'<?xml version="1.0"?><MPD><BaseURL>http://localhost/</BaseURL></MPD>', "playlist"),
        (b"http://example.org/song.mp3\n", "playlist"),
        (b"\x1aE\xdf\xa3" + bytes(500), "video"),
        (bytes.fromhex("3026b2758e66cf11") + bytes(500), "unsupported-codec"),
        (b"wvpk" + bytes(500), "unsupported-codec"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x05" + bytes(5), "truncated"),
    ],
)  # fmt: skip
def test_what_is_no_audio_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert refused(file_with(tmp_path, content)) == code


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
@pytest.mark.parametrize("format", CUT_FORMATS)
def test_a_truncated_file_is_refused(tmp_path: Path, format: str, share: float) -> None:
    whole = write(tmp_path, noise(4.0), format=format)
    content = whole.read_bytes()
    assert refused(file_with(tmp_path, content[: int(len(content) * share)])) == "truncated"


@pytest.mark.parametrize("format", ["wav16", "wav24", "aiff"])
def test_a_file_without_a_single_sample_is_refused(tmp_path: Path, format: str) -> None:
    assert refused(write(tmp_path, np.zeros((2, 0)), format=format)) == "no-audio"


def test_a_file_that_lacks_only_its_last_few_samples_is_taken(tmp_path: Path) -> None:
    content = write(tmp_path, noise(4.0)).read_bytes()
    assert analyze(file_with(tmp_path, content[:-400])).facts.frames == 4 * 48000 - 100


def test_a_wav_written_by_a_program_that_never_filled_in_its_length_is_taken(tmp_path: Path) -> None:
    content = bytearray(write(tmp_path, noise(2.0)).read_bytes())
    content[40:44] = b"\xff\xff\xff\xff"
    assert analyze(file_with(tmp_path, bytes(content))).facts.frames == 2 * 48000


def test_a_video_is_refused_with_or_without_sound(tmp_path: Path) -> None:
    assert refused(_video(tmp_path, sound=False)) == "no-sound"
    assert refused(_video(tmp_path, sound=True)) == "video"


@pytest.mark.parametrize("format", ["mp3", "aac"])
def test_a_cover_picture_is_no_video(tmp_path: Path, format: str) -> None:
    path = _with_cover(tmp_path, write(tmp_path, noise(2.0), format=format))
    with av.open(str(path)) as made:
        assert len(made.streams.video) == 1
    assert probe(path).frames == 2 * 48000


def test_a_recording_longer_than_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """The bomb: a FLAC header that promises days, in a file of a few kilobytes."""
    content = bytearray(write(tmp_path, np.zeros((2, 48000)), format="flac").read_bytes())
    content[21] = content[21] & 0xF0 | 0x0F  # the upper four of the 36 bits of the number of samples
    assert refused(file_with(tmp_path, bytes(content), "bomb.flac")) == "too-long"


@pytest.mark.parametrize("rate", [8000, 44100])
def test_a_bomb_that_promises_nothing_ends_at_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rate: int
) -> None:
    """One silent frame of AAC, a dozen bytes, again and again: nothing tells its length but decoding it."""
    frames = write(tmp_path, np.zeros((1, 3 * rate)), format="adts", rate=rate).read_bytes()
    length = (frames[-40:].rindex(b"\xff\xf1") - 40) * -1
    bomb = file_with(tmp_path, frames[-length:] * (60 * rate // 1024), "bomb.aac")
    assert bomb.stat().st_size < 100_000
    assert analyze(bomb).facts.duration > 50
    monkeypatch.setattr(reading, "MAX_SECONDS", 20)
    with pytest.raises(UnreadableAudio) as error:
        analyze(bomb)
    assert error.value.code == "too-long"


@pytest.mark.parametrize(("rate", "channels"), [(48000, 1), (44100, 2)])
def test_a_stream_that_changes_its_channels_or_its_rate_is_damaged(
    tmp_path: Path, rate: int, channels: int
) -> None:
    first = write(tmp_path, noise(2.0), format="adts").read_bytes()
    then = write(tmp_path, noise(2.0, rate=rate, channels=channels), format="adts", rate=rate).read_bytes()
    with pytest.raises(UnreadableAudio) as error:
        analyze(file_with(tmp_path, first + then, "song.aac"))
    assert error.value.code == "damaged"


def test_a_stream_that_cannot_be_read_on_is_damaged_and_not_short(tmp_path: Path) -> None:
    """ADTS promises no length: what cannot be read in its middle must not be taken for its end."""
    content = bytearray(write(tmp_path, noise(4.0), format="adts").read_bytes())
    at = 0
    while at < len(content) // 2:
        at += (content[at + 3] & 3) << 11 | content[at + 4] << 3 | content[at + 5] >> 5
    content[at + 3] &= 0xFC
    content[at + 4] = 0
    content[at + 5] &= 0x1F
    assert refused(file_with(tmp_path, bytes(content), "song.aac")) == "damaged"


def test_a_refusal_crosses_processes_with_its_code_and_sentence() -> None:
    error = UnreadableAudio("too-many-channels", channels=12, limit=8)
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, str(again)) == (error.code, str(error))


def _video(folder: Path, *, sound: bool) -> Path:
    path = folder / f"film-{sound}.mp4"
    with av.open(str(path), "w") as output:
        picture = output.add_stream("mpeg4", rate=10, width=64, height=64, pix_fmt="yuv420p")
        audio = output.add_stream("aac", rate=48000, layout="stereo") if sound else None
        for n in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), n * 20, dtype=np.uint8), format="rgb24")
            output.mux(picture.encode(frame))
        output.mux(picture.encode(None))
        if audio:
            tone = av.AudioFrame.from_ndarray(np.zeros((2, 1024), dtype=np.float32), "fltp", "stereo")
            tone.sample_rate, tone.pts, tone.time_base = 48000, 0, Fraction(1, 48000)
            output.mux(audio.encode(tone))
            output.mux(audio.encode(None))
    return path


def _with_cover(folder: Path, source: Path) -> Path:
    path = folder / f"cover{source.suffix}"
    with (
        av.open(str(source)) as given,
        av.open(str(path), "w", format=source.suffix[1:].replace("m4a", "mp4")) as made,
    ):
        audio = made.add_stream_from_template(given.streams.audio[0])
        cover = made.add_stream("mjpeg", rate=1, width=64, height=64, pix_fmt="yuvj420p")
        cover.disposition = av.stream.Disposition.attached_pic
        picture = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 90, dtype=np.uint8), format="rgb24")
        picture = picture.reformat(format="yuvj420p")
        picture.pts = 0
        made.mux(cover.encode(picture))
        made.mux(cover.encode(None))
        for packet in given.demux(given.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = audio
                made.mux(packet)
    return path
