"""A lossy recording is decoded many packets at a call, and says what it says packet by packet."""

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from av.container import OutputContainer
from av.error import InvalidDataError
from av.stream import Disposition
from numpy.typing import NDArray

from server.sound.blocks import block_frames
from server.sound.ffmpeg_reader import FFmpegReader
from server.sound.reading import open_audio
from tests.sound.signals import RATE, Samples, music, noise, sine, write

BLOCK = block_frames(RATE)


def heard(path: Path) -> NDArray[np.float32]:
    with open_audio(path) as reader:
        return np.concatenate([block.samples for block in reader.blocks(BLOCK)], axis=1)


def one_by_one(path: Path) -> NDArray[np.float32]:
    """What PyAV gives of one packet after the other, those left out that cannot be decoded; floats."""
    frames: list[NDArray[Any]] = []
    with av.open(str(path)) as container:
        for packet in container.demux(audio=0):
            try:
                frames += [frame.to_ndarray() for frame in packet.decode() if isinstance(frame, AudioFrame)]
            except InvalidDataError:
                continue
    return np.concatenate(frames, axis=1)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("format", ["mp3", "aac", "adts", "opus"])
def test_a_song_has_the_very_samples_of_its_packets(tmp_path: Path, format: str, channels: int) -> None:
    path = write(tmp_path, music(10.3, rate=RATE)[:channels], format=format)
    samples, packets = heard(path), one_by_one(path)
    surplus = packets.shape[1] - samples.shape[1]
    assert 0 <= surplus < 1024  # an MP4's last packet is cut where its header says
    assert np.array_equal(samples, packets[:, : samples.shape[1]])


@pytest.mark.parametrize("at", [0.1, 0.5, 0.97])
def test_after_a_hole_the_song_goes_on(tmp_path: Path, at: float) -> None:
    """The blocks that were given before it is found are not given again."""
    content = bytearray(write(tmp_path, music(20.0, rate=RATE), format="mp3").read_bytes())
    start = round(at * len(content))
    content[start : start + 1000] = bytes(1000)
    path = tmp_path / "hole.mp3"
    path.write_bytes(content)
    samples = heard(path)
    assert 19.5 * RATE < samples.shape[1] < 20 * RATE
    assert np.array_equal(samples, one_by_one(path))


def test_of_two_tracks_the_first_counts_though_the_second_is_richer(tmp_path: Path) -> None:
    path = tmp_path / "two.m4a"
    with av.open(str(path), "w", format="ipod") as output:
        tracks = [(sine(440, 3.0), 64_000), (noise(3.0), 192_000)]
        streams = [_track(output, bits) for _, bits in tracks]
        for stream, (samples, _) in zip(streams, tracks, strict=True):
            _fill(output, stream, samples)
    first = heard(path)
    assert first.shape == (2, 3 * RATE)
    spectrum = np.abs(np.fft.rfft(first[0, RATE : 2 * RATE]))
    assert spectrum.argmax() == 440


def _track(output: OutputContainer, bits: int) -> av.AudioStream:
    stream = output.add_stream("aac", rate=RATE, layout="stereo")
    assert isinstance(stream, av.AudioStream)
    stream.bit_rate = bits
    stream.disposition = Disposition.default  # both are to be played, as far as the file goes
    return stream


def _fill(output: OutputContainer, stream: av.AudioStream, samples: Samples) -> None:
    source = AudioFrame.from_ndarray(np.ascontiguousarray(samples, dtype=np.float32), "fltp", "stereo")
    source.sample_rate, source.pts, source.time_base = RATE, 0, Fraction(1, RATE)
    pieces = av.AudioResampler("fltp", "stereo", RATE, frame_size=1024)
    for frame in [*pieces.resample(source), *pieces.resample(None)]:
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))


def test_what_is_left_half_heard_leaves_no_file_open(tmp_path: Path) -> None:
    path = write(tmp_path, noise(10.0), format="mp3")
    reader = FFmpegReader(path, "mp3")
    before = times_open(path)
    for _ in range(3):
        blocks = reader.blocks(BLOCK)
        assert next(blocks).frames == BLOCK
        del blocks
    assert times_open(path) == before == 1
    reader.close()


def times_open(path: Path) -> int:
    """In this process, which may open and close other files meanwhile."""
    found = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found += descriptor.readlink() == path
    return found
