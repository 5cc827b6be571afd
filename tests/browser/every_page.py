"""Every page that Earmark has, for tests of what has to hold on all of them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx2
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from server.people import bands
from server.people.models import Person
from tests.browser.blind import address, as_if_of_one_song, blind_test
from tests.browser.earmark import Earmark
from tests.services.server import LiveServer
from tests.services.waiting import PREPARED_WITHIN, until


@dataclass(frozen=True)
class Places:
    """An Earmark with something on each of its pages, and an empty one."""

    earmark: Earmark
    welcome: str
    invitation: str
    empty_song: str
    blind_test: str


Open = Callable[[Places, Page], object]


def _band(path: str) -> Open:
    return lambda places, page: places.earmark.artist(page, path.format(**_ids(places)))


def _ids(places: Places) -> dict[str, str]:
    song = places.earmark.api.get(f"/api/songs/{places.earmark.song}").json()
    return {"song": song["id"], "band": song["band"]["id"], "empty": places.empty_song}


def _public(path: str) -> Open:
    return lambda places, page: page.goto(places.earmark.url + path)


def _door(places: Places, page: Page) -> None:
    page.goto(places.earmark.url + places.earmark.new_link(password="open sesame"))


def _ended_link(places: Places, page: Page) -> None:
    link = places.earmark.api.post(f"/api/songs/{places.earmark.song}/links", json={}).json()
    places.earmark.api.delete(f"/api/links/{link['id']}").raise_for_status()
    page.goto(f"{places.earmark.url}/r/{link['url'].rpartition('/r/')[2]}")


def _listener(places: Places, page: Page) -> None:
    places.earmark.listener(page, "Una Ortiz")


def _listener_on(path: str) -> Open:
    def open_page(places: Places, page: Page) -> None:
        _listener(places, page)
        page.goto(places.earmark.url + path.format(song=places.earmark.song))

    return open_page


def _only_listening(places: Places, page: Page) -> None:
    page.goto(places.earmark.url + places.earmark.new_link(may_comment=False))
    page.get_by_label("Your name").fill("Lou")
    page.get_by_role("button", name="Listen").click()
    page.locator("song-player:defined").wait_for()


def _blind(places: Places, page: Page) -> None:
    places.earmark.artist(page, places.blind_test)


def _dialog(button: str, dialog: str) -> Open:
    def open_page(places: Places, page: Page) -> None:
        places.earmark.artist(page)
        page.locator(button).click()
        expect(page.locator(dialog)).to_be_visible()

    return open_page


def _keys(places: Places, page: Page) -> None:
    places.earmark.artist(page)
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_be_visible()


def _mention(places: Places, page: Page) -> None:
    _listener(places, page)
    page.locator("#composer-body").click()
    page.keyboard.type("@")
    expect(page.locator("#mention-list")).to_be_visible()


PAGES: dict[str, Open] = {
    "songs": _band("/"),
    "review": _band("/songs/{song}"),
    "review of the done": _band("/songs/{song}?v=1&t=5&show=done"),
    "a song without a version": _band("/songs/{empty}"),
    "a new version": _band("/songs/{song}/versions/new"),
    "links": _band("/songs/{song}/links"),
    "compare": _band("/songs/{song}/compare"),
    "compare with nothing to compare": _band("/songs/{empty}/compare"),
    "story": _band("/songs/{song}/story"),
    "band": _band("/bands/{band}"),
    "account": _band("/account"),
    "nothing here": _public("/nothing-here"),
    "sign in": _public("/sign-in"),
    "welcome": lambda places, page: page.goto(places.welcome),
    "invitation": lambda places, page: page.goto(places.invitation),
    "door": _door,
    "a link that has ended": _ended_link,
    "listener": _listener,
    "listener who only listens": _only_listening,
    "listener's compare": _listener_on("/songs/{song}/compare"),
    "listener's story": _listener_on("/songs/{song}/story"),
    "blind test": _blind,
    "keys": _keys,
    "share": _dialog("#share", "#share-dialog"),
    "mention": _mention,
}
# What the band's own test of accessibility leaves out.
SELDOM_SEEN = (
    "a song without a version",
    "compare with nothing to compare",
    "welcome",
    "invitation",
    "a link that has ended",
    "listener who only listens",
    "listener's compare",
    "listener's story",
    "mention",
)


@contextmanager
def places_on(earmark: Earmark, folder: Path) -> Iterator[Places]:
    """With comments, a reply, and a mention of somebody with a long name."""
    comment = earmark.comment(
        "Boomy under the verse, and the second guitar hides the words", at=3.0, until=6.0
    )
    earmark.comment("Pulling it down", at=3.0, reply_to=comment["id"])
    earmark.comment("An older thought", at=9.0, version=0)
    _something_new(earmark)
    empty = earmark.api.post("/api/songs", json={"title": "Not recorded yet"}).raise_for_status().json()["id"]
    a, b = earmark.versions
    until(
        lambda: earmark.api.get("/api/compare", params={"a": a["id"], "b": b["id"]}).status_code != 202,
        seconds=PREPARED_WITHIN,
    )
    earmark.database.write(lambda session: as_if_of_one_song(session, UUID(a["id"]), UUID(b["id"])))
    test = blind_test(earmark, a, b)

    def invite(session: Session) -> str:
        ada = session.exec(select(Person)).one()
        return bands.invite(session, bands.bands_of(session, ada.id)[0], ada, "for the drummer")

    invitation = f"{earmark.url}/invitations/{earmark.database.write(invite)}"
    data = folder / "empty"
    data.mkdir()
    with LiveServer(data) as fresh:
        found = until(lambda: re.search(r"/welcome/\S+", fresh.log))
        yield Places(earmark, fresh.url + found.group(), invitation, empty, address(earmark, test))


def _something_new(earmark: Earmark) -> None:
    """From a guest, on the first version and done: on no page that is opened here it comes onto the screen."""
    with httpx2.Client(base_url=earmark.url, timeout=30) as guest:
        guest.post(earmark.new_link(), data={"name": "Maximiliane"})
        people = (
            guest.get(f"/api/versions/{earmark.versions[0]['id']}/people").raise_for_status().json()["items"]
        )
        body = f"@{people[0]['name']}: done already?"
        said = {"at": 12.0, "body": body, "mentions": [people[0]["id"]]}
        address = f"/api/versions/{earmark.versions[0]['id']}/comments"
        comment = guest.post(address, json=said).raise_for_status().json()
    earmark.api.patch(f"/api/comments/{comment['id']}", json={"done": True}).raise_for_status()
