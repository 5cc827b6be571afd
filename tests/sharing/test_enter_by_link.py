"""A listener comes by a private link: types a name, and is in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, SQLModel, select
from starlette.testclient import TestClient

from server.database import Database, now
from server.people.models import Guest, ReviewLink
from server.people.secrets import hash_of
from server.people.visitors import GUEST_COOKIE
from server.sharing.links import let_in
from tests.cast import PASSWORD, PASSWORD_HASH, Cast, browser
from tests.databases import at_once, both_databases

pytestmark = both_databases

Count = Callable[[type[SQLModel]], int]


@pytest.fixture
def change_link(cast: Cast, database: Database) -> Callable[..., None]:
    def change(**fields: Any) -> None:
        def write(session: Session) -> None:
            link = session.get_one(ReviewLink, cast.link)
            for name, value in fields.items():
                setattr(link, name, value)

        database.write(write)

    return change


def enter(who: TestClient, cast: Cast, name: str = "Hanna", **more: str) -> Any:
    return who.post(f"/r/{cast.link_secret}", data={"name": name, **more}, follow_redirects=False)


def test_the_door_says_whose_song_it_is_and_asks_for_a_name(cast: Cast) -> None:
    page = cast.stranger.get(f"/r/{cast.link_secret}")

    assert page.status_code == 200
    assert "The Lanterns" in page.text
    assert "Night Bus" in page.text
    assert 'name="name"' in page.text
    assert 'name="password"' not in page.text
    assert str(cast.version) not in page.text


def test_with_a_name_they_are_in_and_can_comment(
    cast: Cast, events: Callable[[], list[Any]], count: Count
) -> None:
    guests = count(Guest)
    answer = enter(cast.stranger, cast, "  Hanna   from work ")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/r/{cast.link_secret}")
    page = cast.stranger.get(f"/r/{cast.link_secret}").text
    assert "Hanna from work" in page
    assert str(cast.version) in page
    said = cast.stranger.post(f"/api/versions/{cast.version}/comments", json={"at": 2, "body": "hello"})
    assert said.status_code == 201
    assert said.json()["author"]["kind"] == "guest"
    assert said.json()["author"]["name"] == "Hanna from work"
    assert events()[-1]["type"] == "comment.added"
    assert count(Guest) == guests + 1


def test_the_second_they_came_for_is_kept(cast: Cast) -> None:
    answer = cast.stranger.post(
        f"/r/{cast.link_secret}?t=83.2", data={"name": "Hanna"}, follow_redirects=False
    )

    assert answer.headers["location"] == f"/r/{cast.link_secret}?t=83.2"


def test_the_name_is_remembered(client: TestClient, cast: Cast, count: Count) -> None:
    first = enter(cast.stranger, cast)
    again = browser(client, **{GUEST_COOKIE: first.cookies[GUEST_COOKIE]})

    assert "Hanna" in again.get(f"/r/{cast.link_secret}").text
    assert 'name="may_' not in again.get(f"/r/{cast.link_secret}").text
    guests = count(Guest)
    enter(again, cast, "Hanna B.")
    assert count(Guest) == guests
    assert "Hanna B." in again.get(f"/r/{cast.link_secret}").text


def test_at_the_next_links_door_the_name_stands_there_already(cast: Cast) -> None:
    enter(cast.stranger, cast)
    other = cast.ada.post("/api/songs", json={"title": "Another"}).json()["id"]
    url = cast.ada.post(f"/api/songs/{other}/links", json={}).json()["url"]

    assert 'value="Hanna"' in cast.stranger.get(url).text
    assert cast.stranger.get(f"/api/songs/{other}").status_code == 404


def test_somebody_of_the_band_is_led_to_their_own_page(cast: Cast, count: Count) -> None:
    guests = count(Guest)

    answer = cast.ada.get(f"/r/{cast.link_secret}?t=3", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/songs/{cast.song}?t=3")
    assert count(Guest) == guests


def test_somebody_of_another_band_is_a_guest_like_others(cast: Cast) -> None:
    assert 'value="Cleo"' in cast.cleo.get(f"/r/{cast.link_secret}").text

    enter(cast.cleo, cast, "Cleo")

    assert cast.cleo.get(f"/api/songs/{cast.song}").status_code == 200
    assert cast.cleo.delete(f"/api/songs/{cast.song}").status_code == 403
    assert cast.cleo.get(f"/bands/{cast.band}").status_code == 404


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "This is needed."),
        ("  \t ", "This is needed."),
        ("x" * 81, "at most 80"),
        ("nul\x00", "control characters"),
    ],
)
def test_a_name_that_does_not_do_is_said_beside_its_field(
    cast: Cast, count: Count, name: str, sentence: str
) -> None:
    guests = count(Guest)

    answer = enter(cast.stranger, cast, name)

    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert sentence in answer.text
    assert "set-cookie" not in answer.headers
    assert count(Guest) == guests


def test_markup_in_a_name_is_text(cast: Cast) -> None:
    enter(cast.stranger, cast, "<script>alert(1)</script>")
    cast.stranger.post(f"/api/versions/{cast.version}/comments", json={"at": 2, "body": "</script><b>"})

    for page in (cast.stranger.get(f"/r/{cast.link_secret}").text, cast.ada.get(f"/songs/{cast.song}").text):
        assert "<script>alert" not in page
        assert "</script><b>" not in page


def test_with_a_password_only_the_right_one_lets_in(
    cast: Cast, change_link: Callable[..., None], count: Count
) -> None:
    change_link(password_hash=PASSWORD_HASH)
    guests = count(Guest)
    assert 'name="password"' in cast.stranger.get(f"/r/{cast.link_secret}").text

    for wrong in ({}, {"password": ""}, {"password": PASSWORD.upper()}, {"password": PASSWORD + "\x00"}):
        answer = enter(cast.stranger, cast, **wrong)
        assert answer.status_code == 422
        assert 'id="password-error"' in answer.text
        assert 'value="Hanna"' in answer.text
        assert PASSWORD.upper() not in answer.text
        assert "set-cookie" not in answer.headers
    assert count(Guest) == guests

    assert enter(cast.stranger, cast, password=PASSWORD).status_code == 303
    assert cast.stranger.get(f"/api/songs/{cast.song}").status_code == 200


def test_without_a_password_one_that_is_sent_does_not_matter(cast: Cast) -> None:
    assert enter(cast.stranger, cast, password="whatever").status_code == 303


def test_a_link_that_has_expired_says_so_and_puts_guests_out(
    cast: Cast, change_link: Callable[..., None]
) -> None:
    change_link(expires_at=now() + timedelta(hours=1))
    assert cast.gil.get(f"/r/{cast.link_secret}").status_code == 200
    change_link(expires_at=now() - timedelta(seconds=1))

    for who in (cast.gil, cast.stranger):
        page = who.get(f"/r/{cast.link_secret}")
        assert page.status_code == 404
        assert "This link has ended" in page.text
        assert "Night Bus" not in page.text
        assert enter(who, cast).status_code == 404
    assert cast.gil.get(f"/api/versions/{cast.version}/audio").status_code == 404
    assert cast.gil.get(f"/api/versions/{cast.version}/comments").status_code == 404


def test_a_song_that_was_removed_has_no_door(cast: Cast) -> None:
    cast.ada.delete(f"/api/songs/{cast.song}")

    for who in (cast.gil, cast.stranger):
        assert who.get(f"/r/{cast.link_secret}").status_code == 404
        assert enter(who, cast).status_code == 404


def test_a_secret_that_the_browser_brings_along_is_not_taken_over(client: TestClient, cast: Cast) -> None:
    planted = browser(client, **{GUEST_COOKIE: "chosen by somebody else"})

    answer = enter(planted, cast)

    given = answer.cookies[GUEST_COOKIE]
    assert given != "chosen by somebody else"
    assert len(given) == 22
    other = browser(client, **{GUEST_COOKIE: "chosen by somebody else"})
    assert other.get(f"/api/songs/{cast.song}").status_code == 404


def test_sent_twice_at_once_one_browser_is_one_guest(cast: Cast, database: Database) -> None:
    other = cast.ada.post(f"/api/songs/{cast.song}/links", json={}).json()["id"]
    secret = cast.gil.cookies[GUEST_COOKIE]

    def come(session: Session) -> str:
        return let_in(session, session.get_one(ReviewLink, UUID(other)), "Gil", secret)

    assert at_once(database, come, come) == [secret, secret]

    def guests(session: Session) -> int:
        return len(session.exec(select(Guest).where(Guest.link_id == UUID(other))).all())

    assert database.read(guests) == 1


def test_who_holds_two_links_may_do_what_either_allows(
    client: TestClient, cast: Cast, database: Database
) -> None:
    """Listening only came first: the second link, with comments, must not be lost on the same browser."""
    url = cast.ada.post(f"/api/songs/{cast.song}/links", json={"may_download": True}).json()["url"]
    comments = f"/api/versions/{cast.version}/comments"
    assert cast.lou.post(comments, json={"at": 1, "body": "x"}).status_code == 403

    cast.lou.post(url, data={"name": "Lou B."})

    said = cast.lou.post(comments, json={"at": 1, "body": "x"})
    assert said.status_code == 201
    assert said.json()["author"]["name"] == "Lou B."
    audio = cast.lou.get(f"/api/versions/{cast.version}/audio?download=1")
    assert audio.status_code == 200
    assert cast.lou.delete(f"/api/comments/{said.json()['id']}").status_code == 204


def test_the_links_page_counts_who_came(cast: Cast, database: Database) -> None:
    def link() -> dict[str, Any]:
        items = cast.ada.get(f"/api/songs/{cast.song}/links").json()["items"]
        return next(item for item in items if item["id"] == str(cast.link))

    before = link()["guests"]
    begin = now()
    enter(cast.stranger, cast)

    assert link()["guests"] == before + 1
    row = database.read(lambda session: session.get_one(ReviewLink, cast.link))
    assert row.last_used_at and row.last_used_at >= begin
    assert row.secret_hash == hash_of(cast.link_secret)
