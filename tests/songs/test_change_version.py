from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Cast
from tests.databases import both_databases

pytestmark = both_databases

Events = Callable[[], list[dict[str, Any]]]


def address(cast: Cast) -> str:
    return f"/api/versions/{cast.version}"


def test_a_member_renames_a_version(cast: Cast, events: Events) -> None:
    before = cast.ada.get(address(cast)).json()
    change = {"label": " mix 1,  vocals up ", "notes": "By ear.\r\nOn small speakers.", "stage": "mastering"}

    answer = cast.ben.patch(address(cast), json=change)

    assert answer.status_code == 200
    changed = answer.json()
    assert changed == before | {
        "label": "mix 1, vocals up",
        "notes": "By ear.\nOn small speakers.",
        "stage": "mastering",
    }
    assert cast.gil.get(address(cast)).json() == changed
    assert (events()[-1]["type"], events()[-1]["version"]) == ("version.changed", changed)


def test_what_is_not_named_stays(cast: Cast) -> None:
    cast.ada.patch(address(cast), json={"notes": "a"})
    cast.ada.patch(address(cast), json={"label": ""})

    version = cast.ada.get(address(cast)).json()
    assert (version["label"], version["notes"], version["stage"]) == ("", "a", "mixing")


def test_said_again_it_is_no_news(cast: Cast, events: Events) -> None:
    first = cast.ada.patch(address(cast), json={"label": "final"}).json()
    logged = len(events())

    again = cast.ada.patch(address(cast), json={"label": "final"})

    assert (again.status_code, again.json()) == (200, first)
    assert len(events()) == logged


def test_a_guest_may_not(cast: Cast, events: Events) -> None:
    assert cast.gil.patch(address(cast), json={"label": "mine"}).status_code == 403
    assert len(events()) == 1


def test_outsiders_are_told_there_is_nothing(cast: Cast, events: Events) -> None:
    for outsider in cast.outsiders:
        assert outsider.patch(address(cast), json={"label": "mine"}).status_code == 404
    assert len(events()) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"stage": "demo"}, "stage"),
        ({"label": "x" * 121}, "label"),
        ({"label": "a\x00"}, "label"),
        ({"notes": 5}, "notes"),
        ({"notes": "x" * 5001}, "notes"),
        ({"number": 7}, "number"),
    ],
)
def test_nonsense_is_named(cast: Cast, events: Events, wrong: dict[str, Any], field: str) -> None:
    answer = cast.ada.patch(address(cast), json=wrong)

    assert answer.status_code == 422
    assert field in answer.json()["error"]["details"]["fields"]
    assert len(events()) == 1
