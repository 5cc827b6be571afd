"""Tone and space over time, each read back from a signal that was made with it."""

from pathlib import Path

import numpy as np
import pytest

from server.sound.analysis import analyze
from server.sound.features import Features
from server.sound.third_octaves import CENTRES, NOMINAL
from tests.sound.signals import RATE, Samples, clicks, music, noise, silence, sine, write

SINE_DB = -3.01  # the mean square of a full-scale sine


def features_of(folder: Path, samples: Samples, rate: int = RATE) -> Features:
    return analyze(write(folder, samples, format="wavfloat", rate=rate)).features


def coloured(seconds: float, db_per_octave: float) -> Samples:
    """Noise whose third-octave levels change by ``db_per_octave``."""
    spectrum = np.fft.rfft(noise(seconds, dbfs=0))
    hertz = np.fft.rfftfreq(round(seconds * RATE), 1 / RATE)
    gains = np.zeros_like(hertz)
    gains[hertz > 20] = 10 ** ((db_per_octave - 3.01) * np.log2(hertz[hertz > 20] / 1000) / 20)
    shaped: Samples = np.fft.irfft(spectrum * gains)
    return 0.05 * shaped / float(shaped.std())


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("band", range(0, 30, 3))
def test_a_pure_tone_has_its_level_in_its_third_octave(tmp_path: Path, band: int, rate: int) -> None:
    features = features_of(tmp_path, sine(float(CENTRES[band]), 3, dbfs=-17, rate=rate), rate)
    steady = features.mid_db[4:-4]
    assert steady[:, band] == pytest.approx(-17 + SINE_DB, abs=0.2)
    assert np.delete(steady, band, axis=1).max() < -40


def test_a_tone_off_the_centre_is_still_in_its_band(tmp_path: Path) -> None:
    for hertz, band in ((27.0, 0), (960.0, 16), (1050.0, 16), (5500.0, 23)):
        steady = features_of(tmp_path, sine(hertz, 3, dbfs=-17)).mid_db[4:-4]
        assert steady[:, band] == pytest.approx(-17 + SINE_DB, abs=0.5), NOMINAL[band]


@pytest.mark.parametrize("slope", [-6.0, -3.0, 0.0, 3.0])
def test_a_known_tilt_is_read_back(tmp_path: Path, slope: float) -> None:
    features = features_of(tmp_path, coloured(8, slope))
    assert features.tilt_db_per_octave().mean() == pytest.approx(slope, abs=0.2)


def test_a_known_pan_is_read_back(tmp_path: Path) -> None:
    samples = noise(4, channels=1)
    panned = np.concatenate((samples, samples * 10 ** (-6 / 20)))
    features = features_of(tmp_path, panned)
    assert features.balance_cdb / 100 == pytest.approx(-6.0, abs=0.05)
    assert features.correlation / 100 == pytest.approx(1.0, abs=0.01)
    expected = 20 * np.log10((1 - 10 ** (-6 / 20)) / (1 + 10 ** (-6 / 20)))
    bands = slice(10, 30)
    measured = (features.side_db - features.mid_db)[4:-4, bands].mean()
    assert measured == pytest.approx(expected, abs=0.05)


def test_a_phase_flip_is_read_back(tmp_path: Path) -> None:
    samples = noise(4, channels=1)
    features = features_of(tmp_path, np.concatenate((samples, -samples)))
    assert features.correlation / 100 == pytest.approx(-1.0, abs=0.01)
    assert features.mid_db.max() <= -119
    assert features.low_end_in_mono() == pytest.approx(0.0, abs=1e-6)


def test_a_mono_fold_is_read_back(tmp_path: Path) -> None:
    wide = noise(4)
    folded = np.tile(wide.mean(axis=0), (2, 1))
    assert features_of(tmp_path, wide).correlation.mean() / 100 == pytest.approx(0.0, abs=0.03)
    assert features_of(tmp_path, wide).low_end_in_mono().mean() == pytest.approx(0.5, abs=0.05)
    features = features_of(tmp_path, folded)
    assert features.correlation / 100 == pytest.approx(1.0, abs=0.01)
    assert features.side_db.max() <= -119
    assert features.low_end_in_mono() == pytest.approx(1.0, abs=1e-6)


def test_one_channel_is_all_mid(tmp_path: Path) -> None:
    features = features_of(tmp_path, sine(1000, 3, channels=1))
    assert features.side_db.max() <= -119
    assert features.mid_db[4:-4, 16] == pytest.approx(-20 + SINE_DB, abs=0.05)
    assert features.correlation.min() == 100


def test_the_centroid_and_the_crest_of_a_tone(tmp_path: Path) -> None:
    features = features_of(tmp_path, sine(1000, 3))
    assert features.centroid_hz()[4:-4] == pytest.approx(1000, rel=0.01)
    assert features.crest_cdb[1:-1] / 100 == pytest.approx(-SINE_DB, abs=0.05)


@pytest.mark.parametrize("band", [3, 12, 24])
def test_levels_are_where_they_were_played(tmp_path: Path, band: int) -> None:
    """A tone from second 4 to second 6: the row 0.5 s inside has it, the row 0.5 s outside has not."""
    tone = sine(float(CENTRES[band]), 2)
    levels = features_of(tmp_path, np.concatenate((silence(4), tone, silence(2)), axis=1)).mid_db[:, band]
    assert levels[[45, 50, 54]] == pytest.approx(-20 + SINE_DB, abs=0.2)
    assert levels[[30, 34, 65, 70]].max() < -70
    rising = int(np.argmax(levels > -26))
    falling = len(levels) - int(np.argmax(levels[::-1] > -26))
    assert (rising + falling) / 2 == pytest.approx(50, abs=0.6)


def test_onsets_are_within_ten_milliseconds(tmp_path: Path) -> None:
    times = [1.0, 1.7, 2.345, 3.1]
    onsets = features_of(tmp_path, clicks(times, 4.0) + noise(4.0, dbfs=-60)).onsets.astype(float)
    for time in times:
        around = onsets[round(time * 100) - 10 : round(time * 100) + 11]
        assert abs(int(np.argmax(around)) - 10) <= 1


def test_chroma_names_the_note(tmp_path: Path) -> None:
    for hertz, pitch_class in ((110.0, 9), (261.63, 0), (392.0, 7)):
        chroma = features_of(tmp_path, sine(hertz, 3)).chroma[4:-4]
        assert (chroma.argmax(axis=1) == pitch_class).all()


def test_what_is_kept_is_small_and_comes_back_whole(tmp_path: Path) -> None:
    features = features_of(tmp_path, music(60, rate=RATE))
    kept = features.to_bytes()
    assert len(kept) < 100_000
    again = Features.from_bytes(kept)
    for name, array in vars(features).items():
        assert np.array_equal(getattr(again, name), array)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 32000, 88200, 192000])
def test_every_rate_has_a_row_each_100_ms(tmp_path: Path, rate: int) -> None:
    features = features_of(tmp_path, sine(400, 3.25, rate=rate), rate)
    assert len(features.mid_cdb) == len(features.chroma) == len(features.correlation) == 33
    assert len(features.onsets) == 330
    assert features.mid_db[4:-5, 12] == pytest.approx(-20 + SINE_DB, abs=0.2)


def test_surround_is_folded_to_two(tmp_path: Path) -> None:
    samples = np.zeros((6, 3 * RATE))
    samples[2] = sine(1000, 3, channels=1)[0]  # the centre
    features = features_of(tmp_path, samples)
    assert features.mid_db[4:-4, 16] == pytest.approx(-20 + SINE_DB - 3.01, abs=0.05)
    assert features.side_db.max() <= -100


def test_a_summary_of_silence_is_empty(tmp_path: Path) -> None:
    described = analyze(write(tmp_path, silence(3))).to_json()
    assert described["tone"] == []
    assert described["tempo"] is described["key"] is described["centroid_hz"] is None
