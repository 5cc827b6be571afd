"""What differs, how much, and where: read at equal loudness, along the map."""

import numpy as np
import pytest

from server.difference.aligned import align
from server.difference.decays import find_decay
from server.difference.findings.tone import in_places, tone
from server.difference.line import Line
from server.difference.measurements import measure_difference
from server.difference.places import REGIONS
from server.difference.time_map import TimeMap
from server.sound.third_octaves import CENTRES, NOMINAL
from tests.difference.studio import RATE, Audio, Studio, decibels, equalised, mixed


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


def test_two_bands_of_one_region_moved_the_same_way_are_one_finding(studio: Studio) -> None:
    low, high = (float(CENTRES[NOMINAL.index(hertz)]) for hertz in (630, 1600))
    made = studio.hear("630 and 1600 Hz", lambda: equalised(equalised(studio.song(), low, 2), high, 2))
    [finding] = tone(measure_difference(studio.base, made))
    assert finding.plain == "The middle is a little louder throughout."
    assert finding.detail.startswith("630 Hz and 1600 Hz: ")
    assert finding.amount == pytest.approx(2, abs=0.4)


@pytest.mark.parametrize(
    ("part", "hertz", "db"),
    [("bass", 100, 1.0), ("bass", 200, -1.0), ("lead", 1000, 1.0), ("lead", 500, -1.0)],
)
def test_it_is_read_where_few_notes_lie_in_the_band_and_many_beside_it(
    studio: Studio, part: str, hertz: float, db: float
) -> None:
    centre = float(CENTRES[NOMINAL.index(hertz)])
    before = studio.hear(part, lambda: studio.parts[part])
    after = studio.hear(f"{part} {hertz} {db}", lambda: equalised(studio.parts[part], centre, db))
    difference = measure_difference(before, after)
    # Half of so little music lies in the band: at equal loudness the rest gives way.
    level = difference.tone_db[NOMINAL.index(hertz)] - difference.matched_gain_db
    assert level == pytest.approx(db, abs=0.1)
    assert any(finding.amount == pytest.approx(db, abs=0.1) for finding in tone(difference))


def test_a_longer_room_is_told_by_how_it_rings_after_stops(studio: Studio) -> None:
    def in_a_room(seconds: float) -> Audio:
        rng = np.random.default_rng(12)
        song = np.zeros((20 * RATE, 1), dtype=np.float32)
        decay = 10 ** (-3 * np.arange(3 * RATE) / (seconds * RATE))
        for start in range(0, 17 * RATE, 3 * RATE):
            song[start : start + 3 * RATE, 0] += (0.2 * rng.standard_normal(3 * RATE) * decay).astype(
                np.float32
            )
        return song

    short, long = (studio.hear(f"room {seconds}", lambda s=seconds: in_a_room(s)) for seconds in (0.8, 1.6))  # type: ignore[misc]
    features = short.analysis.features, long.analysis.features
    aligned = align(short, long, TimeMap((Line(0, 20, 0, 20, 1.0),), 1.0, 20, 20))
    assert len(features[0].mid_cdb) == len(features[1].mid_cdb)
    decay = find_decay(aligned)
    assert decay is not None
    assert decay.stops >= 4
    assert (decay.before, decay.now) == pytest.approx((0.8, 1.6), rel=0.15)


def test_music_without_stops_tells_no_room(studio: Studio) -> None:
    assert measure_difference(studio.base, studio.base).decay is None


def test_the_part_of_the_spectrum_that_lost_its_peaks_is_told(studio: Studio) -> None:
    parts = studio.parts
    parts["drums"] *= 3
    loud = mixed(parts)
    low = _below(loud, 200)
    squashed = studio.hear("squashed low end", lambda: loud - low + 0.2 * np.tanh(low / 0.2))
    difference = measure_difference(studio.hear("loud drums", lambda: loud), squashed)
    crest = difference.crest_by_region
    assert crest is not None
    low_end = [region.name for region in REGIONS].index("low end")
    assert crest[low_end] < -1.5
    assert np.abs(crest[3:]).max() < 0.5


def _below(samples: Audio, hertz: float) -> Audio:
    spectrum = np.fft.rfft(samples, axis=0)
    spectrum[np.fft.rfftfreq(len(samples), 1 / RATE) > hertz] = 0
    return np.fft.irfft(spectrum, len(samples), axis=0).astype(np.float32)


def test_the_null_is_told_by_bars_where_the_tempo_is_known(studio: Studio) -> None:
    parts = studio.parts
    parts["lead"][10 * RATE : 11 * RATE] *= 0
    null = measure_difference(studio.base, studio.hear("mended", lambda: mixed(parts))).null
    assert null is not None
    starts, residuals = null.by_bar(112)
    assert np.diff(starts) == pytest.approx(240 / 112)
    assert len(starts) == pytest.approx(26 / (240 / 112), abs=1)
    assert 1 <= np.count_nonzero(residuals > -35) <= 2
    assert null.by_bar(None)[0] is null.starts


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
