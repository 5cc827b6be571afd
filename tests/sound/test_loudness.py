"""Loudness agrees with the references everybody uses, and full scale is watched closely."""

from pathlib import Path

import numpy as np
import pyebur128
import pytest
import soundfile

from server.sound.analysis import analyze
from server.sound.facts import probe
from server.sound.renditions import make_small
from tests.sound.references import ffmpeg_loudness, libebur128
from tests.sound.signals import RATE, Samples, music, noise, silence, sine, write

# Dynamic, dense, quiet, and hot enough to go over between the samples; other rates as well.
RECORDINGS = {
    "song": (music(40), 44100),
    "song at 48": (music(35, rate=48000, seed=3), 48000),
    "crushed": (np.clip(music(30) * 6, -0.97, 0.97), 44100),
    "quiet": (music(30, seed=5) * 0.05, 44100),
    "at 96": (music(20, rate=96000), 96000),
    "at 22": (music(40, rate=22050), 22050),
    "mono": (music(30)[:1], 44100),
}


@pytest.fixture(params=RECORDINGS)
def recording(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    samples, rate = RECORDINGS[request.param]
    return write(tmp_path, samples, format="wavfloat", rate=rate)


def test_ffmpeg_agrees_within_a_tenth(recording: Path) -> None:
    integrated, range_lu = ffmpeg_loudness(recording)
    loudness = analyze(recording).loudness
    assert loudness.integrated_lufs == pytest.approx(integrated, abs=0.1)
    assert loudness.range_lu == pytest.approx(range_lu, abs=0.1)


def test_libebur128_agrees_within_a_hundredth(recording: Path) -> None:
    state, samples = libebur128(recording)
    loudness = analyze(recording).loudness
    assert loudness.integrated_lufs == pytest.approx(pyebur128.get_loudness_global(state), abs=0.01)
    assert loudness.range_lu == pytest.approx(pyebur128.get_loudness_range(state), abs=0.5)
    if soundfile.info(recording).samplerate < 96000:  # above, libebur128 oversamples by two only
        channels = range(samples.shape[1])
        peak = max(pyebur128.get_true_peak(state, channel) for channel in channels)
        assert loudness.true_peak_dbtp == pytest.approx(20 * np.log10(peak), abs=0.01)


def test_a_wav_header_says_which_channel_is_the_low_frequency_one(tmp_path: Path) -> None:
    """Four channels are usually quad; here the mask names left, right, centre and LFE, which does not count."""
    samples = np.concatenate(
        (sine(1000, 5, channels=2), silence(5, channels=1), sine(1000, 5, dbfs=0, channels=1))
    )
    path = tmp_path / "surround.wav"
    soundfile.write(path, samples.T, RATE, subtype="PCM_24", format="WAVEX")
    content = bytearray(path.read_bytes())
    content[40:44] = (0b1111).to_bytes(4, "little")
    path.write_bytes(content)
    analysis = analyze(path)
    assert analysis.facts.layout == "FL+FR+FC+LFE"
    assert analysis.loudness.integrated_lufs == pytest.approx(-20.0, abs=0.1)
    make_small(path, tmp_path / "small.m4a")
    assert probe(tmp_path / "small.m4a").layout == "stereo"


def test_ratios_of_peak_to_loudness(tmp_path: Path) -> None:
    loudness = analyze(write(tmp_path, sine(1000, 10, dbfs=-20))).loudness
    assert loudness.plr_db == pytest.approx(0.0, abs=0.1)
    assert loudness.psr_db == pytest.approx(0.0, abs=0.1)


def test_clipped_samples_are_counted_and_placed(tmp_path: Path) -> None:
    samples = sine(100, 3, dbfs=-6)
    samples[0, RATE : RATE + 7] = 1.0
    samples[1, 2 * RATE : 2 * RATE + 2] = -1.0  # two are a peak, not clipping
    loudness = analyze(write(tmp_path, samples)).loudness
    assert loudness.clipped_samples == 7
    [(begin, end)] = loudness.clips
    assert begin == 1.0
    assert end == pytest.approx(1.0 + 7 / RATE)


@pytest.mark.parametrize("length", [60_000, 70_000, 200_000])
def test_clipping_across_blocks_is_one_run(tmp_path: Path, length: int) -> None:
    samples = sine(100, 6, dbfs=-6)
    samples[0, 50_000 : 50_000 + length] = 1.0
    loudness = analyze(write(tmp_path, samples)).loudness
    assert (loudness.clipped_samples, len(loudness.clips)) == (length, 1)


def test_overs_between_the_samples_are_placed(tmp_path: Path) -> None:
    samples = silence(4)
    burst = sine(RATE / 4, 0.1, dbfs=1.0, degrees=45)  # its samples reach -2 dBFS only
    samples[:, 2 * RATE : 2 * RATE + burst.shape[1]] = burst * np.hanning(burst.shape[1])
    loudness = analyze(write(tmp_path, samples)).loudness
    assert loudness.sample_peak_dbfs is not None and loudness.sample_peak_dbfs < -1.5
    assert loudness.true_peak_dbtp == pytest.approx(1.0, abs=0.2)
    assert len(loudness.overs) == 1
    start, end = loudness.overs[0]
    assert 2.0 < start < 2.05 < end < 2.1


def test_lossy_files_are_decoded_to_float_so_that_overs_survive(tmp_path: Path) -> None:
    hot = np.clip(noise(5.0, dbfs=0), -1, 1)
    for format in ("mp3", "aac"):
        assert (analyze(write(tmp_path, hot, format=format)).loudness.true_peak_dbtp or 0) > 1.0


def test_dc_offset_and_digital_silence_are_read_back(tmp_path: Path) -> None:
    samples = np.concatenate((silence(0.5), noise(2, dbfs=-30) + 0.05, silence(1.25)), axis=1)
    loudness = analyze(write(tmp_path, samples, format="wav24")).loudness
    assert loudness.dc_offset == pytest.approx([0.05 * 2 / 3.75] * 2, abs=0.001)
    assert loudness.silence_at_start == 0.5
    assert loudness.silence_at_end == 1.25


def test_json_never_holds_an_infinity(tmp_path: Path) -> None:
    samples: Samples = np.concatenate((sine(1000, 5), silence(8), sine(1000, 5)), axis=1)
    described = analyze(write(tmp_path, samples)).loudness.to_json()
    assert None in described["short_term_lufs"]
    assert all(value is None or value > -200 for value in described["short_term_lufs"])
