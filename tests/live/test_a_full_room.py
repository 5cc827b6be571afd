"""Many listen at once: everybody is counted, the band is named, and one who does not read slows nobody."""

import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

from sqlmodel import Session

from server.database import Database
from server.events import log
from server.live.rooms import MOST_NAMED
from server.people.secrets import new_secret
from server.people.visitors import GUEST_COOKIE
from server.sharing.links import let_in
from server.songs.models import Song, Version
from server.songs.versions import tell
from tests.cast import LiveCast, add_review_link
from tests.live.listening import listening
from tests.live.test_follow_a_song import cookie, say

GUESTS = MOST_NAMED + 10


def guests(database: Database, cast: LiveCast) -> list[str]:
    """The cookies of many who came by one link."""

    def write(session: Session) -> list[str]:
        link = add_review_link(session, session.get_one(Song, cast.song), new_secret())
        return [let_in(session, link, f"Guest {number:02}", None) for number in range(GUESTS)]

    return [f"{GUEST_COOKIE}={secret}" for secret in database.write(write)]


def test_all_are_counted_and_the_band_is_always_named(url: str, cast: LiveCast, database: Database) -> None:
    song = str(cast.song)
    with ExitStack() as stack:
        for secret in guests(database, cast):
            stack.enter_context(listening(url, song, Cookie=secret))
        ada = stack.enter_context(listening(url, song, **cookie(cast.ada)))
        stack.enter_context(listening(url, song, **cookie(cast.ben)))

        heard = ada.until(lambda message: message.get("count") == GUESTS + 2)

    names = [person["name"] for person in heard["here"]]
    assert len(names) == MOST_NAMED
    assert {"Ada", "Ben"} <= set(names)


def test_every_one_of_many_hears_a_burst_once_and_in_order(
    url: str, cast: LiveCast, database: Database
) -> None:
    song = str(cast.song)
    with ExitStack() as stack:
        ears = [
            stack.enter_context(listening(url, song, since=1, Cookie=each)) for each in guests(database, cast)
        ]
        for ear in ears:
            ear.until(lambda message: message["type"] == "hello")
        bodies = [say(cast.ada, cast, f"number {number}")["body"] for number in range(30)]

        for ear in ears:
            events = ear.until_seq(31)
            assert [event["seq"] for event in events] == list(range(2, 32))
            assert [event["comment"]["body"] for event in events] == bodies


def test_one_who_never_reads_slows_nobody(url: str, cast: LiveCast, database: Database) -> None:
    song = str(cast.song)
    with deaf(url, song, cookie(cast.gil)["Cookie"]), listening(url, song, **cookie(cast.ada)) as ada:
        ada.until_here(lambda here: len(here) == 2)
        seq = database.read(lambda session: log.last_seq(session, cast.song))
        for _ in range(20):  # 10 MB in all: more than any buffer between them takes
            database.write(lambda session: change_notes(session, cast, 100))

        assert [event["seq"] for event in ada.until_seq(seq + 2000)] == list(range(seq + 1, seq + 2001))


def test_much_at_once_comes_in_frames_that_any_client_takes(
    url: str, cast: LiveCast, database: Database
) -> None:
    """By default the client of the tests, as many others, hangs up on more than a megabyte."""
    with listening(url, str(cast.song), **cookie(cast.ada)) as ada:
        ada.until_here(lambda here: len(here) == 1)
        seq = database.read(lambda session: log.last_seq(session, cast.song))
        database.write(lambda session: change_notes(session, cast, 300))  # 1.7 MB in one turn

        assert [event["seq"] for event in ada.until_seq(seq + 300)] == list(range(seq + 1, seq + 301))


def change_notes(session: Session, cast: LiveCast, times: int) -> None:
    version = session.get_one(Version, cast.version)
    for number in range(times):
        version.notes = f"{number} " + "loud " * 990
        tell(session, version, "version.changed")


def deaf(url: str, song: str, cookie: str) -> socket.socket:
    """A socket that came in and reads nothing any more."""
    made = socket.create_connection((urlsplit(url).hostname or "", urlsplit(url).port or 0))
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    lines = [f"GET /api/songs/{song}/live HTTP/1.1", f"Host: {urlsplit(url).netloc}", f"Cookie: {cookie}"]
    lines += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
    lines += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
    made.sendall("\r\n".join([*lines, "", ""]).encode())
    assert made.recv(12) == b"HTTP/1.1 101"
    return made
