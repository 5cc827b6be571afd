"""What somebody does elsewhere arrives in every open page: all of it, once, in order."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Client
from sqlmodel import Session

from server.database import Database
from server.people.models import ReviewLink
from server.people.secrets import new_secret
from server.people.visitors import GUEST_COOKIE
from server.sharing.links import let_in
from server.songs.models import Song, Version
from server.songs.versions import tell
from tests.cast import LiveCast, add_review_link, another_version
from tests.databases import both_databases
from tests.live.listening import listening

pytestmark = both_databases


def cookie(client: Client) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}


def say(client: Client, cast: LiveCast, body: str, *, version: UUID | None = None) -> dict[str, Any]:
    address = f"/api/versions/{version or cast.version}/comments"
    answer = client.post(address, json={"id": str(uuid4()), "at": 1.5, "body": body})
    assert answer.status_code == 201, answer.text
    comment: dict[str, Any] = answer.json()
    return comment


def test_a_guests_comment_arrives_at_the_artist_and_at_the_guest(url: str, cast: LiveCast) -> None:
    song = str(cast.song)
    with listening(url, song, **cookie(cast.ada)) as ada, listening(url, song, **cookie(cast.gil)) as gil:
        ada.until(lambda message: message["type"] == "hello")
        gil.until(lambda message: message["type"] == "hello")

        comment = say(cast.gil, cast, "Lovely")

        for ear in (ada, gil):
            event = ear.until(lambda message: message["type"] == "comment.added")
            assert event["comment"] == comment
            assert event["song"] == song
            assert event["seq"] == 2


def test_hello_says_who_you_are_and_what_you_may(url: str, cast: LiveCast) -> None:
    with listening(url, str(cast.song), **cookie(cast.lou)) as lou:
        hello = lou.until(lambda message: message["type"] == "hello")

    assert hello["seq"] == 1
    assert hello["you"]["name"] == "Lou"
    assert (hello["you"]["may_comment"], hello["you"]["may_download"], hello["you"]["member"]) == (
        False,
        False,
        False,
    )
    assert [person["name"] for person in hello["here"]] == ["Lou"]


def test_every_change_is_an_event_with_the_whole_object(url: str, cast: LiveCast) -> None:
    with listening(url, str(cast.song), since=1, **cookie(cast.ada)) as ada:
        comment = say(cast.ben, cast, "first words")
        one = f"/api/comments/{comment['id']}"
        cast.ben.patch(one, json={"body": "better words"})
        cast.ada.patch(one, json={"done": True})
        cast.ben.delete(one)
        cast.ben.post(f"{one}/restore")
        cast.ada.patch(f"/api/versions/{cast.version}", json={"label": "renamed"})

        events = ada.until_seq(7)

    assert [event["type"] for event in events] == [
        "comment.added",
        "comment.changed",
        "comment.changed",
        "comment.removed",
        "comment.changed",
        "version.changed",
    ]
    assert events[1]["comment"]["body"] == "better words"
    assert events[2]["comment"]["done"]["by"] == "Ada"
    assert events[3]["comment"]["removed"] is True
    assert events[4]["comment"]["removed"] is False
    assert events[5]["version"]["label"] == "renamed"


def test_who_comes_back_hears_what_was_missed_once(url: str, cast: LiveCast) -> None:
    with listening(url, str(cast.song), since=1, **cookie(cast.ada)) as ada:
        say(cast.ben, cast, "heard")
        ada.until_seq(2)
    missed = [say(cast.ben, cast, f"missed {number}")["id"] for number in range(20)]

    with listening(url, str(cast.song), since=2, **cookie(cast.ada)) as ada:
        say(cast.ben, cast, "afterwards")
        events = ada.until_seq(23)

    assert [event["seq"] for event in events] == list(range(3, 24))
    assert [event["comment"]["id"] for event in events[:-1]] == missed


def test_two_hundred_comments_from_four_people_arrive_in_order(url: str, cast: LiveCast) -> None:
    with listening(url, str(cast.song), since=1, **cookie(cast.ada)) as ada:
        with ThreadPoolExecutor(4) as people:
            list(people.map(lambda number: say(cast.ben, cast, str(number)), range(200)))
        events = ada.until_seq(201)

    assert [event["seq"] for event in events] == list(range(2, 202))
    assert {event["comment"]["body"] for event in events} == {str(number) for number in range(200)}


@pytest.mark.parametrize("since", ["999", "nonsense", "-1", ""])
def test_a_number_that_cannot_be_harms_nothing(url: str, cast: LiveCast, since: str) -> None:
    with listening(url, str(cast.song), since=since, **cookie(cast.ada)) as ada:
        if since == "999":
            ada.until(lambda message: message["type"] == "resync")
        say(cast.ben, cast, "still heard")
        ada.until(lambda message: message.get("seq") == 2 and message["type"] == "comment.added")


def test_who_was_away_for_too_long_is_told_to_start_afresh(
    url: str, cast: LiveCast, database: Database
) -> None:
    def many(session: Session) -> None:
        version = session.get_one(Version, cast.version)
        for _ in range(501):
            tell(session, version, "version.changed")

    database.write(many)

    with listening(url, str(cast.song), since=1, **cookie(cast.ada)) as ada:
        ada.until(lambda message: message["type"] == "resync")
        comment = say(cast.ben, cast, "after that")
        assert ada.until(lambda message: message["type"] == "comment.added")["comment"] == comment


def test_a_guest_of_the_latest_version_hears_nothing_of_the_others(
    url: str, cast: LiveCast, database: Database
) -> None:
    newer = another_version(cast, database)
    secret = database.write(lambda session: _guest_with(session, cast, versions="latest"))

    with listening(url, str(cast.song), since=0, Cookie=f"{GUEST_COOKIE}={secret}") as guest:
        say(cast.ben, cast, "about the old one")
        new = say(cast.ben, cast, "about the new one", version=newer)
        event = guest.until(lambda message: message["type"] == "comment.added")
        events = guest.events

    assert event["comment"] == new
    assert [event["seq"] for event in events] == list(range(1, events[-1]["seq"] + 1))
    assert "about the old one" not in str(events)
    assert str(cast.version) not in str(events)


def _guest_with(session: Session, cast: LiveCast, **switches: Any) -> str:
    link: ReviewLink = add_review_link(session, session.get_one(Song, cast.song), new_secret(), **switches)
    return let_in(session, link, "Una", None)
