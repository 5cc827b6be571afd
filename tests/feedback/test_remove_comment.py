from collections.abc import Callable
from typing import Any

from tests.cast import Cast
from tests.databases import both_databases
from tests.feedback.saying import listed, said

pytestmark = both_databases

Events = Callable[[], list[dict[str, Any]]]


def test_one_takes_ones_own_comment_away_and_brings_it_back(cast: Cast, events: Events) -> None:
    comment = said(cast.gil, cast)
    address = f"/api/comments/{comment['id']}"

    assert cast.gil.delete(address).status_code == 204
    assert listed(cast.ada, cast) == []

    assert cast.gil.post(f"{address}/restore").json() == comment
    assert listed(cast.ada, cast) == [comment]
    assert [(e["type"], e["comment"]["removed"]) for e in events()[-2:]] == [
        ("comment.removed", True),
        ("comment.changed", False),
    ]


def test_nobody_takes_away_somebody_elses(cast: Cast) -> None:
    comment = said(cast.gil, cast)

    for other in (cast.ada, cast.lou):
        assert other.delete(f"/api/comments/{comment['id']}").status_code == 403
    for outsider in cast.outsiders:
        assert outsider.delete(f"/api/comments/{comment['id']}").status_code == 404
    assert listed(cast.ada, cast) == [comment]


def test_nobody_else_sees_or_brings_back_what_was_taken_away(cast: Cast) -> None:
    comment = said(cast.gil, cast)
    cast.gil.delete(f"/api/comments/{comment['id']}")

    for other in (cast.ada, *cast.outsiders):
        assert other.post(f"/api/comments/{comment['id']}/restore").status_code == 404


def test_twice_is_harmless(cast: Cast, events: Events) -> None:
    comment = said(cast.gil, cast)
    address = f"/api/comments/{comment['id']}"

    assert [cast.gil.delete(address).status_code for _ in range(2)] == [204, 204]
    assert len([event for event in events() if event["type"] == "comment.removed"]) == 1
    assert [cast.gil.post(f"{address}/restore").status_code for _ in range(2)] == [200, 200]
