from collections.abc import Callable
from typing import Any
from uuid import UUID

from server.database import Database
from tests.cast import Cast, another_version
from tests.databases import both_databases

pytestmark = both_databases

Events = Callable[[], list[dict[str, Any]]]


def address(version: UUID) -> str:
    return f"/api/versions/{version}"


def test_a_removed_version_is_gone_and_comes_back(cast: Cast, events: Events) -> None:
    whole = cast.ada.get(address(cast.version)).json()
    cast.gil.post(f"{address(cast.version)}/comments", json={"at": 1, "body": "Still here?"})

    assert cast.ben.delete(address(cast.version)).status_code == 204

    for browser in (cast.ada, cast.gil):
        for part in ("", "/audio", "/comments"):
            assert browser.get(address(cast.version) + part).status_code == 404
        assert browser.get(f"/api/songs/{cast.song}/versions").json()["items"] == []
    removed = events()[-1]
    assert (removed["type"], removed["version"]) == ("version.removed", whole | {"removed": True})

    back = cast.ada.post(f"{address(cast.version)}/restore")

    assert (back.status_code, back.json()) == (200, whole)
    assert (events()[-1]["type"], events()[-1]["version"]) == ("version.changed", whole)
    assert len(cast.gil.get(f"{address(cast.version)}/comments").json()["items"]) == 1


def test_its_number_is_not_given_away(cast: Cast, database: Database) -> None:
    cast.ada.delete(address(cast.version))

    second = another_version(cast, database)

    assert cast.ada.get(address(second)).json()["number"] == 2


def test_done_twice_it_is_told_once(cast: Cast, events: Events) -> None:
    for _ in range(2):
        assert cast.ada.delete(address(cast.version)).status_code == 204
    for _ in range(2):
        assert cast.ada.post(f"{address(cast.version)}/restore").status_code == 200

    assert [event["type"] for event in events()] == ["version.added", "version.removed", "version.changed"]


def test_a_guest_may_not(cast: Cast, events: Events) -> None:
    assert cast.gil.delete(address(cast.version)).status_code == 403
    assert len(events()) == 1


def test_a_guest_does_not_learn_of_what_was_removed(cast: Cast) -> None:
    cast.ada.delete(address(cast.version))

    assert cast.gil.delete(address(cast.version)).status_code == 404
    assert cast.gil.post(f"{address(cast.version)}/restore").status_code == 404


def test_outsiders_are_told_there_is_nothing(cast: Cast, events: Events) -> None:
    for outsider in cast.outsiders:
        assert outsider.delete(address(cast.version)).status_code == 404
        assert outsider.post(f"{address(cast.version)}/restore").status_code == 404
    assert len(events()) == 1
