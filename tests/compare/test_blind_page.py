"""The page of a blind test as the server draws it; what its scripts add is in tests/browser."""

import re
from collections.abc import Callable
from typing import Any

from sqlmodel import SQLModel
from starlette.testclient import TestClient

from server.compare.models import BlindVote
from server.database import Database
from server.people.models import ReviewLink
from tests.cast import Cast
from tests.compare.blind import Pair, asked, guests
from tests.compare.test_reveal import for_version

Count = Callable[[type[SQLModel]], int]


def page_of(cast: Cast, test: dict[str, Any]) -> str:
    return f"/songs/{cast.song}/blind/{test['id']}"


def test_band_and_guests_see_it(cast: Cast, test: dict[str, Any]) -> None:
    for listener in (cast.ada, cast.ben, cast.gil, cast.lou):
        answer = listener.get(page_of(cast, test))
        assert answer.status_code == 200
        assert "Which one do you prefer?" in answer.text
        assert ("Reveal" in answer.text) is (listener in (cast.ada, cast.ben))
        assert ("for listening only" in answer.text) is (listener is cast.lou)


def test_its_source_is_the_same_whoever_hears_which_as_x(
    client: TestClient, cast: Cast, database: Database, test: dict[str, Any]
) -> None:
    one_s_own = re.compile(r'Guest \d+|hue-\d|"hue":\s*\d|"id":\s*"[^"]*", "kind"')
    pages = [guest.get(page_of(cast, test)).text for guest in guests(client, cast, database, 10)]

    assert len({one_s_own.sub("", page) for page in pages}) == 1
    assert not re.search(r"\bv[23]\b", pages[0])


def test_a_form_votes_and_votes_again(cast: Cast, test: dict[str, Any], address: str, count: Count) -> None:
    for choice in ("x", "y"):
        form = {"choice": choice}
        answer = cast.gil.post(f"/blind-tests/{test['id']}/vote", data=form, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, page_of(cast, test))
        assert cast.gil.get(address).json()["yours"] == choice
    assert cast.gil.post(f"/blind-tests/{test['id']}/vote", data={"choice": "z"}).status_code == 422
    assert cast.lou.post(f"/blind-tests/{test['id']}/vote", data={"choice": "x"}).status_code == 403
    assert count(BlindVote) == 1


def test_the_reveal_names_names(cast: Cast, test: dict[str, Any], address: str) -> None:
    for_version(cast.gil, address, "b")
    cast.gil.post(f"/blind-tests/{test['id']}/reveal")
    assert "You heard" not in cast.gil.get(page_of(cast, test)).text

    answer = cast.ben.post(f"/blind-tests/{test['id']}/reveal")

    assert "1 of 1 preferred v3." in answer.text
    gils = cast.gil.get(page_of(cast, test)).text
    x = {"a": "v2", "b": "v3"}[cast.gil.get(address).json()["result"]["x"]]
    assert f"You heard {x} as X" in gils
    assert 'action="/blind-tests' not in gils


def test_the_band_makes_a_link_that_leads_to_it(
    cast: Cast, test: dict[str, Any], database: Database, count: Count
) -> None:
    before = count(ReviewLink)
    made = cast.ada.post(page_of(cast, test))
    address = re.search(r'value="http://earmark.test(/r/[^"]*)"', made.text)
    assert address
    link = address[1].replace("&amp;", "&")

    door = cast.stranger.post(link, data={"name": "Hal"}, follow_redirects=False)
    assert (door.status_code, door.headers["location"]) == (303, link)
    led = cast.stranger.get(link, follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, page_of(cast, test))
    assert cast.stranger.get(led.headers["location"]).status_code == 200
    # The two versions of the test and no other.
    assert cast.stranger.get(f"/api/versions/{cast.version}").status_code == 404
    assert count(ReviewLink) == before + 1
    # The band comes to the same page by it.
    assert cast.ben.get(link, follow_redirects=False).headers["location"] == page_of(cast, test)


def test_a_link_for_a_long_question(cast: Cast, versions: Pair) -> None:
    test = asked(cast.ada, cast, versions, question="Which? " * 28)

    assert "Send this link" in cast.ada.post(page_of(cast, test)).text


def test_an_address_without_a_test_leads_to_the_song(cast: Cast) -> None:
    for wrong in ("", "nonsense", "%00", "../.."):
        answer = cast.gil.get(f"/r/{cast.link_secret}?blind={wrong}", follow_redirects=False)
        assert answer.status_code == 200
        assert "Night Bus" in answer.text
    led = cast.ada.get(f"/r/{cast.link_secret}?t=5", follow_redirects=False)
    assert led.headers["location"] == f"/songs/{cast.song}?t=5"


def test_guests_make_no_links(cast: Cast, test: dict[str, Any], count: Count) -> None:
    before = count(ReviewLink)
    for guest in (cast.gil, cast.lou):
        assert guest.post(page_of(cast, test)).status_code == 403
    for outsider in cast.outsiders:
        assert outsider.post(page_of(cast, test)).status_code == 404
    assert count(ReviewLink) == before


def test_a_deleted_one_offers_the_band_to_undo_it(cast: Cast, test: dict[str, Any]) -> None:
    deleted = cast.ada.post(f"/blind-tests/{test['id']}/remove")
    assert "This blind test was deleted" in deleted.text
    assert cast.gil.get(page_of(cast, test)).status_code == 404
    assert cast.gil.post(f"/blind-tests/{test['id']}/restore").status_code == 404

    restored = cast.ben.post(f"/blind-tests/{test['id']}/restore")

    assert "This blind test was deleted" not in restored.text
    assert cast.gil.get(page_of(cast, test)).status_code == 200


def test_it_has_its_place_in_its_own_song_only(cast: Cast, test: dict[str, Any]) -> None:
    other = cast.ada.post("/api/songs", json={"title": "Another"}).json()["id"]

    assert cast.ada.get(f"/songs/{other}/blind/{test['id']}").status_code == 404
    assert cast.ada.post(f"/songs/{other}/blind/{test['id']}").status_code == 404


def test_a_question_is_text_and_no_markup(cast: Cast, versions: Pair) -> None:
    question = "<img src=x onerror=alert(1)> & {{ 7 * 7 }}"
    test = asked(cast.ada, cast, versions, question=question)

    text = cast.gil.get(page_of(cast, test)).text

    assert "<img" not in text
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; {{ 7 * 7 }}" in text


def test_the_songs_other_tests_are_listed(cast: Cast, versions: Pair, test: dict[str, Any]) -> None:
    other = asked(cast.ada, cast, versions, question="And the chorus?")

    text = cast.gil.get(page_of(cast, test)).text

    assert f"/songs/{cast.song}/blind/{other['id']}" in text
    assert text.count("And the chorus?") >= 1
