"""Presence: who has the page open, where they are in the song, and who is typing. None of it is kept."""

import json
from typing import Any

import pytest

from tests.cast import LiveCast
from tests.live.listening import listening
from tests.live.test_follow_a_song import cookie, say


def names(here: list[dict[str, Any]]) -> list[str]:
    return [person["name"] for person in here]


def test_coming_and_going_is_seen(url: str, cast: LiveCast) -> None:
    song = str(cast.song)
    with listening(url, song, **cookie(cast.ada)) as ada:
        with listening(url, song, **cookie(cast.gil)):
            ada.until_here(lambda here: names(here) == ["Ada", "Gil"])
        ada.messages.clear()
        ada.until_here(lambda here: names(here) == ["Ada"])


def test_two_tabs_of_one_person_are_one(url: str, cast: LiveCast) -> None:
    song = str(cast.song)
    first, third = listening(url, song, **cookie(cast.ada)), listening(url, song, **cookie(cast.gil))
    with first, listening(url, song, **cookie(cast.ada)) as second, third:
        second.until_here(lambda here: names(here) == ["Ada", "Gil"])


def test_a_play_head_is_seen_by_the_others(url: str, cast: LiveCast) -> None:
    song = str(cast.song)
    with listening(url, song, **cookie(cast.ada)) as ada, listening(url, song, **cookie(cast.gil)) as gil:
        gil.say({"type": "playhead", "version": str(cast.version), "at": 12.5, "playing": True})

        here = ada.until_here(lambda here: any(person["playing"] for person in here))

    person = next(person for person in here if person["name"] == "Gil")
    assert (person["version"], person["at"], person["typing"]) == (str(cast.version), 12.5, False)


def test_who_is_typing_is_seen_until_they_stop(url: str, cast: LiveCast) -> None:
    song = str(cast.song)
    with listening(url, song, **cookie(cast.ada)) as ada, listening(url, song, **cookie(cast.gil)) as gil:
        gil.say({"type": "typing", "version": str(cast.version), "typing": True})
        ada.until_here(lambda here: any(person["typing"] for person in here))
        ada.messages.clear()
        gil.say({"type": "typing", "version": str(cast.version), "typing": False})
        ada.until_here(lambda here: not any(person["typing"] for person in here))


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "{",
        "[]",
        "null",
        '{"type":"comment.added"}',
        '{"type":"playhead","at":-1,"playing":true}',
        '{"type":"playhead","at":NaN,"playing":true}',
        '{"type":"typing","typing":true,"version":"x"}',
        json.dumps({"type": "typing", "typing": True, "more": 1}),
        "x" * 10_000,
    ],
)
def test_nonsense_is_answered_and_the_socket_stays(url: str, cast: LiveCast, nonsense: str) -> None:
    with listening(url, str(cast.song), since=1, **cookie(cast.ada)) as ada:
        ada.socket.send(nonsense)
        ada.until(lambda message: message["type"] == "error")
        say(cast.ben, cast, "still heard")
        ada.until_seq(2)


def test_a_binary_frame_ends_only_the_socket_that_sent_it(url: str, cast: LiveCast) -> None:
    song = str(cast.song)
    with listening(url, song, since=1, **cookie(cast.ada)) as ada:
        with listening(url, song, **cookie(cast.gil)) as gil:
            gil.socket.send(b"\x00\x01")
            assert gil.closed_with() in (1000, 1003, 1005, 1006)
        say(cast.ben, cast, "still heard")
        ada.until_seq(2)


def test_a_flood_ends_the_socket_and_slows_nobody(url: str, cast: LiveCast) -> None:
    song = str(cast.song)
    with listening(url, song, since=1, **cookie(cast.ada)) as ada:
        with listening(url, song, **cookie(cast.gil)) as gil:
            for _ in range(200):
                try:
                    gil.say({"type": "typing", "typing": True})
                except Exception:
                    break
            assert gil.closed_with() == 4408
        say(cast.ben, cast, "still heard")
        ada.until_seq(2)


def test_a_message_beyond_the_limit_of_a_socket_ends_it(url: str, cast: LiveCast) -> None:
    with listening(url, str(cast.song), **cookie(cast.ada)) as ada:
        ada.socket.send("x" * 70_000)
        assert ada.closed_with() == 1009
