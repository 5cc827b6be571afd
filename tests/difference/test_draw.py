"""The picture of more and less, read back against what was done."""

import json
from typing import Any

import numpy as np
import pytest

from server.difference.measurements import measure_difference
from server.difference.picture import BANDS, COLUMNS, draw, step_for
from tests.difference.studio import RATE, Audio, Studio, decibels, mixed

BEAT = 60 / 112
FIRST, LAST = 8 * BEAT, 40 * BEAT  # eight bars


def picture(studio: Studio, name: str, made: Audio) -> dict[str, Any]:
    drawn: dict[str, Any] = draw(measure_difference(studio.base, studio.hear(name, lambda: made))).to_json()
    json.dumps(drawn, allow_nan=False)
    return drawn


def band(drawn: dict[str, Any], key: str) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """(columns,): not-a-number for null."""
    [found] = [each for each in drawn["bands"] if each["key"] == key]
    return np.array(found["db"], dtype=np.float64)


def filtered(song: Audio, low: float, high: float, db: float) -> Audio:
    """A gain for one band, from FIRST to LAST; its edges lie between third octaves."""
    low, high = low / 10**0.05, high / 10**0.05
    hertz = np.fft.rfftfreq(len(song), 1 / RATE)
    inside = (
        1
        / (1 + np.exp(-np.log2(np.maximum(hertz, 1) / low) * 24))
        / (1 + np.exp(np.log2(np.maximum(hertz, 1) / high) * 24))
    )
    gain = 1 + (decibels(db) - 1) * inside
    changed = np.fft.irfft(np.fft.rfft(song, axis=0) * gain[:, None], len(song), axis=0)
    times = np.arange(len(song)) / RATE
    during = np.clip(np.minimum(times - FIRST, LAST - times) / 0.01 + 0.5, 0, 1)[:, None]
    return np.asarray(song * (1 - during) + changed * during, dtype=np.float32)


@pytest.mark.parametrize(("key", "db"), [("mids", 2.0), ("low-end", 2.0), ("presence", -2.0)])
def test_two_decibels_in_one_band_for_eight_bars_are_read_back(studio: Studio, key: str, db: float) -> None:
    chosen = next(each for each in BANDS if each.key == key)
    drawn = picture(studio, f"{key} {db:+g}", filtered(studio.song(), chosen.from_hz, chosen.to_hz, db))
    columns = band(drawn, key)
    times = (np.arange(len(columns)) + 0.5) * drawn["step"]
    inside = (times > FIRST + 0.5) & (times < LAST - 0.5)
    before, after = times < FIRST - 0.5, times > LAST + 0.5
    elsewhere = float(np.nanmedian(columns[before | after]))

    assert np.nanmedian(columns[inside]) - elsewhere == pytest.approx(db, abs=0.3)
    assert np.nanmax(np.abs(columns[before] - elsewhere)) < 0.5
    # At equal loudness a song with one band more is turned down, so everything else is a little less.
    assert abs(elsewhere) < 1.2
    for other in BANDS:
        if other.key != key:
            assert abs(np.nanmedian(band(drawn, other.key)[inside]) - elsewhere) < 0.6


def test_a_copy_is_a_flat_picture_and_so_is_one_turned_down(studio: Studio) -> None:
    # What is kept has steps of 0.1 dB, and where the copy is turned down, some fall on the other side of an edge.
    for name, gain, step in (("song", 1.0, 0.0), ("softer", decibels(-3.7), 0.1)):
        drawn = picture(studio, name, studio.song() * gain)
        for values in (*(each["db"] for each in drawn["bands"]), drawn["level_db"], drawn["width_db"]):
            numbers = np.array(values, dtype=np.float64)
            assert np.nanmax(np.abs(numbers)) < 0.06 + step
            assert np.count_nonzero(np.isnan(numbers)) < 0.1 * len(numbers)


def test_a_part_of_the_song_turned_up_shows_in_its_level(studio: Studio) -> None:
    song = studio.song()
    song[round(FIRST * RATE) : round(LAST * RATE)] *= decibels(2)
    drawn = picture(studio, "eight bars up", song)
    level = np.array(drawn["level_db"], dtype=np.float64)
    times = (np.arange(len(level)) + 0.5) * drawn["step"]
    inside = (times > FIRST + 0.5) & (times < LAST - 0.5)
    assert np.median(level[inside]) - np.nanmedian(level[times < FIRST - 0.5]) == pytest.approx(2.0, abs=0.05)


def test_what_was_cut_has_no_columns(studio: Studio) -> None:
    song = studio.song()
    drawn = picture(studio, "cut of four seconds", np.concatenate((song[: 8 * RATE], song[12 * RATE :])))
    times = (np.arange(len(drawn["level_db"])) + 0.5) * drawn["step"]
    assert len(times) == pytest.approx(len(song) / RATE / drawn["step"], abs=1)
    for values in (*(each["db"] for each in drawn["bands"]), drawn["level_db"], drawn["width_db"]):
        empty = np.isnan(np.array(values, dtype=np.float64))
        assert empty[(times > 8.2) & (times < 11.8)].all()
    heard = ~np.isnan(np.array(drawn["level_db"], dtype=np.float64))
    assert heard[(times < 7.5) | ((times > 12.5) & (times < 25))].all()


def test_a_wider_image_shows_in_its_width(studio: Studio) -> None:
    song = studio.song()
    mid, side = song.mean(axis=1, keepdims=True), (song[:, :1] - song[:, 1:]) / 2
    drawn = picture(studio, "twice as wide", np.concatenate((mid + 2 * side, mid - 2 * side), axis=1))
    assert np.nanmedian(np.array(drawn["width_db"], dtype=np.float64)) == pytest.approx(6.02, abs=0.2)
    mono = studio.hear("one channel", lambda: song.mean(axis=1, keepdims=True))
    flat = draw(measure_difference(mono, mono)).to_json()["width_db"]
    assert {value for value in flat if value is not None} == {0.0}


def test_silence_against_silence_is_no_number(studio: Studio) -> None:
    quiet = studio.hear("nothing", lambda: np.zeros((5 * RATE, 2), dtype=np.float32))
    drawn = draw(measure_difference(quiet, quiet)).to_json()
    assert {value for each in drawn["bands"] for value in each["db"]} == {None}
    assert set(drawn["level_db"]) == set(drawn["width_db"]) == {None}


@pytest.mark.parametrize("seconds", [0.3, 30.0, 299.0, 301.0, 600.0, 3 * 3600.0, 6 * 3600.0])
def test_however_long_it_is_it_fits_a_screen(seconds: float) -> None:
    step = step_for(seconds)
    assert step >= 0.25
    assert seconds / step <= COLUMNS
    assert step == 0.25 or seconds / (step - 0.05) > COLUMNS - 1


def test_every_third_octave_is_in_one_band() -> None:
    shares = np.sum([each.third_octaves for each in BANDS], axis=0)
    assert shares.tolist() == [1] * 30


def test_another_take_is_smoothed_to_what_lasts(studio: Studio) -> None:
    from tests.difference.studio import play, steady

    parts = play(steady(117), take=1)
    drawn = picture(studio, "played again", mixed(parts))
    level = np.array(drawn["level_db"], dtype=np.float64)
    assert np.count_nonzero(~np.isnan(level)) > 0.7 * len(level)
    assert np.nanpercentile(np.abs(np.diff(level)), 95) < 2
