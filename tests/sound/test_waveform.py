"""The waveform is what BBC audiowaveform would have written."""

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from server.sound.analysis import analyze
from server.sound.waveform import LEVELS, read_dat
from tests.sound.signals import RATE, music, noise, write


def by_the_documented_rule(shorts: NDArray[np.int16], level: int) -> bytes:
    """audiowaveform -z LEVEL -b 8, one sample after the other, in plain integers.

    Channels are added and divided by their number, minimum and maximum by 256; C++ truncates both.
    """

    def divided(value: int, by: int) -> int:
        return abs(value) // by * (1 if value >= 0 else -1)

    mono = [divided(sum(frame), shorts.shape[1]) for frame in shorts.tolist()]
    pixels = [mono[start : start + level] for start in range(0, len(mono), level)]
    peaks = [divided(peak, 256) for pixel in pixels for peak in (min(pixel), max(pixel))]
    header = struct.pack("<iIiiIi", 2, 1, RATE, level, len(pixels), 1)
    return header + struct.pack(f"{len(peaks)}b", *peaks)


@pytest.mark.parametrize("level", LEVELS[:4])
@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize("format", ["wav16", "wav24", "flac"])
def test_dat_is_bit_identical_for_wav_and_flac(
    tmp_path: Path, format: str, channels: int, level: int
) -> None:
    path = write(tmp_path, noise(3.21, channels=channels, dbfs=-9), format=format)
    shorts, _ = soundfile.read(
        path, dtype="int16", always_2d=True
    )  # what audiowaveform reads: sf_readf_short
    assert analyze(path).waveform.to_dat(level) == by_the_documented_rule(shorts, level)


def test_dat_is_within_one_unit_for_float(tmp_path: Path) -> None:
    path = write(tmp_path, noise(3.0, dbfs=-3), format="wavfloat")
    floats, _ = soundfile.read(path, dtype="float32")
    shorts = np.clip(floats * np.float32(32767), -32768, 32767).astype(np.int16)
    _, _, ours = read_dat(analyze(path).waveform.to_dat(256))
    _, _, theirs = read_dat(by_the_documented_rule(shorts, 256))
    assert np.abs(ours.astype(int) - theirs).max() <= 1


def test_every_level_pools_the_one_below(tmp_path: Path) -> None:
    waveform = analyze(write(tmp_path, music(20.0, rate=RATE))).waveform
    assert waveform.levels == LEVELS
    for level in LEVELS:
        rate, samples_per_pixel, peaks = read_dat(waveform.to_dat(level))
        assert (rate, samples_per_pixel, len(peaks)) == (RATE, level, -(-20 * RATE // level))
        assert peaks[:, 0].min() == waveform.peaks[256][:, 0].min()
        assert peaks[:, 1].max() == waveform.peaks[256][:, 1].max()


def test_a_very_short_sound_has_a_waveform(tmp_path: Path) -> None:
    waveform = analyze(write(tmp_path, noise(0.001))).waveform
    assert waveform.levels == (256,)
    assert len(waveform.peaks[256]) == 1


def test_a_file_that_is_no_dat_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="version 2"):
        read_dat(bytes(100))
