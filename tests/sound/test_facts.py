"""What a file is, and how long, to the sample."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from server.sound.analysis import analyze
from server.sound.facts import probe
from tests.sound.signals import FORMATS, LOSSLESS, RATE, clicks, noise, sine, write

FRAMES = 3 * RATE + 1234  # no multiple of any codec's frame

EXPECTED = {
    "wav16": ("WAV", "PCM", 16),
    "wav24": ("WAV", "PCM", 24),
    "wav32": ("WAV", "PCM", 32),
    "wavfloat": ("WAV", "PCM float", 32),
    "aiff": ("AIFF", "PCM", 24),
    "flac": ("FLAC", "FLAC", 24),
    "vorbis": ("Ogg", "Vorbis", None),
    "alac": ("MP4", "ALAC", 24),
    "mp3": ("MP3", "MP3", None),
    "aac": ("MP4", "AAC", None),
    "adts": ("ADTS", "AAC", None),
    "opus": ("Ogg", "Opus", None),
}


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_told_by_its_content(tmp_path: Path, format: str) -> None:
    path = write(tmp_path, sine(440, 1), format=format).rename(tmp_path / "no-ending")
    facts = probe(path)
    assert (facts.container, facts.codec, facts.bit_depth) == EXPECTED[format]
    assert (facts.channels, facts.layout, facts.sample_rate) == (2, "stereo", RATE)


@pytest.mark.parametrize("format", [format for format in FORMATS if format != "adts"])
def test_durations_are_exact_to_the_sample(tmp_path: Path, format: str) -> None:
    path = write(tmp_path, noise(FRAMES / RATE), format=format)
    assert probe(path).frames == FRAMES
    assert analyze(path).facts.frames == FRAMES


def test_a_flac_that_grows_louder_is_looked_at_without_decoding_it(tmp_path: Path) -> None:
    """The last frame lies far from where the size of the others lets libFLAC look for it."""
    frames = 300 * 4096 + 3968
    path = write(tmp_path, np.linspace(0, 1, frames) ** 8 * noise(frames / RATE), format="flac")
    assert probe(path).frames == frames
    assert taken(lambda: probe(path)) < taken(lambda: soundfile.read(path)) / 2


def taken(work: Callable[[], object]) -> float:
    """Seconds of the processor, the least of five."""

    def once() -> float:
        began = time.thread_time()
        work()
        return time.thread_time() - began

    return min(once() for _ in range(5))


@pytest.mark.parametrize("rate", [22050, 44100, 48000])
def test_an_adts_stream_is_as_long_as_its_frames(tmp_path: Path, rate: int) -> None:
    """It has nowhere to say what its encoder put before and after: every frame counts, as in any player."""
    samples = noise(FRAMES / RATE, rate=rate)
    path = write(tmp_path, samples, format="adts", rate=rate)
    frames = 1024 * adts_frames(path.read_bytes())
    assert probe(path).frames == analyze(path).facts.frames == frames
    assert samples.shape[1] <= frames < samples.shape[1] + 3 * 1024


def adts_frames(stream: bytes) -> int:
    """Each header says where the next one is, and how many raw data blocks lie between."""
    at = frames = 0
    while at < len(stream):
        assert stream[at] == 0xFF
        frames += 1 + (stream[at + 6] & 3)
        at += (stream[at + 3] & 3) << 11 | stream[at + 4] << 3 | stream[at + 5] >> 5
    return frames


@pytest.mark.parametrize("format", [format for format in FORMATS if format != "adts"])
def test_a_click_is_where_it_was_put(tmp_path: Path, format: str) -> None:
    """Encoder delay is taken off: the click's loudest pixel is the one it was written into."""
    path = write(tmp_path, clicks([1.0, 2.0], 3.0), format=format)
    peaks = analyze(path).waveform.peaks[256][:, 1].astype(int)
    for second in (1, 2):
        pixel = second * RATE // 256
        assert abs(int(np.argmax(peaks[pixel - 20 : pixel + 21])) - 20) <= 1


@pytest.mark.parametrize(
    "rate", [8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 176400, 192000]
)
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_rates_from_8_to_192_khz_with_one_two_and_more_channels(
    tmp_path: Path, rate: int, channels: int
) -> None:
    samples = sine(997, 1.5, channels=channels, rate=rate)
    analysis = analyze(write(tmp_path, samples, format="flac", rate=rate))
    assert (analysis.facts.sample_rate, analysis.facts.channels) == (rate, channels)
    assert analysis.facts.frames == samples.shape[1]
    assert analysis.loudness.sample_peak_dbfs == pytest.approx(-20, abs=0.2)


def test_tags_are_read(tmp_path: Path) -> None:
    path = tmp_path / "tagged.flac"
    with soundfile.SoundFile(path, "w", samplerate=RATE, channels=2, format="FLAC") as file:
        file.title, file.artist = "Seeds", "The Band"
        file.write(sine(440, 1).T)
    assert probe(path).tags["title"] == "Seeds"
    assert probe(path).tags["artist"] == "The Band"


@pytest.mark.parametrize("format", LOSSLESS)
def test_lossless_formats_measure_the_same(tmp_path: Path, format: str) -> None:
    loudness = analyze(write(tmp_path, sine(1000, 4, dbfs=-23), format=format)).loudness
    assert loudness.integrated_lufs == pytest.approx(-23.0, abs=0.01)


def test_a_recording_of_nothing_has_no_loudness(tmp_path: Path) -> None:
    analysis = analyze(write(tmp_path, np.zeros((2, RATE * 4))))
    assert analysis.loudness.integrated_lufs is None
    assert analysis.loudness.true_peak_dbtp is None
    assert analysis.loudness.silence_at_start == 4.0


def test_infinities_and_not_a_numbers_in_a_float_file_do_no_harm(tmp_path: Path) -> None:
    samples = sine(1000, 2)
    samples[0, 1000:1003] = np.nan, np.inf, -np.inf
    analysis = analyze(write(tmp_path, samples, format="wavfloat"))
    assert analysis.loudness.integrated_lufs is not None
