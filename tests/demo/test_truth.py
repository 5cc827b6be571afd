"""The truth about time is worked out from timelines; here it is held against itself and against the score."""

from itertools import pairwise

import numpy as np
import pytest

from server.demo.band import COMMENTS, changes
from server.demo.questions import QUESTIONS
from server.demo.reactions import REACTIONS
from server.demo.score.form import section
from server.demo.timelines import MASTER_HEAD_TRIM, timeline
from server.demo.truth import time_map, true_time, true_times
from server.listening.answers import NewAnswer
from server.listening.questions import NewQuestion

NUMBERS = range(1, 11)


def places(number: int, count: int = 150) -> list[float]:
    chance = np.random.default_rng(number)
    found: list[float] = chance.uniform(0, timeline(number).duration, count).tolist()
    return found


def start_of(number: int, name: str) -> float:
    return next(each.start for each in timeline(number).sections if each.name == name)


@pytest.mark.parametrize("b", NUMBERS)
@pytest.mark.parametrize("a", (1, 3, 4, 5, 10))
def test_going_there_and_back_leads_home(a: int, b: int) -> None:
    went = [(seconds, there) for seconds in places(a) if (there := true_time(a, b, seconds)) is not None]
    assert went
    for seconds, there in went:
        back = true_time(b, a, there)
        assert back is not None
        assert abs(back - seconds) < 1e-6


@pytest.mark.parametrize("b", NUMBERS)
@pytest.mark.parametrize("a", (1, 3, 4, 5, 10))
def test_the_map_says_what_true_time_says(a: int, b: int) -> None:
    segments = time_map(a, b).segments
    for seconds in places(a):
        there = true_time(a, b, seconds)
        on = [each for each in segments if each.a_start <= seconds < each.a_end]
        assert len(on) == (there is not None)
        for each in on:
            assert each.b_start + (seconds - each.a_start) * each.slope == pytest.approx(there, abs=1e-6)


@pytest.mark.parametrize("b", NUMBERS)
@pytest.mark.parametrize("a", (1, 3, 4, 5, 10))
def test_what_is_mapped_and_what_is_not_make_up_the_whole(a: int, b: int) -> None:
    found = time_map(a, b)
    mapped_a = sum(each.a_end - each.a_start for each in found.segments)
    mapped_b = sum(each.b_end - each.b_start for each in found.segments)
    assert mapped_a + sum(end - start for start, end in found.only_in_a) == pytest.approx(
        timeline(a).duration
    )
    assert mapped_b + sum(end - start for start, end in found.only_in_b) == pytest.approx(
        timeline(b).duration
    )
    assert all(before.a_end <= after.a_start + 1e-6 for before, after in pairwise(found.segments))


@pytest.mark.parametrize("number", NUMBERS)
def test_a_version_is_all_itself(number: int) -> None:
    found = time_map(number, number)
    assert not found.moved
    assert all(each.a_start == each.b_start for each in found.segments)


def test_the_cut_half_verse_is_nowhere_in_the_edit() -> None:
    (cut,) = [span for span in time_map(4, 5).only_in_a if 5 < span[1] - span[0] < 10]
    assert cut[1] - cut[0] == pytest.approx(16 * 60 / 117, rel=0.03)
    assert true_time(4, 5, (cut[0] + cut[1]) / 2) is None
    assert true_time(4, 5, cut[0] - 0.001) is not None
    assert true_time(4, 5, cut[1] + 0.001) is not None


def test_the_joint_before_the_chorus_moved_by_31_milliseconds() -> None:
    joint = start_of(4, "chorus")
    before, after = true_time(4, 5, joint - 0.1), true_time(4, 5, joint + 0.1)
    assert before is not None
    assert after is not None
    assert after - before == pytest.approx(0.2 - 1367 / 44_100, abs=1e-6)


def test_the_second_arrangement_moves_the_bridge_and_plays_the_hook_again() -> None:
    found = time_map(2, 3)
    (bridge,) = found.moved
    assert (bridge.a_start, bridge.b_start) == (start_of(2, "bridge"), start_of(3, "bridge"))
    assert start_of(3, "bridge") < start_of(3, "verse 2")
    ((again_from, again_until),) = found.only_in_b
    assert again_until - again_from == pytest.approx(16 * 60 / 118, rel=1e-3)
    twice = true_times(3, 3, again_from + 1)
    assert len(twice) == 2
    assert twice[1] == pytest.approx(again_from + 1)


def test_the_master_starts_an_odd_number_of_samples_later() -> None:
    assert MASTER_HEAD_TRIM % 2 == 1
    assert changes(9).head_trim_frames == MASTER_HEAD_TRIM
    assert true_time(8, 9, 30.0) == pytest.approx(30.0 - MASTER_HEAD_TRIM / 44_100, abs=1e-9)
    assert true_time(8, 9, 0.05) is None


def test_silence_before_the_music_is_nowhere() -> None:
    assert true_time(1, 2, 0.2) is None
    assert true_times(1, 2, 0.2) == ()


def test_the_machine_is_strict_and_the_band_is_not() -> None:
    assert {round(each.bpm, 2) for each in timeline(2).sections} == {118.0}
    tempos = [each.bpm for each in timeline(4).sections]
    assert max(tempos) - min(tempos) > 4
    beats = [place.end - place.start for place in timeline(4).places]
    assert len(set(beats)) > 100


def test_sections_of_the_final_song_come_in_order() -> None:
    names = [each.name for each in timeline(8).sections]
    assert names == ["intro", "verse 1", "chorus", "verse 2", "bridge", "last chorus", "outro"]
    assert 73 < timeline(8).duration < 78


def test_the_sketch_has_no_bridge() -> None:
    assert [each.name for each in timeline(1).sections] == ["intro", "verse 1", "chorus", "outro"]
    assert true_time(2, 1, start_of(2, "bridge") + 1) is None


def test_comments_and_reactions_sit_inside_their_versions() -> None:
    for comment in COMMENTS:
        assert 0 <= comment.at < (comment.until or timeline(comment.version).duration)
        assert (comment.until or 0) < timeline(comment.version).duration
    for reaction in REACTIONS:
        assert 0 <= reaction.at < timeline(reaction.version).duration
    boomy = next(comment for comment in COMMENTS if comment.body.startswith("Boomy"))
    assert boomy.at == pytest.approx(start_of(7, "verse 2"), abs=1e-3)
    assert section("verse 2").start == 72


def test_what_is_asked_can_be_asked_and_answered_and_every_moment_lies_in_its_version() -> None:
    for question in QUESTIONS:
        assert NewQuestion.model_validate(question.asked)
        for _, values in question.answers:
            assert NewAnswer.model_validate({"revision": 1, **values})
            assert 0 <= values.get("at", 0) < timeline(question.version).duration
