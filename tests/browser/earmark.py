"""A running Earmark with a band, a song and two versions that are ready, for pages to be opened on."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx2
from playwright.sync_api import Page
from sqlmodel import Session, select

from server.database import Database
from server.migrations import migrate_database
from server.people import accounts, bands
from server.people.models import Person
from tests.cast import PASSWORD_HASH
from tests.services.server import LET_GO_EARLY, LiveServer
from tests.services.waiting import PREPARED_WITHIN, until
from tests.sound.signals import clicks, noise, write

SECONDS = 24.0
T = TypeVar("T")


@dataclass
class Earmark:
    server: LiveServer
    database: Database
    api: httpx2.Client
    song: str
    versions: list[dict[str, Any]]

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def address(self) -> str:
        return f"{self.url}/songs/{self.song}"

    def artist(self, page: Page, path: str | None = None, *, at: str | None = None) -> Page:
        """Ada, signed in, on the song's page; `at` is another address of the same server (a cable)."""
        secret = self.database.write(self._one_time)
        page.goto(f"{at or self.url}/once/{secret}")
        page.goto(f"{at or self.url}{path or f'/songs/{self.song}'}")
        return page if path else live(page)

    def listener(self, page: Page, name: str, query: str = "", *, at: str | None = None) -> Page:
        """Somebody new, by a private link of their own, past the door."""
        page.goto(f"{at or self.url}{self.new_link()}{query}")
        page.get_by_label("Your name").fill(name)
        page.get_by_role("button", name="Listen").click()
        return live(page)

    def new_link(self, **wanted: Any) -> str:
        """The path of a new private link."""
        made = self.api.post(f"/api/songs/{self.song}/links", json=wanted).raise_for_status().json()
        url: str = made["url"]
        return "/r/" + url.rpartition("/r/")[2]

    def comment(self, body: str, at: float, version: int = -1, **more: Any) -> dict[str, Any]:
        address = f"/api/versions/{self.versions[version]['id']}/comments"
        comment: dict[str, Any] = (
            self.api.post(address, json={"at": at, "body": body, **more}).raise_for_status().json()
        )
        return comment

    def _one_time(self, session: Session) -> str:
        return accounts.add_one_time_address(session, session.exec(select(Person)).one())


def live(page: Page) -> Page:
    """Once its scripts have run: before that its forms post as any page's do."""
    page.locator("song-player").wait_for()
    page.wait_for_load_state("load")
    page.get_by_role("button", name="Play", exact=True).wait_for()
    return page


def read_all(earmark: Earmark) -> None:
    """Whatever is new to Ada."""
    address = f"/api/songs/{earmark.song}/seen"
    unread = earmark.api.get(address).raise_for_status().json()["unread"]
    numbers = [each["seq"] for each in unread]
    earmark.api.post(address, json={"numbers": numbers}).raise_for_status()


def wait_until(page: Page, expression: str) -> None:
    """Playwright's wait_for_function compiles text in the page, which our policy refuses; this asks from outside."""
    until_on(page, lambda: page.evaluate(expression))


def until_on(page: Page, happened: Callable[[], T | None], *, seconds: float = 20.0) -> T:
    """As `until`, with the page going on meanwhile: what it tells arrives only while Playwright is at work."""

    def look() -> T | None:
        found = happened()
        if not found:
            page.wait_for_timeout(50)
        return found

    return until(look, seconds=seconds)


def hold_toast(page: Page) -> None:
    """The newest message stays until it is pressed, as under a finger: what a test looks at first may take a while."""
    page.locator(".toast").last.dispatch_event("pointerenter")


@dataclass(frozen=True)
class Prepared:
    """A data folder with all of that in it, to be copied: sending, measuring and comparing take seconds."""

    data: Path
    token: str
    song: str
    versions: list[dict[str, Any]]


def prepare_earmark(data: Path) -> Prepared:
    data.mkdir()
    url = f"sqlite:///{data / 'earmark.db'}"
    migrate_database(url)
    with closing(Database(url)) as database, LiveServer(data) as server:
        token = database.write(_found)
        with _client(server, token) as api:
            song = api.post("/api/songs", json={"title": "Night Bus"}).raise_for_status().json()["id"]
            versions = [upload(api, song, data.parent, number) for number in (1, 2)]
            pair = dict(zip("ab", (version["id"] for version in versions), strict=True))
            until(lambda: api.get("/api/compare", params=pair).status_code == 200, seconds=PREPARED_WITHIN)
    return Prepared(data, token, song, versions)


@contextmanager
def open_earmark(data: Path, prepared: Prepared) -> Iterator[Earmark]:
    shutil.copytree(prepared.data, data)
    with (
        closing(Database(f"sqlite:///{data / 'earmark.db'}")) as database,
        LiveServer(data) as server,
        _client(server, prepared.token) as api,
    ):
        yield Earmark(server, database, api, prepared.song, list(prepared.versions))


def _client(server: LiveServer, token: str) -> httpx2.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.Client(base_url=server.url, headers=headers, timeout=30, limits=LET_GO_EARLY)


def upload(api: httpx2.Client, song: str, folder: Path, number: int) -> dict[str, Any]:
    """A click every second over quiet noise, so that there is something to see and to hear."""
    sound = noise(SECONDS, dbfs=-40.0, seed=number) + 0.5 * clicks([float(s) for s in range(24)], SECONDS)
    file = write(folder, sound, name=f"mix {number}")
    form = {"stage": "mixing", "label": f"mix {number}"}
    with file.open("rb") as content:
        answer = api.post(
            f"/api/songs/{song}/versions", data=form, files={"file": content}
        ).raise_for_status()
    id = answer.json()["id"]
    return until(lambda: ready(api.get(f"/api/versions/{id}").json()), seconds=PREPARED_WITHIN)


def ready(version: dict[str, Any]) -> dict[str, Any] | None:
    assert version["status"] != "failed", version["error"]
    return version if version["status"] == "ready" else None


def _found(session: Session) -> str:
    ada = accounts.add_person(session, email="ada@example.org", name="Ada", password_hash=PASSWORD_HASH)
    bands.add_band(session, "The Lanterns", ada)
    return accounts.add_token(session, ada, "tests")
