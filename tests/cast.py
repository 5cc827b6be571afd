"""Who the tests are about, and what they have."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from argon2 import PasswordHasher
from httpx2 import Client
from sqlmodel import Session, select
from starlette.datastructures import State
from starlette.testclient import TestClient

from server.database import Database
from server.people import accounts, bands
from server.people.models import Guest, Person, ReviewLink
from server.people.secrets import hash_of, new_secret
from server.people.visitors import GUEST_COOKIE, SIGN_IN_COOKIE
from server.sharing.links import let_in
from server.songs.models import Song, Version
from server.songs.songs import add_song
from server.songs.versions import Arrival, add_version, original_key

PASSWORD = "correct horse battery"
# Cheap on purpose: the tests check passwords hundreds of times, and the cost stands in the hash itself.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

Browser = TypeVar("Browser", bound=Client)


@dataclass(frozen=True)
class CastWith(Generic[Browser]):
    """One browser each, and the ids of what is in the first band."""

    ada: Browser
    ben: Browser
    cleo: Browser
    gil: Browser
    lou: Browser
    stranger: Browser
    band: UUID
    song: UUID
    version: UUID
    link: UUID
    link_secret: str
    ada_id: UUID
    gil_id: UUID

    @property
    def outsiders(self) -> tuple[Browser, Browser]:
        return self.cleo, self.stranger


Cast = CastWith[TestClient]
LiveCast = CastWith[Client]
"""On a real server."""


def browser(client: TestClient, **cookies: str) -> TestClient:
    """Another browser on the same running app."""
    made = TestClient(client.app, base_url="http://earmark.test", cookies=cookies)
    # The loop of the app's own lifespan: left alone, each browser's sockets would live on a loop of their own.
    made.portal = client.portal
    return made


def browsers_on(client: TestClient) -> Callable[..., TestClient]:
    return functools.partial(browser, client)


def assemble(state: State, browser: Callable[..., Browser]) -> CastWith[Browser]:
    """`browser` opens one with these cookies on the running app."""
    database: Database = state.database
    blob = "0" * 64
    state.blobs.put(original_key(blob), b"RIFF not decoded in these tests")

    def write(session: Session) -> tuple[dict[str, str], dict[str, Any]]:
        people = {name: _person(session, name) for name in ("Ada", "Ben", "Cleo")}
        band = bands.add_band(session, "The Lanterns", people["Ada"])
        bands.add_member(session, band.id, people["Ben"].id)
        bands.add_band(session, "The Others", people["Cleo"])
        song = add_song(session, people["Ada"], "Night Bus", band.id)
        arrival = Arrival("night bus.wav", 31, blob, "mixing", "mix 1", "")
        version = add_version(session, song, people["Ada"].id, arrival)
        _make_ready(version)
        session.add(version)
        secret = new_secret()
        link = add_review_link(session, song, secret)
        quiet = add_review_link(session, song, new_secret(), may_comment=False)
        cookies = {
            name.lower(): accounts.sign_in(session, person, "a test").secret
            for name, person in people.items()
        }
        cookies["gil"] = let_in(session, link, "Gil", None)
        cookies["lou"] = let_in(session, quiet, "Lou", None)
        ids = {
            "band": band.id,
            "song": song.id,
            "version": version.id,
            "link": link.id,
            "link_secret": secret,
        }
        return cookies, ids | {"ada_id": people["Ada"].id}

    cookies, ids = database.write(write)
    ada, ben, cleo = (browser(**{SIGN_IN_COOKIE: cookies[name]}) for name in ("ada", "ben", "cleo"))
    gil, lou = (browser(**{GUEST_COOKIE: cookies[name]}) for name in ("gil", "lou"))
    gil_id = database.read(lambda session: _guest_id(session, cookies["gil"]))
    return CastWith(ada, ben, cleo, gil, lou, browser(), **ids, gil_id=gil_id)


def add_review_link(session: Session, song: Song, secret: str, **switches: Any) -> ReviewLink:
    rights: dict[str, Any] = {"may_comment": True, "may_download": False, "versions": "all"} | switches
    link = ReviewLink(
        secret_hash=hash_of(secret), song_id=song.id, name="", created_by=song.created_by, **rights
    )
    session.add(link)
    session.flush()
    return link


def another_version(cast: Cast | LiveCast, database: Database, *, number_of_seconds: float = 60.0) -> UUID:
    """A second version of the first band's song."""

    def write(session: Session) -> UUID:
        song = session.get_one(Song, cast.song)
        arrival = Arrival("night bus 2.wav", 31, "0" * 64, "mixing", "mix 2", "")
        version = add_version(session, song, cast.ada_id, arrival)
        _make_ready(version)
        version.duration = number_of_seconds
        session.add(version)
        return version.id

    return database.write(write)


def _person(session: Session, name: str) -> Person:
    email = f"{name.lower()}@example.org"
    return accounts.add_person(session, email=email, name=name, password_hash=PASSWORD_HASH)


def _make_ready(version: Version) -> None:
    version.status, version.duration, version.audio = "ready", 60.0, ["original"]
    version.format = {
        "container": "wav",
        "codec": "pcm_s16le",
        "channels": 2,
        "sample_rate": 44100,
        "bit_depth": 16,
    }


def _guest_id(session: Session, secret: str) -> UUID:

    return session.exec(select(Guest.id).where(Guest.secret_hash == hash_of(secret))).one()
