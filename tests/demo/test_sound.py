"""What can be heard agrees with what the band says it did."""

import numpy as np
import pytest

from server.demo.audio import SAMPLE_RATE, Audio
from server.demo.band import changes, versions
from server.demo.timelines import timeline
from server.demo.truth import time_map, true_time
from tests.demo.listening import THINNING, Heard, band_db, likeness, loudness, mono, rms_db, stretch, thinned

# Tests of one group stay in one process, so the band plays once.
pytestmark = pytest.mark.xdist_group("demo band")
Band = dict[int, Heard]


def test_ten_versions_pass_through_all_eight_stages_in_order(heard: Band) -> None:
    stages = list(dict.fromkeys(each.version.stage for each in heard.values()))
    assert list(heard) == list(range(1, 11))
    assert stages == [
        "songwriting", "pre-production", "recording", "editing",
        "post-production", "mixing", "mastering", "distribution",
    ]  # fmt: skip
    for number, each in heard.items():
        assert len(each.version.mix) == timeline(number).frames
        assert each.version.mix.dtype == np.float32
        assert each.version.mix.shape[1] == (1 if number == 1 else 2)


def test_the_parts_add_up_to_the_mix_even_through_the_limiter(heard: Band) -> None:
    assert max(each.sum_error for each in heard.values()) < 1e-4


@pytest.mark.parametrize(
    ("a", "b"), [(2, 3), (4, 5), (5, 6), (6, 7), (7, 8), (8, 9), (9, 10), (4, 8), (5, 10)]
)
def test_the_same_take_lies_where_the_truth_says_to_the_sample(heard: Band, a: int, b: int) -> None:
    # Differences from sample to sample weigh the high strokes more than a layer's boom.
    here, there = np.diff(mono(heard[a].version.mix)), np.diff(mono(heard[b].version.mix))
    margin, checked = 441, 0
    for segment in time_map(a, b).segments:
        for seconds in np.arange(segment.a_start + 0.7, segment.a_end - 1.5, 2.3):
            expected = true_time(a, b, float(seconds))
            assert expected is not None
            start = round(expected * SAMPLE_RATE) - margin
            window = stretch(here, seconds, seconds + 0.7)
            at, score = likeness(window, there[start : start + len(window) + 2 * margin])
            assert score > 0.5
            assert abs(at - margin) <= (8 if 7 in (a, b) or b >= 8 else 1)  # equalisers bend phase a little
            checked += 1
    assert checked > 25


@pytest.mark.parametrize(("a", "b"), [(2, 4), (4, 2)])
def test_another_take_has_its_strokes_where_the_truth_says(heard: Band, a: int, b: int) -> None:
    def onsets(wave: Audio) -> Audio:
        steps = np.square(mono(wave))[: len(wave) // 220 * 220].reshape(-1, 220).mean(axis=1)
        rises: Audio = np.maximum(0, np.diff(np.log(steps + 1e-6)))
        return rises

    here, there = onsets(heard[a].parts["drums"]), onsets(heard[b].parts["drums"])
    rate = SAMPLE_RATE / 220
    late = []
    for seconds in np.arange(6, 70, 1.1):
        expected = true_time(a, b, float(seconds))
        if expected is not None:
            window = here[round(seconds * rate) : round((seconds + 1) * rate)]
            start = round(expected * rate) - 20
            at, _ = likeness(window, there[start : start + len(window) + 40])
            late.append((at - 20) / rate)
    assert len(late) > 40
    assert abs(np.median(late)) < 0.012
    assert np.mean(np.abs(late) < 0.04) > 0.85


def test_the_cut_bars_are_really_gone_and_the_others_are_not(heard: Band) -> None:
    raw, edit = thinned(heard[4].version.mix), thinned(heard[5].version.mix)
    rate = SAMPLE_RATE // THINNING

    def second(start: float) -> Audio:
        return raw[round(start * rate) : round((start + 1) * rate)]

    start, end = max(time_map(4, 5).only_in_a, key=lambda span: span[1] - span[0] if span[0] > 30 else 0)
    for seconds in (start + 1, (start + end) / 2, end - 2):
        assert likeness(second(seconds), edit)[1] < 0.8
    for seconds in (start - 3, end + 1):
        assert likeness(second(seconds), edit)[1] > 0.9


def test_the_wrong_bass_note_is_mended(heard: Band) -> None:
    (mend,) = changes(5).processing.mends
    before, after = heard[4].parts["bass"], heard[5].parts["bass"]
    frames = slice(round(mend.start * SAMPLE_RATE) + 2000, round(mend.end * SAMPLE_RATE) - 2000)
    source = round((mend.source_start - mend.start) * SAMPLE_RATE)
    np.testing.assert_array_equal(after[frames], after[frames.start + source : frames.stop + source])
    raw_start = true_time(5, 4, mend.start)
    assert raw_start is not None
    raw = before[round(raw_start * SAMPLE_RATE) + 2000 :][: frames.stop - frames.start]
    assert np.abs(raw - after[frames]).max() > 0.05


def test_programmed_bars_repeat_and_played_ones_do_not(heard: Band) -> None:
    def bars(number: int, first: float, second: float) -> tuple[Audio, Audio]:
        drums, frames = heard[number].parts["drums"], 60_000
        starts = (round(timeline(number).sounding(beat)) for beat in (first, second))
        one, other = (drums[start : start + frames] for start in starts)
        return one, other

    np.testing.assert_allclose(*bars(2, 16, 32), atol=1e-6)
    one, other = bars(4, 16, 32)
    assert np.abs(one - other).max() > 0.05


def test_the_vocal_is_two_decibels_up_in_the_choruses_and_nowhere_else(heard: Band) -> None:
    before, after = heard[7].parts["lead"], heard[8].parts["lead"]
    gains = changes(8).processing.part_gains
    assert [gain.part for gain in gains] == ["lead", "lead"]
    for gain in gains:
        inside = gain.start + 0.1, gain.end - 0.1
        assert rms_db(stretch(after, *inside)) - rms_db(stretch(before, *inside)) == pytest.approx(
            gain.db, abs=0.01
        )
    np.testing.assert_array_equal(
        stretch(after, 0, gains[0].start - 0.1), stretch(before, 0, gains[0].start - 0.1)
    )
    np.testing.assert_array_equal(heard[7].parts["keys"], heard[8].parts["keys"])


def test_there_is_less_boom_in_verse_two_and_only_there(heard: Band) -> None:
    before, after = heard[7].parts["bass"], heard[8].parts["bass"]
    tone = next(each for each in changes(8).processing.part_tones if each.part == "bass")
    inside = tone.start + 0.2, tone.end - 0.2
    low = band_db(stretch(after, *inside), 30, 60) - band_db(stretch(before, *inside), 30, 60)
    high = band_db(stretch(after, *inside), 600, 2000) - band_db(stretch(before, *inside), 600, 2000)
    assert low == pytest.approx(tone.bands[0].db, abs=0.4)
    assert high == pytest.approx(0, abs=0.1)
    np.testing.assert_array_equal(stretch(after, 5, 30), stretch(before, 5, 30))


def test_levels_are_those_of_mixes_and_of_a_master(heard: Band) -> None:
    for number, each in heard.items():
        if number < 9:
            assert -19 < each.lufs < -13.5, number
        assert np.abs(each.version.mix).max() < 1, number
    assert -10.9 < heard[9].lufs < -8.8
    assert np.abs(heard[9].version.mix).max() <= 10 ** (-1.5 / 20) + 1e-4
    assert heard[10].lufs == pytest.approx(heard[9].lufs - 0.8, abs=0.05)


@pytest.mark.parametrize("number", range(2, 11))
def test_the_chorus_lifts(heard: Band, number: int) -> None:
    each = heard[number].version
    spans = {section.name: stretch(each.mix, section.start, section.end) for section in each.sections}
    assert loudness(spans["chorus"]) > loudness(spans["verse 1"]) + 1.5


def test_playing_it_again_gives_the_same_samples(heard: Band) -> None:
    again = next(versions())
    np.testing.assert_array_equal(again.mix, heard[1].version.mix)
