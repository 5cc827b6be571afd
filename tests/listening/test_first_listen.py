"""Where the band wants it, a guest hears the song once before they see what others said: by API and page alike."""

import re
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Client

from server.database import Database
from tests.cast import Cast, another_version
from tests.databases import both_databases
from tests.feedback.saying import said
from tests.listening.asking import agreement, answered, answers, asked, questions

pytestmark = both_databases

SECONDS = 60.0  # of the cast's version


@pytest.fixture
def protected(cast: Cast) -> Cast:
    """Ada said, felt and answered something; so did Gil. Then she protected the first listen."""
    question = asked(cast, "pad")
    for who in (cast.ada, cast.gil):
        said(who, cast, "In the bridge", at=10.0)
        tap = {"kind": "love", "at": 5.0}
        who.post(f"/api/versions/{cast.version}/reactions", json=tap).raise_for_status()
        answered(who, question)
    protect(cast)
    return cast


def protect(cast: Cast, on: bool = True) -> None:
    changed = cast.ada.patch(f"/api/versions/{cast.version}", json={"first_listen_protected": on})
    assert changed.json()["first_listen_protected"] is on


def heard(client: Client, cast: Cast, *parts: tuple[float, float]) -> dict[str, Any]:
    answer = client.post(f"/api/versions/{cast.version}/heard", json={"parts": parts})
    assert answer.status_code == 200, answer.text
    shape: dict[str, Any] = answer.json()
    return shape


def authors(client: Client, cast: Cast) -> dict[str, list[str]]:
    """Whose words, taps and answers this listener is given, by API and on the page."""
    found = {}
    for what in ("comments", "reactions", "answers"):
        items = client.get(f"/api/versions/{cast.version}/{what}").raise_for_status().json()["items"]
        found[what] = sorted(item["author"]["name"] for item in items)
    page = client.get(f"/songs/{cast.song}").raise_for_status().text
    found["page"] = sorted(set(re.findall(r'"name": "(Ada|Gil)"', page)))
    return found


ALL = {
    "comments": ["Ada", "Gil"],
    "reactions": ["Ada", "Gil"],
    "answers": ["Ada", "Gil"],
    "page": ["Ada", "Gil"],
}


def test_a_guest_sees_only_their_own_until_they_heard_it_once(protected: Cast) -> None:
    cast = protected
    assert authors(cast.gil, cast) == {
        "comments": ["Gil"],
        "reactions": ["Gil"],
        "answers": ["Gil"],
        "page": ["Gil"],
    }
    assert authors(cast.lou, cast) == {"comments": [], "reactions": [], "answers": [], "page": []}
    assert len(questions(cast.lou, cast.version)) == 1
    assert [one["listeners"] for one in agreement(cast.lou, cast.version).values()] == [0]

    assert heard(cast.lou, cast, (0.0, 30.0))["waits"] is True
    assert authors(cast.lou, cast)["comments"] == []
    assert heard(cast.lou, cast, (29.0, 54.5))["waits"] is False

    assert authors(cast.lou, cast) == ALL
    assert authors(cast.gil, cast)["comments"] == ["Gil"]


def test_the_band_sees_everything_and_turning_it_off_shows_everything(protected: Cast) -> None:
    assert authors(protected.ada, protected) == authors(protected.ben, protected) == ALL
    protect(protected, on=False)
    assert authors(protected.lou, protected) == ALL


def test_only_the_band_protects_it(cast: Cast) -> None:
    for who, refused in ((cast.gil, 403), (cast.cleo, 404), (cast.stranger, 404)):
        answer = who.patch(f"/api/versions/{cast.version}", json={"first_listen_protected": True})
        assert answer.status_code == refused
    assert cast.ada.get(f"/api/versions/{cast.version}").json()["first_listen_protected"] is False


def test_what_was_heard_is_counted_once_and_survives(protected: Cast) -> None:
    cast = protected
    assert heard(cast.gil, cast) == {
        "version": str(cast.version),
        "waits": True,
        "heard": 0.0,
        "left": 0.9 * SECONDS,
    }
    heard(cast.gil, cast, (10.0, 20.0), (15.0, 25.0), (40.0, 41.0), (3.0, 3.0), (9.0, 2.0))
    heard(cast.gil, cast, (10.0, 25.0))
    # Nothing after the end counts.
    heard(cast.gil, cast, (58.0, 9000.0))

    there = cast.gil.get(f"/api/versions/{cast.version}/heard").json()

    assert (there["heard"], there["left"], there["waits"]) == (18.0, 36.0, True)


def test_a_spoken_comment_a_deep_link_and_a_carried_comment_wait_too(
    protected: Cast, database: Database
) -> None:
    cast = protected
    secret = said(cast.ada, cast, "only here", at=33.25)
    newer = another_version(cast, database)

    for who in (cast.gil, cast.lou):
        assert who.get(f"/api/comments/{secret['id']}/voice").status_code == 404
        page = who.get(f"/songs/{cast.song}?comment={secret['id']}").text
        assert secret["id"] not in page and "only here" not in page
        assert not re.search(r"\b33\.25\b", page)  # the digits alone may be part of a time of day
        carried = who.get(f"/api/versions/{newer}/carried").json()["items"]
        assert {item["comment"]["author"]["name"] for item in carried} <= {"Gil"}
        assert who.delete(f"/api/comments/{secret['id']}").status_code == 404
    carried = cast.ada.get(f"/api/versions/{newer}/carried").json()["items"]
    assert secret["id"] in {item["comment"]["id"] for item in carried}


def test_what_is_carried_into_a_protected_version_waits_too(cast: Cast, database: Database) -> None:
    old = said(cast.ada, cast, "from the one before", at=3.0)
    newer = another_version(cast, database)
    cast.ada.patch(f"/api/versions/{newer}", json={"first_listen_protected": True})
    address = f"/api/versions/{newer}"

    assert cast.gil.get(f"{address}/carried").json()["items"] == []
    assert "from the one before" not in cast.gil.get(f"/songs/{cast.song}").text
    cast.gil.post(f"{address}/heard", json={"parts": [[0, 60]]}).raise_for_status()
    carried = cast.gil.get(f"{address}/carried").json()["items"]
    assert [item["comment"]["id"] for item in carried] == [old["id"]]


def test_the_band_is_not_counted_and_outsiders_find_nothing(protected: Cast) -> None:
    cast = protected
    assert heard(cast.ada, cast, (0.0, 60.0)) == {
        "version": str(cast.version),
        "waits": False,
        "heard": 0.0,
        "left": 54.0,
    }
    for outsider in cast.outsiders:
        answer = outsider.post(f"/api/versions/{cast.version}/heard", json={"parts": []})
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"parts": [[0]]},
        {"parts": [[-1, 3]]},
        {"parts": [["0", 3]]},
        {"parts": [[0, 1]] * 201},
        {"parts": 3},
    ],
)
def test_what_is_no_report_is_refused(protected: Cast, wrong: dict[str, Any]) -> None:
    answer = protected.gil.post(f"/api/versions/{protected.version}/heard", json=wrong)

    assert answer.status_code == 422
    assert answers(protected.gil, protected.version)[0]["author"]["name"] == "Gil"


def test_who_waits_cannot_learn_by_replying_that_something_is_there(protected: Cast) -> None:
    cast = protected
    secret = said(cast.ada, cast, "hidden", at=33.25)
    sent = {"id": str(uuid4()), "at": 1.0, "body": "me too", "reply_to": secret["id"]}

    answer = cast.gil.post(f"/api/versions/{cast.version}/comments", json=sent)

    assert (answer.status_code, "33.25" in answer.text) == (422, False)


def test_what_waited_is_new_after_the_first_listen_whatever_was_marked_seen_before(
    cast: Cast, database: Database
) -> None:
    newer, seen = another_version(cast, database), f"/api/songs/{cast.song}/seen"
    protect(cast)
    hidden = said(cast.ada, cast, "hidden")
    shown = said(cast.ada, cast, "shown", version=newer)
    before = cast.gil.get(seen).json()
    assert [one["comment"] for one in before["unread"]] == [shown["id"]]

    everything = list(range(1, before["seq"] + 1))
    assert cast.gil.post(seen, json={"numbers": everything}).json()["unread"] == []
    heard(cast.gil, cast, (0.0, 60.0))

    assert [one["comment"] for one in cast.gil.get(seen).json()["unread"]] == [hidden["id"]]
