"""The page with all links of a song."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from server.database import Database, now
from server.people.models import ReviewLink
from tests.cast import Cast


def make(cast: Cast, name: str, **choices: Any) -> str:
    made = cast.ada.post(f"/api/songs/{cast.song}/links", json={"name": name, **choices})
    assert made.status_code == 201
    return str(made.json()["id"])


def sections(cast: Cast) -> tuple[str, str]:
    """What the page says of links that work, and of those that do not."""
    page = cast.ben.get(f"/songs/{cast.song}/links").text
    working, _, ended = page.partition('id="live-links"')[2].partition('id="ended-links"')
    return working, ended


def expire(database: Database, id: str) -> None:
    def write(session: Session) -> None:
        session.get_one(ReviewLink, UUID(id)).expires_at = now() - timedelta(minutes=1)

    database.write(write)


def test_it_says_of_each_what_it_allows(cast: Cast) -> None:
    make(
        cast,
        "The label",
        may_comment=False,
        may_download=True,
        password="ask the drummer",
        versions=[str(cast.version)],
        expires_at=(now() + timedelta(days=2)).isoformat(),
    )

    working, ended = sections(cast)

    label = working.partition("The label")[2].partition("</li>")[0]
    assert "1 chosen version " in label.replace("\n", " ")
    assert "listen only" in label
    assert "download" in label
    assert "password" in label
    assert "ends" in label
    assert "nobody has opened it yet" in label
    assert ended == ""


def test_it_says_who_came(cast: Cast) -> None:
    working, _ = sections(cast)

    assert working.count("1 person has come by it") == 2


def test_links_that_expired_stand_apart_and_offer_nothing(cast: Cast, database: Database) -> None:
    make(cast, "Still good", expires_at=(now() + timedelta(days=2)).isoformat())
    old = make(cast, "Too old")
    expire(database, old)

    working, ended = sections(cast)

    assert "Still good" in working
    assert "Too old" not in working
    assert "Too old" in ended
    assert f"/links/{old}/revoke" not in working + ended
    assert f"/links/{old}/restore" not in working + ended
    listed = cast.ada.get(f"/api/songs/{cast.song}/links").json()["items"]
    assert [link["expired"] for link in listed if link["name"]] == [True, False]


def test_links_that_were_ended_can_be_brought_back_from_there(cast: Cast) -> None:
    id = make(cast, "For grandma")
    working, _ = sections(cast)
    assert f'action="/links/{id}/revoke"' in working

    cast.ada.post(f"/links/{id}/revoke")

    working, ended = sections(cast)
    assert "For grandma" not in working
    assert f'action="/links/{id}/restore"' in ended


def test_one_that_was_ended_and_has_expired_offers_nothing_either(cast: Cast, database: Database) -> None:
    id = make(cast, "Gone twice")
    cast.ada.delete(f"/api/links/{id}")
    expire(database, id)

    _, ended = sections(cast)

    assert "Gone twice" in ended
    assert f"/links/{id}/restore" not in ended


def test_the_newest_stands_first(cast: Cast) -> None:
    for name in ("first", "second", "third"):
        make(cast, name)

    named = [link["name"] for link in cast.ada.get(f"/api/songs/{cast.song}/links").json()["items"]]

    assert [name for name in named if name] == ["third", "second", "first"]


def test_a_song_without_links_says_what_to_do(cast: Cast) -> None:
    other = cast.ada.post("/api/songs", json={"title": "Another"}).json()["id"]

    assert "None yet." in cast.ada.get(f"/songs/{other}/links").text


def test_guests_may_not_see_it_and_outsiders_find_nothing(cast: Cast) -> None:
    for who, status in ((cast.gil, 403), (cast.cleo, 404), (cast.stranger, 404)):
        answer = who.get(f"/songs/{cast.song}/links")
        assert answer.status_code == status
        assert "come by it" not in answer.text


def test_links_of_another_song_are_not_listed(cast: Cast) -> None:
    make(cast, "Only for this one")
    other = cast.ada.post("/api/songs", json={"title": "Another"}).json()["id"]

    assert "Only for this one" not in cast.ada.get(f"/songs/{other}/links").text
    assert cast.ada.get(f"/api/songs/{other}/links").json()["items"] == []
