"""Who has not heard a protected song hears of nothing that others say, by socket too: numbers, and no gaps in them."""

from typing import Any
from uuid import uuid4

from tests.cast import LiveCast
from tests.databases import both_databases
from tests.listening.asking import answered, asked
from tests.live.listening import Ear, listening
from tests.live.test_reactions_arrive import cookie, tap

pytestmark = both_databases


def comment(who: Any, cast: LiveCast, body: str) -> dict[str, Any]:
    sent = {"id": str(uuid4()), "at": 1.0, "body": body}
    made: dict[str, Any] = (
        who.post(f"/api/versions/{cast.version}/comments", json=sent).raise_for_status().json()
    )
    return made


def protect(cast: LiveCast, on: bool = True) -> None:
    wanted = {"first_listen_protected": on}
    cast.ada.patch(f"/api/versions/{cast.version}", json=wanted).raise_for_status()


def resynced(ear: Ear) -> None:
    ear.until(lambda message: message["type"] == "resync")


def test_what_others_do_is_hidden_and_the_numbers_run_on(url: str, cast: LiveCast) -> None:
    protect(cast)
    song = str(cast.song)
    with (
        listening(url, song, since=2, **cookie(cast.gil)) as gil,
        listening(url, song, since=2, **cookie(cast.lou)) as lou,
        listening(url, song, since=2, **cookie(cast.ben)) as ben,
    ):
        question = asked(cast, "pad")
        secrets = [
            comment(cast.ada, cast, "boo"),
            tap(cast.ada, cast, "love", 3.0),
            answered(cast.ada, question),
        ]
        own = [
            comment(cast.gil, cast, "mine"),
            tap(cast.gil, cast, "love", 9.0),
            answered(cast.gil, question),
        ]
        heard = [ear.until_seq(9) for ear in (gil, lou, ben)]
        hello = gil.until(lambda message: message["type"] == "hello")

    assert hello["waits"] == [str(cast.version)]
    assert [[event["seq"] for event in events] for events in heard] == [list(range(3, 10))] * 3
    assert [event["type"] for event in heard[0]] == [
        "question.added",
        *["hidden"] * 3,
        "comment.added",
        "reaction.added",
        "answer.added",
    ]
    assert [event["type"] for event in heard[1]] == ["question.added", *["hidden"] * 6]
    assert "hidden" not in {event["type"] for event in heard[2]}
    for each in secrets:
        assert each["id"] not in str(gil.messages) + str(lou.messages)
    for each in own:
        assert each["id"] in str(gil.messages) and each["id"] not in str(lou.messages)


def test_who_has_heard_it_is_told_to_look_again_and_hears_the_rest(url: str, cast: LiveCast) -> None:
    protect(cast)
    comment(cast.ada, cast, "before")
    with (
        listening(url, str(cast.song), since=3, **cookie(cast.gil)) as gil,
        listening(url, str(cast.song), since=3, **cookie(cast.lou)) as lou,
    ):
        gil.until(lambda message: message["type"] == "hello")
        address = f"/api/versions/{cast.version}/heard"
        assert cast.gil.post(address, json={"parts": [[0, 60]]}).json()["waits"] is False
        resynced(gil)
        comment(cast.ada, cast, "after")

        assert gil.until_seq(4)[-1]["comment"]["body"] == "after"
        assert lou.until_seq(4)[-1] == {"seq": 4, "type": "hidden"}
        assert "resync" not in {message["type"] for message in lou.messages}


def test_turning_it_on_and_off_sends_guests_to_look_again_and_not_the_band(url: str, cast: LiveCast) -> None:
    with (
        listening(url, str(cast.song), since=1, **cookie(cast.gil)) as gil,
        listening(url, str(cast.song), since=1, **cookie(cast.ben)) as ben,
    ):
        protect(cast)
        resynced(gil)
        comment(cast.ada, cast, "boo")
        assert gil.until_seq(3)[-1] == {"seq": 3, "type": "hidden"}
        gil.messages.clear()
        protect(cast, on=False)
        resynced(gil)
        comment(cast.ada, cast, "seen")
        assert gil.until_seq(5)[-1]["comment"]["body"] == "seen"
        ben.until_seq(5)

    assert "resync" not in {message["type"] for message in ben.messages}
