from collections.abc import Callable
from typing import Any

from tests.cast import Cast
from tests.databases import both_databases
from tests.feedback.saying import listed, said

pytestmark = both_databases


def test_the_band_marks_a_guests_comment_as_done_and_opens_it_again(
    cast: Cast, events: Callable[[], list[dict[str, Any]]]
) -> None:
    comment = said(cast.gil, cast)
    address = f"/api/comments/{comment['id']}"

    done = cast.ben.patch(address, json={"done": True}).json()
    assert done["done"]["by"] == "Ben"
    assert done["edited_at"] is None

    again = cast.ada.patch(address, json={"done": False}).json()
    assert again["done"] is None
    assert [event["type"] for event in events()[-2:]] == ["comment.changed", "comment.changed"]


def test_who_wrote_it_may_say_that_it_is_done(cast: Cast) -> None:
    comment = said(cast.gil, cast)

    assert cast.gil.patch(f"/api/comments/{comment['id']}", json={"done": True}).json()["done"]["by"] == "Gil"


def test_a_guest_does_not_decide_for_others(cast: Cast) -> None:
    comment = said(cast.ada, cast)

    for guest in (cast.gil, cast.lou):
        assert guest.patch(f"/api/comments/{comment['id']}", json={"done": True}).status_code == 403
    assert listed(cast.ada, cast) == [comment]


def test_outsiders_are_told_there_is_nothing(cast: Cast) -> None:
    comment = said(cast.ada, cast)

    for outsider in cast.outsiders:
        assert outsider.patch(f"/api/comments/{comment['id']}", json={"done": True}).status_code == 404


def test_done_twice_stays_as_it_was_first(cast: Cast) -> None:
    comment = said(cast.gil, cast)
    address = f"/api/comments/{comment['id']}"
    first = cast.ben.patch(address, json={"done": True}).json()

    assert cast.ada.patch(address, json={"done": True}).json() == first


def test_words_and_tick_are_both_checked_before_either_changes(cast: Cast) -> None:
    comment = said(cast.gil, cast)

    answer = cast.ada.patch(f"/api/comments/{comment['id']}", json={"body": "not mine", "done": True})

    assert answer.status_code == 403
    assert listed(cast.ada, cast) == [comment]
