"""Where a comment goes: through maps whose truth is plain to see."""

from uuid import UUID

import pytest

from server.feedback.placing import Map, Piece, map_from_json, placed, ways_to

V1, V2, V3, V4, V5 = (UUID(int=number) for number in range(1, 6))


def line(a: float, b: float, length: float, confidence: float = 1.0, *, speed: float = 1.0) -> Piece:
    """`length` seconds from `a` of A are at `b` of B."""
    return Piece(a, a + length, b, b + length * speed, confidence)


def lead(*pieces: Piece, a: UUID = V1, b: UUID = V2, gain_db: float = 0.0) -> Map:
    return Map(a, b, pieces, gain_db)


# Eight seconds are cut at 0:40, two are added at the beginning.
EDITED = lead(line(0, 2, 40), line(48, 42, 52))
# The second half, 0:30 to 1:00, comes first.
TURNED_ABOUT = lead(line(0, 30, 30), line(30, 0, 30))


def test_a_comment_moves_with_its_music() -> None:
    assert placed([EDITED], 10.0, None).at == 12.0
    assert placed([EDITED], 50.0, None).at == 44.0
    assert placed([EDITED], 50.0, None).place == "found"
    assert placed([TURNED_ABOUT], 45.0, None).at == 15.0


def test_what_is_gone_is_called_cut() -> None:
    gone = placed([EDITED], 44.0, None)

    assert (gone.place, gone.at, gone.until) == ("cut", None, None)
    assert placed([EDITED], 40.5, 47.5).place == "cut"


def test_a_range_keeps_what_is_left_of_it() -> None:
    assert placed([EDITED], 36.0, 44.0) == placed([EDITED], 36.0, 40.0)
    over_the_cut = placed([EDITED], 38.0, 50.0)
    assert (over_the_cut.at, over_the_cut.until) == (40.0, 44.0)
    assert placed([EDITED], 39.5, 47.9).place == "cut"


def test_a_range_that_was_torn_apart_goes_where_most_of_it_went() -> None:
    torn = placed([TURNED_ABOUT], 28.0, 38.0)

    assert (torn.place, torn.at, torn.until) == ("found", 0.0, 8.0)


def test_another_tempo_stretches_a_range() -> None:
    slower = lead(line(0, 5, 60, speed=1.25))
    there = placed([slower], 8.0, 16.0)

    assert (there.at, there.until, there.speed) == (15.0, 25.0, 1.25)


def test_the_breath_between_two_pieces_is_no_cut() -> None:
    """Maps leave out a few hundredths where they change from one line to the next."""
    followed = lead(line(0, 1, 20), line(20.06, 21.06, 20))

    assert placed([followed], 20.02, None).at == pytest.approx(21.02, abs=1e-6)
    assert placed([followed], 20.02, None).place == "found"


def test_a_comment_a_hair_before_what_was_cut_away_goes_with_what_it_is_about() -> None:
    assert placed([EDITED], 39.99, None).place == "cut"
    assert placed([EDITED], 47.99, None).at == pytest.approx(41.99)


def test_a_place_the_map_is_not_sure_of_is_to_be_checked() -> None:
    vague = lead(line(0, 0, 60, 0.4))

    assert placed([vague], 30.0, None).place == "unsure"
    assert placed([vague], 30.0, None).at == 30.0


def test_beside_a_joint_in_a_new_take_the_place_is_to_be_checked_as_far_as_the_map_is_unsure() -> None:
    """At 0:30 it cannot tell within a second, where the last 22 s begin it can."""
    new_take = lead(
        line(0, 0, 29, 0.9),
        line(29, 29, 1, 0.45),
        line(30, 60, 1, 0.45),
        line(31, 61, 39, 0.9),
        line(78, 30, 22, 0.9),
    )

    assert [placed([new_take], at, None).place for at in (27.8, 32.2, 69.8, 78.2)] == ["found"] * 4
    for near_a_joint in (29.1, 30.9, 70.05, 77.95, 78.05):
        assert placed([new_take], near_a_joint, None).place == "unsure", near_a_joint
    assert [placed([new_take], at, None).place for at in (70.2, 74.0, 77.8)] == ["cut"] * 3
    assert placed([new_take], 70.05, None).at == 100.0, "where the music beside it went"


def test_what_was_cut_beside_an_unsure_joint_is_to_be_checked_too() -> None:
    unsure_of_two_seconds = lead(line(0, 0, 28, 0.9), line(28, 28, 2, 0.45), line(50, 30, 40, 0.9))

    assert placed([unsure_of_two_seconds], 31.9, None).place == "unsure"
    assert placed([unsure_of_two_seconds], 32.3, None).place == "cut"


def test_a_range_is_as_sure_as_its_beginning() -> None:
    fades_away = lead(line(0, 0, 50, 0.9), line(50, 50, 10, 0.45))

    assert placed([fades_away], 45.0, 55.0).place == "found"
    assert placed([fades_away], 52.0, 55.0).place == "unsure"


def test_where_a_map_strays_from_the_pace_around_it_the_place_is_to_be_checked() -> None:
    """From 0:30 on it falls behind by 0.3 s, and catches up again; a ritardando that stays is music."""
    strays = lead(
        line(0, 0, 30, 0.8),
        line(30, 30, 1, 0.8, speed=0.7),
        line(31, 30.7, 1, 0.8),
        line(32, 31.7, 1, 0.8, speed=1.3),
        line(33, 33, 40, 0.8),
    )
    slows_down = lead(line(0, 0, 30, 0.8), line(30, 30, 40, 0.8, speed=1.02))

    assert [placed([strays], at, None).place for at in (20.0, 31.0, 32.0, 45.0)] == [
        "found",
        "unsure",
        "unsure",
        "found",
    ]
    assert [placed([slows_down], at, None).place for at in (29.0, 30.0, 31.0)] == ["found"] * 3


def test_the_same_audio_is_sure_to_its_very_edges() -> None:
    assert placed([EDITED], 39.5, None).place == "found"
    assert placed([EDITED], 48.05, None).place == "found"
    assert placed([EDITED], 99.5, None).place == "found"


def test_two_that_have_nothing_in_common_say_nothing_about_a_place() -> None:
    unrelated = placed([lead()], 10.0, None)

    assert (unrelated.place, unrelated.at) == ("unsure", None)


def test_maps_are_chained() -> None:
    late = lead(line(0, 3, 100), a=V2, b=V3)

    assert placed([EDITED, late], 10.0, None).at == 15.0
    assert placed([EDITED, late], 50.0, 52.0).until == 49.0
    assert placed([EDITED, late], 44.0, None).place == "cut"
    assert placed([late, lead(line(0, 0, 20), a=V3, b=V4)], 30.0, None).place == "cut"


def test_doubt_adds_up_along_a_chain() -> None:
    step = line(0, 0, 60, 0.8)
    chain = [lead(step), lead(step, a=V2, b=V3), lead(step, a=V3, b=V4)]

    assert placed(chain[:2], 30.0, None).place == "found"
    assert placed(chain[:2], 30.0, None).confidence == pytest.approx(0.64)
    assert placed(chain, 30.0, None).place == "unsure"


def test_a_map_can_be_turned() -> None:
    back = lead(line(0, 2, 40), line(48, 42, 52), gain_db=-1.5).turned()

    assert (back.a, back.b, back.gain_db) == (V2, V1, 1.5)
    assert placed([back], 12.0, None).at == 10.0
    assert placed([back], 44.0, None).at == 50.0
    assert placed([back], 1.0, None).place == "cut"
    assert placed([TURNED_ABOUT.turned()], 15.0, None).at == 45.0


def test_the_shortest_way_is_taken() -> None:
    pairs = [(V1, V2), (V2, V3), (V3, V4), (V2, V4)]

    assert ways_to(V4, pairs)[V1] == [V1, V2, V4]
    assert ways_to(V4, [*pairs, (V1, V4)])[V1] == [V1, V4]


def test_a_way_may_run_against_the_maps() -> None:
    assert ways_to(V3, [(V2, V1), (V3, V2)])[V1] == [V1, V2, V3]


def test_where_no_way_leads_there_is_none() -> None:
    assert V1 not in ways_to(V4, [(V1, V2), (V3, V4)])
    assert ways_to(V5, []) == {V5: [V5]}


def test_a_map_is_read_as_the_comparison_prints_it() -> None:
    segment = {"a_start": 0.0, "a_end": 10.0, "b_start": 1.0, "b_end": 11.0, "confidence": 0.9}
    nothing = {"a_start": 10.0, "a_end": 10.0, "b_start": 11.0, "b_end": 11.0, "confidence": 0.9}
    read = map_from_json(V1, V2, {"confidence": 0.9, "segments": [segment, nothing]}, None)

    assert read == Map(V1, V2, (Piece(0.0, 10.0, 1.0, 11.0, 0.9),), 0.0)
