"""One leads, and whoever has joined is told where to be; the leader may step out, be cut off, or be relieved."""

import time
from contextlib import ExitStack
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Client
from sqlmodel import Session

from server.database import Database
from server.people.secrets import new_secret
from server.people.visitors import GUEST_COOKIE
from server.sharing.links import let_in
from server.songs.models import Song
from tests.cast import LiveCast, add_review_link, another_version
from tests.databases import both_databases
from tests.live.listening import Ear, listening
from tests.live.test_follow_a_song import cookie

pytestmark = both_databases


class Page:
    """A page that listens together, by the socket it holds."""

    def __init__(self, ear: Ear) -> None:
        self.ear, self.seat = ear, str(uuid4())

    def says(self, do: str, **more: Any) -> None:
        self.ear.say({"type": "listen_together", "do": do, **more})

    def leads(self, version: UUID, at: float = 0.0, *, playing: bool = True, **more: Any) -> None:
        self.says("lead", seat=self.seat, version=str(version), at=at, playing=playing, **more)

    def is_at(self, version: UUID, at: float, *, playing: bool = True, **more: Any) -> None:
        self.says("place", version=str(version), at=at, playing=playing, **more)

    def joins(self) -> None:
        self.says("join", seat=self.seat)

    def steps_out(self) -> None:
        self.says("step-out")

    def told(self, **wanted: Any) -> dict[str, Any]:
        """What is said of listening together, as soon as it is as wanted; what came before it is forgotten."""

        def fits(message: dict[str, Any]) -> bool:
            now = message.get("together")
            if message["type"] != "together" or now is None:
                return False
            seen = now | {"leader": now["leader"]["name"]}
            return all(seen[name] == wanted[name] for name in wanted)

        message = self.ear.until(fits)
        del self.ear.messages[: self.ear.messages.index(message) + 1]
        now: dict[str, Any] = message["together"]
        return now

    def told_that_it_is_over(self) -> None:
        message = self.ear.until(lambda said: said["type"] == "together" and said["together"] is None)
        del self.ear.messages[: self.ear.messages.index(message) + 1]

    def refused(self) -> str:
        return str(self.ear.until(lambda said: said["type"] == "together-refused")["message"])


class Pages:
    def __init__(self, url: str, cast: LiveCast) -> None:
        self.url, self.song, self.stack = url, str(cast.song), ExitStack()

    def of(self, who: Client | dict[str, str]) -> Page:
        headers = who if isinstance(who, dict) else cookie(who)
        ear = self.stack.enter_context(listening(self.url, self.song, **headers))
        ear.until(lambda message: message["type"] == "hello")
        return Page(ear)


@pytest.fixture
def pages(url: str, cast: LiveCast) -> Any:
    opened = Pages(url, cast)
    with opened.stack:
        yield opened


def guest(database: Database, cast: LiveCast, **switches: Any) -> dict[str, str]:
    def write(session: Session) -> str:
        link = add_review_link(session, session.get_one(Song, cast.song), new_secret(), **switches)
        return let_in(session, link, "Una", None)

    return {"Cookie": f"{GUEST_COOKIE}={database.write(write)}"}


def test_where_the_leader_is_reaches_those_who_joined(pages: Pages, cast: LiveCast) -> None:
    ada, gil = pages.of(cast.ada), pages.of(cast.gil)
    ada.leads(cast.version, 12.5)
    assert ada.told(role="leading")["joined"] == 1
    gil.told(role="out", leader="Ada")

    gil.joins()
    first = gil.told(role="following")
    ada.is_at(cast.version, 30.0, playing=False)
    then = gil.told(at=30.0)

    assert (first["version"], first["at"], first["playing"]) == (str(cast.version), 12.5, True)
    assert (then["playing"], then["when"] > first["when"]) == (False, True)
    ada.told(joined=2)


def test_who_comes_late_is_told_at_once_and_can_reckon_the_second(pages: Pages, cast: LiveCast) -> None:
    ada = pages.of(cast.ada)
    begun = time.monotonic()
    ada.leads(cast.version, 10.0)
    ada.told(role="leading")
    time.sleep(0.5)

    gil = pages.of(cast.gil)
    now = gil.told(role="out", leader="Ada")
    gil.says("clock", sent=123.25)
    clock = gil.ear.until(lambda message: message["type"] == "clock")

    assert clock["sent"] == 123.25
    taken = time.monotonic() - begun
    assert 10.5 <= now["at"] + (clock["now"] - now["when"]) / 1000 < 10.1 + taken


def test_a_page_may_say_when_it_was_there_but_not_make_it_up(pages: Pages, cast: LiveCast) -> None:
    ada = pages.of(cast.ada)
    ada.says("clock", sent=0)
    clock = ada.ear.until(lambda message: message["type"] == "clock")["now"]
    ada.leads(cast.version, 1.0, when=clock)
    assert ada.told(at=1.0)["when"] == clock

    for at, made_up in enumerate((clock + 1e9, clock - 1e9, -1.0), start=2):
        ada.is_at(cast.version, at, when=made_up)
        assert clock < ada.told(at=at)["when"] < clock + 10_000


def test_one_leads_at_a_time_and_another_takes_over_only_when_asked_to(pages: Pages, cast: LiveCast) -> None:
    ada, ben = pages.of(cast.ada), pages.of(cast.ben)
    ada.leads(cast.version, 5.0)
    ada.told(role="leading")

    ben.leads(cast.version, 40.0)
    assert ben.told(role="following")["leader"]["name"] == "Ada"
    ben.is_at(cast.version, 41.0)
    assert ben.told(role="following")["at"] == 5.0

    ben.leads(cast.version, 40.0, over=True)
    assert ada.told(role="following", leader="Ben")["at"] == 40.0
    ben.told(role="leading")


def test_a_leader_who_steps_out_hands_on_to_whom_joined_first(pages: Pages, cast: LiveCast) -> None:
    ada, lou, gil, ben = (pages.of(who) for who in (cast.ada, cast.lou, cast.gil, cast.ben))
    ada.leads(cast.version, 5.0)
    ada.told(role="leading")
    for page in (lou, gil, ben):  # Lou's link is for listening only
        page.joins()
        page.told(role="following")

    ada.steps_out()

    gil.told(role="leading")
    ben.told(role="following", leader="Gil")
    lou.told(role="following", leader="Gil")
    assert ada.told(role="out", leader="Gil")["joined"] == 3


def test_without_anybody_to_hand_it_to_it_is_over(pages: Pages, cast: LiveCast) -> None:
    ada, lou = pages.of(cast.ada), pages.of(cast.lou)
    ada.leads(cast.version, 5.0)
    ada.told(role="leading")
    lou.joins()
    lou.told(role="following")

    ada.steps_out()

    lou.told_that_it_is_over()
    ada.told_that_it_is_over()


def test_who_stepped_out_is_left_alone_until_they_join_again(pages: Pages, cast: LiveCast) -> None:
    ada, gil = pages.of(cast.ada), pages.of(cast.gil)
    ada.leads(cast.version, 5.0)
    ada.told(role="leading")
    gil.joins()
    gil.told(role="following")
    gil.steps_out()
    gil.told(role="out")

    for at in (6.0, 7.0):
        ada.is_at(cast.version, at)
    ada.told(at=7.0)
    gil.joins()

    assert gil.told(role="following")["at"] == 7.0


def test_a_guest_who_may_only_listen_follows_but_does_not_lead(pages: Pages, cast: LiveCast) -> None:
    lou, ada = pages.of(cast.lou), pages.of(cast.ada)
    lou.leads(cast.version)
    assert "not lead" in lou.refused()
    ada.leads(cast.version, 3.0)
    ada.told(role="leading")
    lou.leads(cast.version, over=True)
    lou.joins()
    assert lou.told(role="following")["leader"]["name"] == "Ada"


def test_who_may_not_hear_the_version_is_told_so_and_nothing_of_it(
    pages: Pages, cast: LiveCast, database: Database
) -> None:
    newer = another_version(cast, database)
    ada, una = pages.of(cast.ada), pages.of(guest(database, cast, versions="latest"))
    ada.leads(cast.version, 21.25)
    ada.told(role="leading")
    una.joins()
    hidden = una.told(role="following")
    assert (hidden["version"], hidden["at"], hidden["playing"]) == (None, None, False)
    assert str(cast.version) not in str(una.ear.messages)

    ada.is_at(newer, 22.0)
    assert una.told(version=str(newer))["at"] == 22.0

    una.leads(cast.version, 1.0, over=True)
    assert "cannot be played" in una.refused()


@pytest.mark.parametrize("which", ["unknown", "removed"])
def test_what_is_not_there_cannot_be_led(
    pages: Pages, cast: LiveCast, database: Database, which: str
) -> None:
    version = another_version(cast, database)
    if which == "removed":
        cast.ada.delete(f"/api/versions/{version}").raise_for_status()
    ada = pages.of(cast.ada)
    ada.leads(uuid4() if which == "unknown" else version)
    assert "cannot be played" in ada.refused()


def test_a_leader_who_was_cut_off_leads_again(pages: Pages, cast: LiveCast) -> None:
    ada, gil = pages.of(cast.ada), pages.of(cast.gil)
    ada.leads(cast.version, 5.0)
    ada.told(role="leading")
    gil.joins()
    gil.told(role="following")
    ada.ear.socket.close()
    gil.told(away=True, leader="Ada")

    back = pages.of(cast.ada)
    back.seat = ada.seat
    back.leads(cast.version, 6.0)

    back.told(role="leading")
    assert gil.told(away=False, at=6.0)["leader"]["name"] == "Ada"


def test_nobody_becomes_leader_by_another_persons_seat(pages: Pages, cast: LiveCast) -> None:
    ada, gil = pages.of(cast.ada), pages.of(cast.gil)
    ada.leads(cast.version, 5.0)
    ada.told(role="leading")
    gil.seat = ada.seat
    gil.leads(cast.version, 9.0)
    assert gil.told(role="following")["at"] == 5.0


def test_a_leader_who_does_not_come_back_is_followed_by_another(
    pages: Pages, cast: LiveCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.live.leading.GRACE", 0.5)
    ada, gil = pages.of(cast.ada), pages.of(cast.gil)
    ada.leads(cast.version, 5.0)
    ada.told(role="leading")
    gil.joins()
    gil.told(role="following")

    ada.ear.socket.close()

    assert gil.told(role="leading")["at"] == 5.0


def test_whoever_joins_before_anybody_leads_is_taken_along(pages: Pages, cast: LiveCast) -> None:
    """After a restart of the server the pages come back in any order."""
    gil, ada = pages.of(cast.gil), pages.of(cast.ada)
    gil.joins()
    gil.told_that_it_is_over()
    ada.leads(cast.version, 5.0)
    assert gil.told(role="following")["at"] == 5.0


@pytest.mark.parametrize(
    "nonsense",
    [
        {"do": "dance"},
        {},
        {"do": "join"},
        {"do": "join", "seat": "x"},
        {"do": "lead", "seat": str(uuid4()), "version": str(uuid4()), "at": -1, "playing": True},
        {"do": "place", "version": str(uuid4()), "at": 1e9, "playing": True},
        {"do": "clock", "sent": "now"},
        {"do": "step-out", "more": 1},
    ],
)
def test_nonsense_is_answered_and_changes_nothing(
    pages: Pages, cast: LiveCast, nonsense: dict[str, Any]
) -> None:
    ada = pages.of(cast.ada)
    ada.leads(cast.version, 5.0)
    ada.told(role="leading")
    ada.ear.say({"type": "listen_together", **nonsense})
    ada.ear.until(lambda message: message["type"] == "error")
    ada.is_at(cast.version, 6.0)
    assert ada.told(at=6.0)["role"] == "leading"
