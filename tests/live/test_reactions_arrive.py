"""A tap is in every open page at once, a guest's as a member's, and once only, whoever was away in between."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from httpx2 import Client

from server.database import Database
from tests.cast import LiveCast, another_version
from tests.databases import both_databases
from tests.live.listening import listening

pytestmark = both_databases


def cookie(client: Client) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}


def tap(client: Client, cast: LiveCast, kind: str, at: float, version: Any = None) -> dict[str, Any]:
    address = f"/api/versions/{version or cast.version}/reactions"
    answer = client.post(address, json={"id": str(uuid4()), "kind": kind, "at": at})
    assert answer.status_code in (200, 201), answer.text
    reaction: dict[str, Any] = answer.json()
    return reaction


def test_a_tap_its_undo_and_its_return_arrive_at_everybody(url: str, cast: LiveCast) -> None:
    song = str(cast.song)
    with (
        listening(url, song, since=1, **cookie(cast.ada)) as ada,
        listening(url, song, since=1, **cookie(cast.gil)) as gil,
        listening(url, song, since=1, **cookie(cast.lou)) as lou,
    ):
        reaction = tap(cast.gil, cast, "goosebumps", 7.5)
        cast.gil.delete(f"/api/reactions/{reaction['id']}")
        cast.gil.post(f"/api/reactions/{reaction['id']}/restore")
        tap(cast.ada, cast, "too-loud", 7.5)

        heard = [ear.until_seq(5) for ear in (ada, gil, lou)]

    assert heard[0] == heard[1] == heard[2]
    assert [event["type"] for event in heard[0]] == [
        "reaction.added",
        "reaction.removed",
        "reaction.added",
        "reaction.added",
    ]
    assert heard[0][0]["reaction"] == heard[0][2]["reaction"] == reaction
    assert [event["reaction"]["author"]["name"] for event in heard[0]] == ["Gil", "Gil", "Gil", "Ada"]


def test_a_tap_that_was_merged_is_not_told_again(url: str, cast: LiveCast) -> None:
    with listening(url, str(cast.song), since=1, **cookie(cast.ada)) as ada:
        with ThreadPoolExecutor(4) as thumbs:
            list(thumbs.map(lambda at: tap(cast.gil, cast, "love", at), [5.0, 5.2, 5.4, 5.6] * 5))
        tap(cast.ben, cast, "love", 5.0)
        events = ada.until_seq(3)

    assert [event["reaction"]["author"]["name"] for event in events] == ["Gil", "Ben"]


def test_who_comes_back_hears_the_taps_that_were_missed_once(url: str, cast: LiveCast) -> None:
    missed = [tap(cast.gil, cast, "lost-me", 4.0 * number)["id"] for number in range(10)]

    with listening(url, str(cast.song), since=1, **cookie(cast.ada)) as ada:
        events = ada.until_seq(11)

    assert [event["reaction"]["id"] for event in events] == missed


def test_a_tap_on_a_version_that_a_guest_may_not_hear_is_not_told(
    url: str, cast: LiveCast, database: Database
) -> None:
    newer = another_version(cast, database)
    made = cast.ada.post(f"/api/songs/{cast.song}/links", json={"versions": "latest"}).json()
    door = made["url"].rpartition("/r/")[2]
    cast.stranger.post(f"/r/{door}", data={"name": "Una"})
    with listening(url, str(cast.song), since=2, **cookie(cast.stranger)) as guest:
        tap(cast.ben, cast, "love", 1.0)
        new = tap(cast.ben, cast, "too-loud", 1.0, version=newer)
        guest.until(lambda message: message["type"] == "reaction.added")

    assert [event["reaction"] for event in guest.events if event["type"] == "reaction.added"] == [new]
    assert str(cast.version) not in str(guest.messages)
