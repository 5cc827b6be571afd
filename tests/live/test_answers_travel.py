"""An answer to a carried comment is about two versions: it travels to who may hear both."""

from typing import Any
from uuid import UUID

from server.database import Database
from server.people.visitors import GUEST_COOKIE
from tests.cast import LiveCast, another_version
from tests.databases import both_databases
from tests.live.listening import listening
from tests.live.test_follow_a_song import _guest_with as guest_with
from tests.live.test_follow_a_song import cookie, say

pytestmark = both_databases


def answer(cast: LiveCast, version: UUID, comment: dict[str, Any], word: str) -> dict[str, Any]:
    address = f"/api/versions/{version}/comments/{comment['id']}/verdict"
    given = cast.gil.put(address, json={"verdict": word})
    assert given.status_code == 200, given.text
    verdict: dict[str, Any] = given.json()
    return verdict


def test_an_answer_arrives_at_who_may_hear_both_versions(
    url: str, cast: LiveCast, database: Database
) -> None:
    newer = another_version(cast, database)
    comment = say(cast.gil, cast, "Boomy")
    with listening(url, str(cast.song), **cookie(cast.ada)) as ada:
        ada.until(lambda message: message["type"] == "hello")

        verdict = answer(cast, newer, comment, "better")

        event = ada.until(lambda message: message["type"] == "verdict.changed")
        assert event["verdict"] == verdict
        assert event["on"] == str(cast.version)


def test_a_guest_of_the_newer_version_alone_hears_nothing_of_it(
    url: str, cast: LiveCast, database: Database
) -> None:
    newer = another_version(cast, database)
    comment = say(cast.gil, cast, "Boomy")
    secret = database.write(lambda session: guest_with(session, cast, versions="latest"))

    with listening(url, str(cast.song), since=0, Cookie=f"{GUEST_COOKIE}={secret}") as guest:
        answer(cast, newer, comment, "not-yet")
        say(cast.ben, cast, "about the new one", version=newer)
        guest.until(lambda message: message["type"] == "comment.added")
        events = guest.events

    assert [event["seq"] for event in events] == list(range(1, events[-1]["seq"] + 1))
    assert "not-yet" not in str(events)
    assert comment["id"] not in str(events)
