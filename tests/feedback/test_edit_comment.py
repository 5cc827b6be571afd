from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.cast import Cast
from tests.databases import both_databases
from tests.feedback.saying import listed, said

pytestmark = both_databases


def test_one_changes_ones_own_words(cast: Cast, events: Callable[[], list[dict[str, Any]]]) -> None:
    comment = said(cast.gil, cast)
    assert comment["edited_at"] is None

    answer = cast.gil.patch(f"/api/comments/{comment['id']}", json={"body": "Too loud in the left ear"})

    assert answer.status_code == 200
    assert answer.json()["body"] == "Too loud in the left ear"
    assert answer.json()["edited_at"] is not None
    assert events()[-1] == {"seq": 3, "type": "comment.changed", "comment": answer.json()}


def test_nobody_changes_somebody_elses_words(cast: Cast) -> None:
    comment = said(cast.gil, cast)

    for other in (cast.ada, cast.lou):
        answer = other.patch(f"/api/comments/{comment['id']}", json={"body": "I love it"})
        assert answer.status_code == 403
        assert "somebody else's" in answer.json()["error"]["message"]
    assert listed(cast.gil, cast) == [comment]


def test_outsiders_are_told_there_is_nothing(cast: Cast) -> None:
    comment = said(cast.gil, cast)

    for outsider in cast.outsiders:
        assert outsider.patch(f"/api/comments/{comment['id']}", json={"body": "x"}).status_code == 404
    assert cast.gil.patch(f"/api/comments/{uuid4()}", json={"body": "x"}).status_code == 404


@pytest.mark.parametrize(
    "change", [{}, {"body": ""}, {"body": None}, {"done": "yes"}, {"at": 3}, {"body": "x" * 5001}]
)
def test_nonsense_changes_nothing(cast: Cast, change: dict[str, Any]) -> None:
    comment = said(cast.gil, cast)

    assert cast.gil.patch(f"/api/comments/{comment['id']}", json=change).status_code == 422
    assert listed(cast.gil, cast) == [comment]


def test_the_same_words_again_are_no_edit(cast: Cast, events: Callable[[], list[dict[str, Any]]]) -> None:
    comment = said(cast.gil, cast)
    before = events()

    answer = cast.gil.patch(f"/api/comments/{comment['id']}", json={"body": comment["body"]})

    assert answer.json() == comment
    assert events() == before


def test_what_was_taken_away_cannot_be_changed(cast: Cast) -> None:
    comment = said(cast.gil, cast)
    cast.gil.delete(f"/api/comments/{comment['id']}")

    assert cast.gil.patch(f"/api/comments/{comment['id']}", json={"body": "x"}).status_code == 404
