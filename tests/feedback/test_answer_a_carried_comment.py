"""Fixed, better, not yet: said by who wrote the comment, of a later version."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Client
from sqlmodel import Session

from server.database import Database
from server.events.objects import VerdictShape
from server.feedback.models import Comment, Verdict
from server.feedback.verdicts import give_verdict
from server.songs.models import Version
from tests.cast import Cast, another_version
from tests.databases import at_once, both_databases
from tests.feedback.compared import carried, compared, show_only
from tests.feedback.saying import listed, said

pytestmark = both_databases

Events = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def newer(cast: Cast, database: Database) -> UUID:
    made = another_version(cast, database)
    compared(database, cast.version, made)
    return made


def address(version: UUID, comment: dict[str, Any]) -> str:
    return f"/api/versions/{version}/comments/{comment['id']}/verdict"


def say(client: Client, version: UUID, comment: dict[str, Any], word: str) -> Any:
    return client.put(address(version, comment), json={"verdict": word})


def test_who_wrote_it_answers_and_everybody_sees_it(cast: Cast, newer: UUID, events: Events) -> None:
    comment = said(cast.gil, cast)

    answer = say(cast.gil, newer, comment, "better")

    assert answer.status_code == 200
    assert answer.json() == {
        "comment": comment["id"],
        "version": str(newer),
        "verdict": "better",
        "author": comment["author"],
        "said_at": answer.json()["said_at"],
    }
    assert [item["verdict"] for item in carried(cast.ada, newer)] == [answer.json()]
    assert events()[-1] == {
        "seq": events()[-1]["seq"],
        "type": "verdict.changed",
        "verdict": answer.json(),
        "on": str(cast.version),
    }
    assert listed(cast.ada, cast) == [comment], "done stays a person's decision"


def test_it_can_be_changed_and_taken_back(
    cast: Cast, newer: UUID, events: Events, count: Callable[[type[Verdict]], int]
) -> None:
    comment = said(cast.gil, cast)
    say(cast.gil, newer, comment, "not-yet")
    say(cast.gil, newer, comment, "fixed")
    assert carried(cast.gil, newer)[0]["verdict"]["verdict"] == "fixed"
    assert count(Verdict) == 1

    assert cast.gil.delete(address(newer, comment)).status_code == 204

    assert carried(cast.gil, newer)[0]["verdict"] is None
    told = [event["verdict"]["verdict"] for event in events() if event["type"] == "verdict.changed"]
    assert told == ["not-yet", "fixed", None]


def test_the_same_again_and_taking_back_nothing_change_nothing(
    cast: Cast, newer: UUID, events: Events
) -> None:
    comment = said(cast.gil, cast)
    assert cast.gil.delete(address(newer, comment)).status_code == 204
    first = say(cast.gil, newer, comment, "fixed").json()
    before = events()

    assert say(cast.gil, newer, comment, "fixed").json() == first
    assert events() == before


def test_only_who_wrote_it_may_answer(cast: Cast, newer: UUID, count: Callable[[type[Verdict]], int]) -> None:
    comment = said(cast.gil, cast)

    for other in (cast.ada, cast.ben, cast.lou):
        assert say(other, newer, comment, "fixed").status_code == 403
        assert other.delete(address(newer, comment)).status_code == 403
    for outsider in cast.outsiders:
        assert say(outsider, newer, comment, "fixed").status_code == 404
        assert outsider.delete(address(newer, comment)).status_code == 404
    assert count(Verdict) == 0


@pytest.mark.parametrize("body", [{}, {"verdict": "great"}, {"verdict": None}, {"verdict": "fixed", "x": 1}])
def test_nonsense_is_refused(cast: Cast, newer: UUID, body: dict[str, Any]) -> None:
    comment = said(cast.gil, cast)

    assert cast.gil.put(address(newer, comment), json=body).status_code == 422


def test_it_is_about_a_later_version_and_about_the_comment_itself(
    cast: Cast, database: Database, newer: UUID
) -> None:
    comment = said(cast.gil, cast)
    reply = said(cast.gil, cast, "Here too", reply_to=comment["id"])
    later = said(cast.gil, cast, "On the second", version=newer)

    assert say(cast.gil, cast.version, comment, "fixed").status_code == 422
    assert say(cast.gil, cast.version, later, "fixed").status_code == 422
    assert say(cast.gil, newer, reply, "fixed").status_code == 422
    assert say(cast.gil, uuid4(), comment, "fixed").status_code == 404
    assert say(cast.gil, newer, {"id": uuid4()}, "fixed").status_code == 404


def test_of_another_song_there_is_nothing_to_say(cast: Cast, database: Database, newer: UUID) -> None:
    song = UUID(cast.ada.post("/api/songs", json={"title": "Another"}).json()["id"])
    elsewhere = another_version(Cast(**{**vars(cast), "song": song}), database)
    comment = said(cast.ada, cast)

    assert say(cast.ada, elsewhere, comment, "fixed").status_code == 404


def test_what_was_taken_away_cannot_be_answered(cast: Cast, newer: UUID) -> None:
    comment = said(cast.gil, cast)
    cast.gil.delete(f"/api/comments/{comment['id']}")

    assert say(cast.gil, newer, comment, "fixed").status_code == 404


def test_a_comment_called_fixed_is_not_carried_on(cast: Cast, database: Database, newer: UUID) -> None:
    third = another_version(cast, database)
    compared(database, cast.version, third)
    comment = said(cast.gil, cast)
    assert len(carried(cast.ada, third)) == 1

    say(cast.gil, newer, comment, "fixed")
    assert carried(cast.ada, third) == []
    assert len(carried(cast.ada, newer)) == 1, "it is shown where it was said, with the answer"

    for word in ("better", "not-yet"):
        say(cast.gil, newer, comment, word)
        assert len(carried(cast.ada, third)) == 1

    say(cast.gil, newer, comment, "fixed")
    cast.ada.delete(f"/api/versions/{newer}")
    assert len(carried(cast.ada, third)) == 1, "the version it was said of is gone"


def test_who_may_not_hear_both_is_not_told(cast: Cast, database: Database, newer: UUID) -> None:
    comment = said(cast.gil, cast)
    say(cast.gil, newer, comment, "fixed")
    show_only(database, cast.link, newer)

    assert carried(cast.gil, newer) == []
    assert say(cast.gil, newer, comment, "better").status_code == 404


def test_two_taps_at_once_are_one_answer(
    cast: Cast, database: Database, newer: UUID, count: Callable[[type[Verdict]], int]
) -> None:
    id = UUID(said(cast.gil, cast)["id"])

    def tap(session: Session) -> VerdictShape:
        comment, version = session.get_one(Comment, id), session.get_one(Version, newer)
        return give_verdict(session, comment, version, "fixed")

    first, second = at_once(database, tap, tap)

    assert isinstance(first, VerdictShape)
    assert first == second
    assert count(Verdict) == 1
