"""What differs, how much, and where: read at equal loudness, along the map."""

import numpy as np
import pytest

from server.difference.findings.tone import in_places, tone
from server.difference.measurements import measure_difference
from server.difference.places import REGIONS
from server.sound.third_octaves import CENTRES, NOMINAL
from tests.difference.studio import RATE, Studio, decibels, equalised, mixed


@pytest.mark.parametrize(("hertz", "db"), [(200, 1.0), (1000, -1.0), (4000, 1.0)])
def test_an_equaliser_of_one_decibel_in_one_third_octave_is_found_and_read(
    studio: Studio, hertz: float, db: float
) -> None:
    centre = CENTRES[NOMINAL.index(hertz)]
    made = studio.hear(f"{hertz} Hz {db:+g} dB", lambda: equalised(studio.song(), float(centre), db))
    difference = measure_difference(studio.base, made)
    assert difference.tone_db[NOMINAL.index(hertz)] == pytest.approx(db, abs=0.3)
    [finding] = tone(difference)
    assert finding.amount == pytest.approx(db, abs=0.3)
    assert finding.detail.startswith(f"{hertz} Hz")


def test_a_part_turned_up_by_two_decibels_for_eight_bars_is_found_at_its_place(studio: Studio) -> None:
    beat = 60 / 112
    start, end = 8 * beat, 40 * beat
    parts = studio.parts
    parts["bass"][round(start * RATE) : round(end * RATE)] *= decibels(2)
    difference = measure_difference(studio.base, studio.hear("bass up", lambda: mixed(parts)))
    low = [place for place in difference.places if REGIONS[place.region].low_hertz <= 60]
    assert all(place.db > 0 for place in low)
    assert min(place.start for place in low) == pytest.approx(start, abs=0.5)
    assert max(place.end for place in low) == pytest.approx(end, abs=0.5)
    loudest = max(low, key=lambda place: place.share)
    assert 1 < loudest.db < 2.2  # other parts sound in that region too
    [finding] = [f for f in in_places(difference) if f.weight >= 2]
    assert finding.kind == "louder"


def test_a_plain_gain_is_read_to_a_hundredth(studio: Studio) -> None:
    softer = studio.hear("softer", lambda: studio.song() * decibels(-3.7))
    difference = measure_difference(studio.base, softer)
    assert difference.matched_gain_db == pytest.approx(3.7, abs=0.01)
    assert np.abs(difference.tone_db).max() < 0.05
    assert difference.places == []


def test_a_wider_stereo_image_is_read(studio: Studio) -> None:
    song = studio.song()
    mid, side = song.mean(axis=1, keepdims=True), (song[:, :1] - song[:, 1:]) / 2
    wider = studio.hear("wider", lambda: np.concatenate((mid + 2 * side, mid - 2 * side), axis=1))
    before, after = measure_difference(studio.base, wider).width_db()
    assert after - before == pytest.approx(6.02, abs=0.1)


def test_the_null_of_a_copy_is_silent_whatever_its_gain_and_start(studio: Studio) -> None:
    copy = studio.hear("copy", lambda: studio.song()[4321:] * decibels(-2.5))
    null = measure_difference(studio.base, copy).null
    assert null is not None
    assert null.silent
    assert null.gain_db == pytest.approx(-2.5, abs=0.01)


def test_the_null_is_silent_but_where_a_note_was_mended(studio: Studio) -> None:
    parts = studio.parts
    parts["lead"][10 * RATE : 11 * RATE] *= 0
    null = measure_difference(studio.base, studio.hear("mended", lambda: mixed(parts))).null
    assert null is not None
    edited = (null.starts > 9.3) & (null.starts < 11.1)
    assert null.residual_db[edited].max() > -15
    assert null.residual_db[~edited].max() < -60


def test_other_sample_rates_have_no_null(studio: Studio) -> None:
    other = studio.hear("played too fast", lambda: studio.song(), rate=48000)
    assert measure_difference(studio.base, other).null is None
