"""A piece of a song, to the sample, without clicks."""

import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from server.sound.analysis import analyze
from server.sound.clips import FADE_MILLISECONDS, Piece, make_clip
from server.sound.errors import UnreadableAudio
from server.sound.facts import probe
from tests.sound.signals import RATE, clicks, noise, sine, write

FADE = round(FADE_MILLISECONDS / 1000 * RATE)


@pytest.mark.parametrize("format", ["wav16", "wav24", "flac", "aiff", "alac"])
def test_a_clip_is_exact_to_the_sample(tmp_path: Path, format: str) -> None:
    source = write(tmp_path, noise(8), format=format)
    make_clip(source, tmp_path / "clip.flac", Piece(2.5, 4.0001), "flac")
    clip, rate = soundfile.read(tmp_path / "clip.flac")
    if format != "alac":
        whole, _ = soundfile.read(source)
        expected = whole[round(2.5 * RATE) : round(4.0001 * RATE)]
        assert (rate, clip.shape) == (RATE, expected.shape)
        assert np.array_equal(clip[FADE:-FADE], expected[FADE:-FADE])
    assert len(clip) == round(4.0001 * RATE) - round(2.5 * RATE)


@pytest.mark.parametrize("format", ["mp3", "aac", "vorbis", "opus"])
def test_a_clip_of_a_lossy_file_is_from_the_right_place(tmp_path: Path, format: str) -> None:
    source = write(tmp_path, clicks([5.0], 8.0), format=format)
    make_clip(source, tmp_path / "clip.wav", Piece(4.9, 5.5))
    clip, _ = soundfile.read(tmp_path / "clip.wav")
    assert len(clip) == round(0.6 * RATE)
    assert abs(int(np.argmax(np.abs(clip[:, 0]))) - round(0.1 * RATE)) < 0.001 * RATE


def test_a_clip_begins_and_ends_in_silence(tmp_path: Path) -> None:
    make_clip(write(tmp_path, sine(50, 4, dbfs=-1)), tmp_path / "clip.wav", Piece(1.005, 2.005))
    clip, _ = soundfile.read(tmp_path / "clip.wav")
    assert np.abs(clip[[0, -1]]).max() < 0.01
    assert np.abs(np.diff(clip, axis=0)).max() < 0.02


def test_a_gain_is_what_was_asked(tmp_path: Path) -> None:
    source = write(tmp_path, sine(1000, 4, dbfs=-20))
    make_clip(source, tmp_path / "clip.wav", Piece(1, 3, gain_db=6.0))
    assert analyze(tmp_path / "clip.wav").loudness.sample_peak_dbfs == pytest.approx(-14.0, abs=0.02)


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("rate", [8000, 44100, 96000])
def test_an_mp3_clip_has_its_length_and_its_tone(tmp_path: Path, rate: int, channels: int) -> None:
    source = write(tmp_path, sine(440, 4, channels=channels, rate=rate), rate=rate)
    make_clip(source, tmp_path / "clip.mp3", Piece(1, 3), "mp3")
    facts = probe(tmp_path / "clip.mp3")
    assert facts.codec == "MP3"
    assert facts.duration == pytest.approx(2.0, abs=0.001)


def test_a_clip_past_the_end_is_cut_there_or_refused(tmp_path: Path) -> None:
    source = write(tmp_path, noise(3))
    make_clip(source, tmp_path / "clip.wav", Piece(2, 9))
    assert probe(tmp_path / "clip.wav").duration == 1.0
    with pytest.raises(UnreadableAudio, match="ends before"):
        make_clip(source, tmp_path / "none.wav", Piece(5, 9))


@pytest.mark.parametrize(("start", "end"), [(2.0, 2.0), (3.0, 2.0), (-1.0, 2.0), (0.0, 3600.0)])
def test_a_piece_that_makes_no_sense_is_refused(start: float, end: float) -> None:
    with pytest.raises(ValueError, match="A clip"):
        Piece(start, end)


@pytest.mark.parametrize("format", ["wav16", "flac"])
def test_a_clip_from_the_end_of_a_long_recording_is_as_quick_as_one_from_its_start(
    tmp_path: Path, format: str
) -> None:
    source = write(tmp_path, np.tile(noise(30, rate=8000, dbfs=-30), 120), format=format, rate=8000)
    assert probe(source).duration == 3600
    early, late = (_seconds_to_clip(source, start) for start in (1.0, 3590.0))
    assert late < 5 * early + 0.05


def _seconds_to_clip(source: Path, start: float) -> float:
    """Of the processor: what else the machine does is no cost of ours."""
    taken = []
    for _ in range(3):
        began = time.thread_time()
        make_clip(source, source.with_name("clip.wav"), Piece(start, start + 5))
        taken.append(time.thread_time() - began)
    return min(taken)
