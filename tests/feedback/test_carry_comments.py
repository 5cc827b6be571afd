"""Open comments of earlier versions, on a newer one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from server.compare.models import Comparison
from server.database import Database
from server.songs.models import Version
from tests.cast import Cast, another_version
from tests.databases import both_databases
from tests.feedback.compared import carried, compared, pictured, show_only
from tests.feedback.saying import listed, said

pytestmark = both_databases

Count = Callable[[type[Any]], int]


@pytest.fixture
def newer(cast: Cast, database: Database) -> UUID:
    return another_version(cast, database)


def test_a_comment_is_carried_to_the_same_place_in_the_music(
    cast: Cast, database: Database, newer: UUID
) -> None:
    comment = said(cast.gil, cast, "Boomy", at=10.0, until=14.5)
    compared(database, cast.version, newer)

    [item] = carried(cast.ada, newer)

    assert item["comment"] == comment
    assert (item["version"], item["place"]) == (str(newer), "found")
    assert (item["at"], item["until"], item["confidence"]) == (12.0, 16.5, 1.0)
    assert (item["via"], item["verdict"], item["replies"], item["changed"]) == ([], None, 0, None)
    assert listed(cast.ada, cast) == [comment], "its own row stays as it was written"


def test_what_was_cut_and_what_is_not_sure_is_said(cast: Cast, database: Database, newer: UUID) -> None:
    said(cast.gil, cast, "In the cut", at=30.0)
    compared(database, cast.version, newer, [(0.0, 0.0, 20.0), (40.0, 20.0, 20.0)])
    [item] = carried(cast.ada, newer)
    assert (item["place"], item["at"], item["hear"]) == ("cut", None, None)

    third = another_version(cast, database)
    compared(database, cast.version, third, confidence=0.3)
    [item] = carried(cast.ada, third)
    assert (item["place"], item["at"], item["confidence"]) == ("unsure", 32.0, 0.3)


def test_until_a_comparison_is_ready_it_waits_and_the_comparison_is_asked_for_once(
    cast: Cast, newer: UUID, count: Count, events: Callable[[], list[dict[str, Any]]]
) -> None:
    said(cast.gil, cast)

    for _ in range(2):
        [item] = carried(cast.ada, newer)
        assert (item["place"], item["at"], item["hear"]) == ("waiting", None, None)

    assert count(Comparison) == 1
    asked = [event["comparison"] for event in events() if event["type"] == "comparison.added"]
    assert [(each["a"], each["b"]) for each in asked] == [(str(cast.version), str(newer))]


def test_who_only_looks_asks_for_nothing(cast: Cast, newer: UUID, count: Count) -> None:
    said(cast.gil, cast)

    assert cast.ada.head(f"/api/versions/{newer}/carried").status_code == 200
    assert cast.ada.head(f"/songs/{cast.song}").status_code == 200
    assert count(Comparison) == 0


def test_without_comments_nothing_is_asked_for(cast: Cast, newer: UUID, count: Count) -> None:
    assert carried(cast.ada, newer) == []
    assert count(Comparison) == 0


def test_maps_are_chained_until_the_direct_one_is_there(
    cast: Cast, database: Database, newer: UUID, count: Count
) -> None:
    third = another_version(cast, database)
    said(cast.gil, cast, at=10.0)
    compared(database, cast.version, newer, [(0.0, 2.0, 58.0)], gain_db=-1.0)
    compared(database, newer, third, [(0.0, 3.0, 57.0)], gain_db=-0.5)

    [item] = carried(cast.ada, third)
    assert (item["at"], item["via"]) == (15.0, [str(newer)])
    assert item["hear"]["after"]["gain_db"] == -1.5
    assert count(Comparison) == 3, "the direct one is asked for all the same"

    def make_ready(session: Session) -> None:
        wanted = select(Comparison).where(Comparison.a_id == cast.version, Comparison.b_id == third)
        row = session.exec(wanted).one()
        segment = {"a_start": 0.0, "a_end": 60.0, "b_start": 0.5, "b_end": 60.5, "confidence": 1.0}
        row.status, row.time_map = "ready", {"confidence": 1.0, "segments": [segment]}
        session.add(row)

    database.write(make_ready)
    [item] = carried(cast.ada, third)
    assert (item["at"], item["via"]) == (10.5, [])


def test_a_comparison_made_the_other_way_round_will_do(cast: Cast, database: Database, newer: UUID) -> None:
    said(cast.gil, cast, "Boomy", at=10.0)
    compared(database, newer, cast.version, [(2.0, 0.0, 58.0)], gain_db=3.0)

    [item] = carried(cast.ada, newer)

    assert (item["place"], item["at"], item["via"]) == ("found", 12.0, [])
    assert (item["hear"]["before"]["gain_db"], item["hear"]["after"]["gain_db"]) == (0.0, -3.0)


def test_where_the_comparison_failed_the_place_is_to_be_checked(
    cast: Cast, database: Database, newer: UUID
) -> None:
    said(cast.gil, cast)
    compared(database, cast.version, newer, status="failed")

    [item] = carried(cast.ada, newer)

    assert (item["place"], item["at"]) == ("unsure", None)


def test_the_same_music_before_and_after_comes_with_its_gains(
    cast: Cast, database: Database, newer: UUID
) -> None:
    said(cast.gil, cast, "at a second", at=10.0)
    said(cast.gil, cast, "at once", at=0.5)
    said(cast.gil, cast, "a long range", at=15.0, until=59.0)
    compared(database, cast.version, newer, gain_db=1.6)

    heard = {item["comment"]["body"]: item["hear"] for item in carried(cast.ada, newer)}

    assert heard["at a second"] == {
        "before": {"version": str(cast.version), "start": 8.0, "end": 14.0, "gain_db": -1.6},
        "after": {"version": str(newer), "start": 10.0, "end": 16.0, "gain_db": 0.0},
    }
    assert [heard["at once"][side]["start"] for side in ("before", "after")] == [0.0, 2.0]
    spans = [heard["a long range"][side] for side in ("before", "after")]
    assert [(span["start"], span["end"]) for span in spans] == [(15.0, 45.0), (17.0, 47.0)]


def test_what_changed_there_is_told(cast: Cast, database: Database, newer: UUID, client: Any) -> None:
    said(cast.gil, cast, "Boomy under the verse", at=10.0)
    compared(database, cast.version, newer)
    pictured(database, client.app.state.blobs, cast.version, newer, low_end=-2.4)

    [item] = carried(cast.ada, newer)

    assert item["changed"] == {
        "plain": "low end \N{MINUS SIGN}2.4 dB here",
        "detail": "20 to 120 Hz, at equal loudness",
        "kind": "low-end",
        "amount": -2.4,
        "unit": "dB",
    }


def test_done_deleted_and_answering_comments_stay_behind(cast: Cast, database: Database, newer: UUID) -> None:
    compared(database, cast.version, newer)
    done, gone, kept = (said(cast.gil, cast, body) for body in ("done", "gone", "kept"))
    said(cast.ada, cast, "Where?", reply_to=kept["id"])
    removed = said(cast.ada, cast, "Never mind", reply_to=kept["id"])
    cast.ada.patch(f"/api/comments/{done['id']}", json={"done": True})
    cast.gil.delete(f"/api/comments/{gone['id']}")
    cast.ada.delete(f"/api/comments/{removed['id']}")

    [item] = carried(cast.ada, newer)
    assert (item["comment"]["id"], item["replies"]) == (kept["id"], 1)

    cast.ada.patch(f"/api/comments/{done['id']}", json={"done": False})
    assert {item["comment"]["body"] for item in carried(cast.ada, newer)} == {"done", "kept"}


def test_comments_are_not_carried_back(cast: Cast, database: Database, newer: UUID) -> None:
    said(cast.gil, cast, "later", version=newer)
    compared(database, cast.version, newer)

    assert carried(cast.ada, cast.version) == []
    assert carried(cast.ada, newer) == []


def test_they_come_by_version_and_then_in_the_order_of_the_music(
    cast: Cast, database: Database, newer: UUID
) -> None:
    third = another_version(cast, database)
    for version, at in ((newer, 5.0), (cast.version, 30.0), (cast.version, 20.0)):
        said(cast.gil, cast, version=version, at=at)
    compared(database, cast.version, third)
    compared(database, newer, third)

    assert [item["at"] for item in carried(cast.ada, third)] == [22.0, 32.0, 7.0]


def test_a_version_that_was_taken_away_is_out_of_it(cast: Cast, database: Database, newer: UUID) -> None:
    third = another_version(cast, database)
    said(cast.gil, cast)
    compared(database, cast.version, newer)
    compared(database, newer, third)

    cast.ada.delete(f"/api/versions/{newer}")
    [item] = carried(cast.ada, third)
    assert item["place"] == "waiting", "no way leads over what is gone"

    cast.ada.delete(f"/api/versions/{cast.version}")
    assert carried(cast.ada, third) == []


def test_a_guest_is_told_nothing_of_a_version_they_may_not_hear(
    cast: Cast, database: Database, newer: UUID, count: Count
) -> None:
    said(cast.ada, cast, "Between us")
    compared(database, cast.version, newer)
    show_only(database, cast.link, newer)

    assert carried(cast.gil, newer) == []
    assert cast.gil.get(f"/api/versions/{cast.version}/carried").status_code == 404
    assert len(carried(cast.ada, newer)) == 1


def test_a_guest_is_not_led_over_a_version_they_may_not_hear(
    cast: Cast, database: Database, newer: UUID
) -> None:
    third = another_version(cast, database)
    said(cast.gil, cast)
    compared(database, cast.version, newer)
    compared(database, newer, third)
    show_only(database, cast.link, cast.version, third)

    [item] = carried(cast.gil, third)
    assert (item["place"], item["via"]) == ("waiting", [])
    [item] = carried(cast.ada, third)
    assert (item["place"], item["via"]) == ("found", [str(newer)])


def test_a_listener_who_may_only_listen_sees_them(cast: Cast, database: Database, newer: UUID) -> None:
    said(cast.gil, cast)
    compared(database, cast.version, newer)

    assert len(carried(cast.lou, newer)) == 1


def test_outsiders_are_told_there_is_nothing(cast: Cast, newer: UUID) -> None:
    for outsider in cast.outsiders:
        assert outsider.get(f"/api/versions/{newer}/carried").status_code == 404
    assert cast.ada.get(f"/api/versions/{uuid4()}/carried").status_code == 404


def test_a_version_that_could_not_be_read_has_no_places(cast: Cast, database: Database, newer: UUID) -> None:
    said(cast.gil, cast)

    def fail(session: Session) -> None:
        row = session.get_one(Version, newer)
        row.status = "failed"
        session.add(row)

    database.write(fail)
    assert carried(cast.ada, newer) == []


def test_each_of_many_is_placed(cast: Cast, database: Database, newer: UUID) -> None:
    for number in range(30):
        said(cast.ben, cast, str(number), at=number)
    compared(database, cast.version, newer)

    assert [item["at"] for item in carried(cast.ada, newer)] == [number + 2.0 for number in range(30)]
