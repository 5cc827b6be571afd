"""Calling somebody by name in a comment: kept by who they are, and only who may hear the version can be called."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Client
from sqlmodel import Session, select

from server.database import Database, now
from server.feedback.mentions import is_named, parts_of
from server.people.models import Guest, Person, ReviewLink
from server.people.secrets import new_secret
from server.songs.models import Song
from tests.cast import Cast, add_review_link, another_version
from tests.databases import both_databases
from tests.feedback.saying import listed, said


def people(client: Client, cast: Cast, version: UUID | None = None) -> list[str]:
    answer = client.get(f"/api/versions/{version or cast.version}/people")
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["items"]]


def mentioned(comment: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["id"], each["name"]) for each in comment["mentions"]]


@pytest.fixture
def limit_to(cast: Cast, database: Database) -> Callable[[str, object], None]:
    """Lets the first link (Gil's) show only these versions."""

    def limit(column: str, value: object) -> None:
        def write(session: Session) -> None:
            link = session.get_one(ReviewLink, cast.link)
            setattr(link, column, value)
            session.add(link)

        database.write(write)

    return limit


@both_databases
class TestOnBothDatabases:
    def test_a_guest_and_a_member_are_kept_by_who_they_are(
        self, cast: Cast, events: Callable[[], list[dict[str, Any]]]
    ) -> None:
        comment = said(
            cast.ben, cast, "@Ada and @Gil: louder?", mentions=[str(cast.ada_id), str(cast.gil_id)]
        )

        assert mentioned(comment) == [(str(cast.ada_id), "Ada"), (str(cast.gil_id), "Gil")]
        assert [each["kind"] for each in comment["mentions"]] == ["person", "guest"]
        assert events()[-1]["comment"] == comment == listed(cast.gil, cast)[0]
        assert comment["seq"] == events()[-1]["seq"] == comment["mentions"][0]["seq"]

    def test_an_edit_keeps_who_is_still_named_and_adds_who_is_new(
        self, cast: Cast, events: Callable[[], list[dict[str, Any]]]
    ) -> None:
        comment = said(cast.ben, cast, "@Ada: louder?", mentions=[str(cast.ada_id)])
        address = f"/api/comments/{comment['id']}"

        kept = cast.ben.patch(address, json={"body": "Hm, @Ada: softer?"}).json()
        both = cast.ben.patch(
            address, json={"body": "@Ada @Gil", "mentions": [str(cast.ada_id), str(cast.gil_id)]}
        ).json()
        gone = cast.ben.patch(address, json={"body": "Only @Gil"}).json()

        assert kept["mentions"] == comment["mentions"]
        assert mentioned(both) == [(str(cast.ada_id), "Ada"), (str(cast.gil_id), "Gil")]
        assert [each["seq"] for each in both["mentions"]] == [comment["seq"], events()[-2]["seq"]]
        assert mentioned(gone) == [(str(cast.gil_id), "Gil")]
        assert both["seq"] == comment["seq"]

    def test_the_same_again_changes_nothing(
        self, cast: Cast, events: Callable[[], list[dict[str, Any]]]
    ) -> None:
        comment = said(cast.ben, cast, "@Ada", mentions=[str(cast.ada_id)])
        before = len(events())

        again = cast.ben.patch(
            f"/api/comments/{comment['id']}", json={"body": "@Ada", "mentions": [str(cast.ada_id)]}
        )

        assert again.json() == comment
        assert len(events()) == before

    def test_somebody_renamed_or_gone_stays_mentioned(self, cast: Cast, database: Database) -> None:
        comment = said(cast.ada, cast, "@Ben @Gil", mentions=[_id_of(database, "Ben"), str(cast.gil_id)])

        def change(session: Session) -> None:
            ben = session.get_one(Person, UUID(comment["mentions"][0]["id"]))
            gil = session.get_one(Guest, cast.gil_id)
            ben.name, gil.ended_at = "Benedict", now()
            session.add_all([ben, gil])

        database.write(change)
        edited = cast.ada.patch(f"/api/comments/{comment['id']}", json={"body": "@Ben @Gil: here"}).json()

        assert listed(cast.ada, cast)[0]["mentions"] == edited["mentions"] == comment["mentions"]
        assert people(cast.ada, cast) == ["Benedict", "Lou"]

    def test_a_name_that_is_not_in_the_words_is_no_mention(self, cast: Cast) -> None:
        for words in ("Ada", "ada@Ada.example", "@Adam", "@ada"):
            assert said(cast.ben, cast, words, mentions=[str(cast.ada_id)])["mentions"] == []

    def test_who_may_not_hear_the_version_is_left_out_without_a_word(
        self, cast: Cast, database: Database, limit_to: Callable[[str, object], None]
    ) -> None:
        newer = another_version(cast, database)
        limit_to("versions", str(newer))
        cleo, stranger = _id_of(database, "Cleo"), str(uuid4())

        comment = said(cast.ada, cast, "@Gil @Cleo @Nobody", mentions=[str(cast.gil_id), cleo, stranger])

        assert comment["mentions"] == []
        assert people(cast.ada, cast) == ["Ben", "Lou"]
        assert people(cast.ada, cast, newer) == ["Ben", "Lou", "Gil"]

    def test_a_link_that_has_ended_takes_its_guests_from_the_list(
        self, cast: Cast, limit_to: Callable[[str, object], None]
    ) -> None:
        assert "Gil" in people(cast.ada, cast)
        limit_to("revoked_at", now())
        assert "Gil" not in people(cast.ada, cast)

    def test_a_guest_is_offered_only_who_has_shown_themselves_on_what_they_hear(
        self, cast: Cast, database: Database, limit_to: Callable[[str, object], None]
    ) -> None:
        newer = another_version(cast, database)
        limit_to("versions", str(cast.version))
        # Ada brought the version; Ben has said nothing yet, and what he says elsewhere Gil does not hear of.
        assert people(cast.gil, cast) == ["Ada"]
        said(cast.ben, cast, "On the new one", version=newer)
        assert people(cast.gil, cast) == ["Ada"]
        said(cast.ben, cast, "On this one")
        assert people(cast.gil, cast) == ["Ada", "Ben"]

    def test_one_browser_with_two_links_is_one_person(self, cast: Cast, database: Database) -> None:
        secret = new_secret()

        def add(session: Session) -> None:
            add_review_link(session, session.get_one(Song, cast.song), secret)

        database.write(add)
        cast.gil.post(f"/r/{secret}", data={"name": "Gilbert"})

        assert sorted(people(cast.ada, cast)) == ["Ben", "Gilbert", "Lou"]
        comment = said(cast.ada, cast, "@Gilbert", mentions=[str(cast.gil_id)])
        assert mentioned(comment) == [(str(cast.gil_id), "Gilbert")]


def _id_of(database: Database, name: str) -> str:
    return str(
        database.read(lambda session: session.exec(select(Person.id).where(Person.name == name)).one())
    )


def test_bad_ids_are_refused(cast: Cast) -> None:
    address = f"/api/versions/{cast.version}/comments"
    for mentions in (["nobody"], "x", [1], [str(cast.ada_id)] * 21, {"id": 1}):
        answer = cast.ben.post(address, json={"at": 1, "body": "@Ada", "mentions": mentions})
        assert answer.status_code == 422, mentions


def test_nobody_else_changes_whom_a_comment_mentions(cast: Cast) -> None:
    comment = said(cast.gil, cast, "@Ada", mentions=[str(cast.ada_id)])
    answer = cast.ada.patch(f"/api/comments/{comment['id']}", json={"mentions": []})
    assert answer.status_code == 403


def test_who_may_not_comment_is_offered_nobody(cast: Cast) -> None:
    assert cast.lou.get(f"/api/versions/{cast.version}/people").status_code == 403
    for who in cast.outsiders:
        assert who.get(f"/api/versions/{cast.version}/people").status_code == 404


def test_the_page_shows_the_name_as_text_and_marks_ones_own(cast: Cast) -> None:
    said(cast.ben, cast, "<b>@Ada</b> & @Gil", mentions=[str(cast.ada_id), str(cast.gil_id)])

    page = cast.ada.get(f"/songs/{cast.song}").text

    assert (
        '&lt;b&gt;<span class="mention is-you">@Ada</span>&lt;/b&gt; &amp; <span class="mention">@Gil</span>'
        in page
    )


@pytest.mark.parametrize(
    ("words", "name", "named"),
    [
        ("@Aunt May, listen", "Aunt May", True),
        ("(@Zoë!)", "Zoë", True),
        ("@Zoë", "Zo", False),
        ("me@Ada", "Ada", False),
        ("@Ada's part", "Ada", True),
        ("@A+B (live)", "A+B (live)", True),
        ("@AAB (live)", "A+B (live)", False),
    ],
)
def test_a_name_counts_as_a_word(words: str, name: str, named: bool) -> None:
    assert is_named(words, name) is named


def test_the_longest_name_wins() -> None:
    ann, lee = {"id": "1", "name": "Ann"}, {"id": "2", "name": "Ann Lee"}
    assert parts_of("@Ann Lee and @Ann", [ann, lee]) == [("@Ann Lee", lee), (" and ", None), ("@Ann", ann)]
