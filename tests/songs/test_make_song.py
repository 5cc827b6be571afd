from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from server.database import Database
from server.people import bands
from server.people.models import Person
from server.songs.models import Song
from tests.cast import Cast
from tests.databases import both_databases

pytestmark = both_databases

Count = Callable[[type[Song]], int]


def test_a_member_makes_a_song(cast: Cast, count: Count) -> None:
    answer = cast.ben.post("/api/songs", json={"title": "  Slow   Train "})

    assert answer.status_code == 201
    song = answer.json()
    assert song["title"] == "Slow Train"
    assert song["band"] == {"id": str(cast.band), "name": "The Lanterns"}
    assert song["removed"] is False
    assert cast.ada.get(f"/api/songs/{song['id']}").json() == song
    assert song in cast.ada.get("/api/songs").json()["items"]
    assert count(Song) == 2


def test_the_page_leads_on_to_the_first_upload(cast: Cast, count: Count) -> None:
    form = {"title": "Slow Train", "band": str(cast.band)}
    answer = cast.ben.post("/songs", data=form, follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"].endswith("/versions/new")
    assert cast.ben.get(answer.headers["location"]).status_code == 200
    assert count(Song) == 2


def test_the_page_without_a_title_comes_back_with_a_sentence(cast: Cast, count: Count) -> None:
    answer = cast.ben.post("/songs", data={"title": "  ", "band": str(cast.band)})

    assert answer.status_code == 422
    assert "This is needed" in answer.text
    assert count(Song) == 1


def test_the_second_bands_song_is_not_seen_by_the_first(cast: Cast) -> None:
    song = cast.cleo.post("/api/songs", json={"title": "Ours"}).json()

    assert song["band"]["name"] == "The Others"
    assert cast.ada.get(f"/api/songs/{song['id']}").status_code == 404
    assert [item["title"] for item in cast.ada.get("/api/songs").json()["items"]] == ["Night Bus"]


def test_a_song_in_somebody_elses_band_is_not_made(cast: Cast, count: Count) -> None:
    for band in (str(cast.band), str(uuid4())):
        answer = cast.cleo.post("/api/songs", json={"title": "Mine now", "band": band})
        assert answer.status_code == 404
    assert count(Song) == 1


def test_a_stranger_and_a_guest_are_asked_to_sign_in(cast: Cast, count: Count) -> None:
    for browser in (cast.stranger, cast.gil):
        assert browser.post("/api/songs", json={"title": "Mine"}).status_code == 401
        assert browser.get("/api/songs").status_code == 401
    assert count(Song) == 1


def test_who_is_in_two_bands_says_which_one(cast: Cast, database: Database) -> None:
    def found(session: Any) -> str:
        return str(bands.add_band(session, "Side Project", session.get_one(Person, cast.ada_id)).id)

    second = database.write(found)

    answer = cast.ada.post("/api/songs", json={"title": "Which"})
    assert answer.status_code == 422
    assert "which" in answer.json()["error"]["details"]["fields"]["band"]
    made = cast.ada.post("/api/songs", json={"title": "That", "band": second})
    assert made.json()["band"]["name"] == "Side Project"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": " \n "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "a\x07b"}, "title"),
        ({"title": None}, "title"),
        ({"band": "the lanterns"}, "band"),
        ({"id": "1"}, "id"),
    ],
)
def test_nonsense_is_named(cast: Cast, count: Count, wrong: dict[str, Any], field: str) -> None:
    answer = cast.ada.post("/api/songs", json={"title": "fine"} | wrong)

    assert answer.status_code == 422
    assert field in answer.json()["error"]["details"]["fields"]
    assert count(Song) == 1


def test_markup_in_a_title_is_shown_as_text(cast: Cast) -> None:
    song = cast.ada.post("/api/songs", json={"title": "<script>alert(1)</script>"}).json()

    page = cast.ada.get(f"/songs/{song['id']}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
