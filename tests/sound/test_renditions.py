"""What listeners are given sounds the same and stays in time."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from server.sound.analysis import analyze
from server.sound.errors import UnreadableAudio
from server.sound.facts import probe
from server.sound.reading import open_audio
from server.sound.renditions import make_lossless, make_opus, make_small, plays_in_browsers
from tests.sound.signals import FORMATS, RATE, Samples, clicks, music, noise, sine, write

Make = Callable[[Path, Path], None]
CLICKS = [0.0, 1.0, 30.0, 59.5, 60.0]


def samples_of(path: Path) -> Samples:
    with open_audio(path) as reader:
        return np.concatenate([block.samples for block in reader.blocks(48000)], axis=1).astype(np.float64)


def seconds_of_clicks(path: Path) -> list[float]:
    """Where the clicks of CLICKS are, each by the best match with the click as it was made."""
    samples, rate = samples_of(path)[0], probe(path).sample_rate
    click = clicks([0.0], 0.006, channels=1, rate=rate)[0]
    found = []
    for time in CLICKS:
        first = max(0, round((time - 0.02) * rate))
        part = samples[first : first + round(0.05 * rate)]
        found.append((first + int(np.argmax(np.correlate(part, click, mode="valid")))) / rate)
    return found


@pytest.mark.parametrize("make", [make_lossless, make_small, make_opus])
@pytest.mark.parametrize(
    ("format", "rate"),
    [("wav16", 44100), ("wav24", 96000), ("alac", 44100), ("mp3", 44100), ("aac", 48000), ("opus", 48000)],
)  # fmt: skip
def test_second_60_stays_second_60_within_a_millisecond(
    tmp_path: Path, format: str, rate: int, make: Make
) -> None:
    source = write(tmp_path, clicks(CLICKS, 61.0, channels=1, rate=rate), format=format, rate=rate)
    target = tmp_path / "rendition"
    make(source, target)
    assert seconds_of_clicks(target) == pytest.approx(CLICKS, abs=0.001)
    assert probe(target).duration == pytest.approx(61.0, abs=0.0001)


@pytest.mark.parametrize("format", ["wav16", "wav24", "aiff", "flac", "alac"])
def test_the_lossless_rendition_has_the_very_same_samples(tmp_path: Path, format: str) -> None:
    source = write(tmp_path, noise(3.3), format=format)
    make_lossless(source, tmp_path / "a.flac")
    assert np.array_equal(samples_of(tmp_path / "a.flac"), samples_of(source))
    assert probe(tmp_path / "a.flac").bit_depth == probe(source).bit_depth


def test_float_becomes_24_bit_and_what_is_over_full_scale_is_clipped(tmp_path: Path) -> None:
    source = write(tmp_path, sine(440, 2, dbfs=3), format="wavfloat")
    make_lossless(source, tmp_path / "a.flac")
    assert probe(tmp_path / "a.flac").bit_depth == 24
    assert np.abs(samples_of(tmp_path / "a.flac") - np.clip(samples_of(source), -1, 1)).max() < 2**-22


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("rate", [8000, 11025, 44100, 48000, 88200, 192000])
def test_the_small_rendition_is_aac_that_phones_play(tmp_path: Path, rate: int, channels: int) -> None:
    source = write(tmp_path, sine(440, 3, channels=channels, rate=rate), format="flac", rate=rate)
    make_small(source, tmp_path / "a.m4a")
    facts = probe(tmp_path / "a.m4a")
    assert (facts.container, facts.codec) == ("MP4", "AAC")
    assert facts.channels == min(channels, 2)
    assert facts.sample_rate <= 48000
    assert facts.duration == pytest.approx(3.0, abs=0.0001)
    content = (tmp_path / "a.m4a").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # plays before it has all arrived


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("rate", [8000, 11025, 44100, 192000])
def test_the_opus_rendition_is_ogg_opus(tmp_path: Path, rate: int, channels: int) -> None:
    source = write(tmp_path, sine(440, 3, channels=channels, rate=rate), format="flac", rate=rate)
    make_opus(source, tmp_path / "a.opus")
    facts = probe(tmp_path / "a.opus")
    assert (facts.container, facts.codec) == ("Ogg", "Opus")
    assert (facts.channels, facts.sample_rate) == (min(channels, 2), 48000)
    assert facts.duration == pytest.approx(3.0, abs=0.0001)


def test_made_twice_the_opus_rendition_is_the_same_file(tmp_path: Path) -> None:
    source = write(tmp_path, music(30), rate=44100)
    for name in ("a.opus", "b.opus"):
        make_opus(source, tmp_path / name)
    assert (tmp_path / "a.opus").read_bytes() == (tmp_path / "b.opus").read_bytes()


@pytest.mark.parametrize(("make", "most"), [(make_small, 180), (make_opus, 150)])
def test_a_small_rendition_is_small_and_as_loud(tmp_path: Path, make: Make, most: int) -> None:
    source = write(tmp_path, music(30), rate=44100)
    make(source, tmp_path / "a.m4a")
    kilobits = (tmp_path / "a.m4a").stat().st_size * 8 / 30 / 1000
    assert kilobits < most
    before, after = analyze(source).loudness, analyze(tmp_path / "a.m4a").loudness
    # These drums are white noise, and AAC leaves out what is above 16 kHz.
    assert after.integrated_lufs == pytest.approx(before.integrated_lufs, abs=0.5)


@pytest.mark.parametrize("make", [make_small, make_opus])
def test_progress_is_told_and_ends_at_one(tmp_path: Path, make: Callable[..., None]) -> None:
    told: list[float] = []
    make(write(tmp_path, noise(10)), tmp_path / "a.m4a", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_source_that_breaks_leaves_no_half_rendition(tmp_path: Path) -> None:
    content = write(tmp_path, noise(4), format="flac").read_bytes()
    (tmp_path / "cut.flac").write_bytes(content[: len(content) // 2])
    for make in (make_lossless, make_small, make_opus):
        with pytest.raises(UnreadableAudio):
            make(tmp_path / "cut.flac", tmp_path / "target")
        assert not (tmp_path / "target").exists()


@pytest.mark.parametrize("format", FORMATS)
def test_which_originals_browsers_play(tmp_path: Path, format: str) -> None:
    facts = probe(write(tmp_path, sine(440, 1), format=format))
    assert plays_in_browsers(facts) is (format not in ("aiff", "alac"))


def test_surround_and_192_khz_get_a_rendition(tmp_path: Path) -> None:
    assert not plays_in_browsers(probe(write(tmp_path, sine(440, 1, channels=6))))
    assert not plays_in_browsers(probe(write(tmp_path, sine(440, 1, rate=192000), rate=192000)))
    double = tmp_path / "double.wav"
    soundfile.write(double, sine(440, 1).T, RATE, subtype="DOUBLE")
    assert not plays_in_browsers(probe(double))
