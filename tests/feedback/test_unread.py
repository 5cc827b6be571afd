"""What is new to somebody: the comments of others, until they were on a screen; one mark for all devices."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Client
from sqlmodel import Session, select

from server.database import Database
from server.feedback.models import SeenMark
from server.people.models import ReviewLink
from tests.cast import Cast, another_version
from tests.databases import both_databases
from tests.feedback.saying import said


def unread(client: Client, cast: Cast) -> list[str]:
    """The ids of what is new, oldest first."""
    answer = client.get(f"/api/songs/{cast.song}/seen")
    assert answer.status_code == 200, answer.text
    return [each["comment"] for each in answer.json()["unread"]]


def see(client: Client, cast: Cast, *comments: dict[str, Any], what: str = "seen") -> dict[str, Any]:
    numbers = [comment["seq"] for comment in comments]
    answer = client.post(f"/api/songs/{cast.song}/{what}", json={"numbers": numbers})
    assert answer.status_code == 200, answer.text
    seen: dict[str, Any] = answer.json()
    return seen


def ids(*comments: dict[str, Any]) -> list[str]:
    return [comment["id"] for comment in comments]


@both_databases
class TestOnBothDatabases:
    def test_what_others_say_is_new_and_ones_own_never(self, cast: Cast) -> None:
        first = said(cast.gil, cast)
        reply = said(cast.ada, cast, "Where?", reply_to=first["id"])

        assert unread(cast.ada, cast) == ids(first)
        assert unread(cast.gil, cast) == ids(reply)
        assert unread(cast.ben, cast) == unread(cast.lou, cast) == ids(first, reply)

    def test_nothing_is_new_to_a_guest_who_has_just_come(self, cast: Cast) -> None:
        said(cast.ada, cast)
        cast.stranger.post(f"/r/{cast.link_secret}", data={"name": "Una"})
        assert unread(cast.stranger, cast) == []

        later = said(cast.ada, cast)
        assert unread(cast.stranger, cast) == ids(later)

    def test_marks_come_in_any_order_and_are_joined(self, cast: Cast) -> None:
        first, second, third, fourth = (said(cast.gil, cast, str(number)) for number in range(4))

        assert [each["comment"] for each in see(cast.ada, cast, third)["unread"]] == ids(
            first, second, fourth
        )
        see(cast.ada, cast, first)
        assert unread(cast.ada, cast) == ids(second, fourth)
        see(cast.ada, cast, first, third)
        see(cast.ada, cast, second)

        assert unread(cast.ada, cast) == ids(fourth)
        assert unread(cast.ben, cast) == ids(first, second, third, fourth)

    def test_two_devices_at_once_lose_nothing(self, cast: Cast, database: Database) -> None:
        comments = [said(cast.gil, cast, str(number)) for number in range(12)]

        with ThreadPoolExecutor(6) as devices:
            list(devices.map(lambda comment: see(cast.ada, cast, comment), comments[::-1]))

        assert unread(cast.ada, cast) == []
        marks = database.read(lambda session: list(session.exec(select(SeenMark))))
        assert [(mark.beyond, mark.upto >= comments[-1]["seq"]) for mark in marks] == [([], True)]

    def test_a_mark_is_taken_back_exactly(self, cast: Cast) -> None:
        first, second, third, fourth = (said(cast.gil, cast, str(number)) for number in range(4))
        before = see(cast.ada, cast, second)
        after = see(cast.ada, cast, first, third, fourth)
        assert after["unread"] == []

        undone = see(cast.ada, cast, first, third, fourth, what="unseen")

        assert undone["unread"] == before["unread"]
        assert before["revision"] < after["revision"] < undone["revision"]
        assert see(cast.ada, cast, first, third, fourth)["unread"] == []

    def test_what_is_deleted_is_not_new_and_brought_back_it_is(self, cast: Cast) -> None:
        first = said(cast.gil, cast)
        reply = said(cast.ben, cast, "Yes", reply_to=first["id"])
        cast.gil.delete(f"/api/comments/{first['id']}")
        assert unread(cast.ada, cast) == []

        cast.gil.post(f"/api/comments/{first['id']}/restore")
        assert unread(cast.ada, cast) == ids(first, reply)

    def test_an_edit_is_not_new_again_but_a_new_mention_is(self, cast: Cast) -> None:
        comment = said(cast.gil, cast)
        for who in (cast.ada, cast.ben):
            see(who, cast, comment)
        address = f"/api/comments/{comment['id']}"

        cast.gil.patch(address, json={"body": "Much too loud"})
        assert unread(cast.ada, cast) == []
        changed = cast.gil.patch(address, json={"body": "@Ada", "mentions": [str(cast.ada_id)]}).json()

        seen = cast.ada.get(f"/api/songs/{cast.song}/seen").json()["unread"]
        assert [(each["comment"], each["mention"]) for each in seen] == [(comment["id"], True)]
        assert seen[0]["seq"] == changed["mentions"][0]["seq"]
        assert unread(cast.ben, cast) == []
        assert see(cast.ada, cast, seen[0])["unread"] == []

    def test_a_guest_hears_nothing_of_versions_that_are_hidden(self, cast: Cast, database: Database) -> None:
        newer = another_version(cast, database)

        def hide(session: Session) -> None:
            link = session.get_one(ReviewLink, cast.link)
            link.versions = str(cast.version)
            session.add(link)

        database.write(hide)
        secret = said(cast.ada, cast, "@Gil", version=newer, mentions=[str(cast.gil_id)])
        open_ = said(cast.ada, cast, "Open")

        assert unread(cast.gil, cast) == ids(open_)
        assert str(newer) not in cast.gil.get(f"/api/songs/{cast.song}/seen").text
        assert unread(cast.ben, cast) == ids(secret, open_)

    def test_what_was_hidden_is_new_once_it_is_shown(self, cast: Cast, database: Database) -> None:
        newer = another_version(cast, database)

        def show(versions: str) -> None:
            def write(session: Session) -> None:
                link = session.get_one(ReviewLink, cast.link)
                link.versions = versions
                session.add(link)

            database.write(write)

        show(str(cast.version))
        hidden, open_ = said(cast.ada, cast, version=newer), said(cast.ada, cast)
        assert see(cast.gil, cast, hidden, open_)["unread"] == []

        show("all")
        assert unread(cast.gil, cast) == ids(hidden)
        assert see(cast.gil, cast, hidden)["unread"] == []

    def test_the_home_page_counts_for_each_song(self, cast: Cast) -> None:
        one = said(cast.gil, cast, "@Ada", mentions=[str(cast.ada_id)])
        said(cast.ben, cast, "And this")
        cast.ada.post("/api/songs", json={"title": "Another", "band": str(cast.band)})

        counts = {each["song"]: each for each in cast.ada.get("/api/unread").json()["items"]}
        page = cast.ada.get("/").text

        assert counts.pop(str(cast.song)) == {"song": str(cast.song), "unread": 2, "mentions": 1}
        assert [(each["unread"], each["mentions"]) for each in counts.values()] == [(0, 0)]
        assert '<span class="song-unread">2</span> new' in page
        assert '<span class="song-mentions">1</span> for you' in page
        see(cast.ada, cast, one)
        assert [each["mentions"] for each in cast.ada.get("/api/unread").json()["items"]] == [0, 0]

    def test_a_version_that_is_deleted_takes_its_news_along(self, cast: Cast, database: Database) -> None:
        newer = another_version(cast, database)
        said(cast.gil, cast, version=newer)
        cast.ada.delete(f"/api/versions/{newer}")
        assert unread(cast.ada, cast) == []
        assert cast.ada.get("/api/unread").json()["items"][0]["unread"] == 0


@pytest.mark.parametrize("numbers", [None, "1", [0], [-1], [1.5], [2**31], ["1"], list(range(1, 502))])
@pytest.mark.parametrize("what", ["seen", "unseen"])
def test_other_than_numbers_is_refused(cast: Cast, numbers: Any, what: str) -> None:
    answer = cast.gil.post(f"/api/songs/{cast.song}/{what}", json={"numbers": numbers})
    assert answer.status_code == 422


def test_numbers_of_nothing_mark_nothing(cast: Cast) -> None:
    comment = said(cast.gil, cast)
    see(cast.ada, cast, {"seq": 1}, {"seq": 40_000})
    assert unread(cast.ada, cast) == ids(comment)
    later = said(cast.gil, cast)
    assert unread(cast.ada, cast) == ids(comment, later)


def test_strangers_have_nothing_to_read(cast: Cast) -> None:
    for who in cast.outsiders:
        assert who.get(f"/api/songs/{cast.song}/seen").status_code == 404
        assert who.post(f"/api/songs/{cast.song}/seen", json={"numbers": [1]}).status_code == 404
    assert cast.stranger.get("/api/unread").status_code == cast.gil.get("/api/unread").status_code == 401
    assert cast.cleo.get("/api/unread").json()["items"] == []
    assert cast.ada.get(f"/api/songs/{uuid4()}/seen").status_code == 404
    assert UUID(cast.ada.get(f"/api/songs/{cast.song}/seen").json()["song"]) == cast.song
