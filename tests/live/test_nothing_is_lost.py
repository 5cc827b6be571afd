"""Whatever the network and the server do, in the end every page shows what the log and the database hold.

The page's own modules run in Node against the real server, each listener behind a cable of their own. In random
schedules they write, reply, edit, tick off, take away and bring back, are cut off and come back, reload their pages,
and the server is killed with -9. Each schedule comes from its seed and runs on both databases; hundreds of them:

    SCHEDULES=300 python3 run.py test tests/live/test_nothing_is_lost.py
    SEED=17 SCHEDULES=1 python3 run.py test tests/live/test_nothing_is_lost.py
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing
from uuid import UUID

import pytest
from sqlmodel import Session

from server.database import Database
from server.migrations import migrate_database
from server.people import accounts, bands
from server.people.models import Person
from server.people.secrets import new_secret
from server.people.visitors import GUEST_COOKIE, SIGN_IN_COOKIE
from server.sharing.links import let_in
from server.songs.models import Song
from server.songs.songs import add_song
from server.songs.versions import Arrival, add_version
from tests.cast import PASSWORD_HASH, add_review_link
from tests.live.answering import add_questions
from tests.live.schedules import Pages, Stage, World, run
from tests.services.cable import Cable
from tests.services.server import LiveServer

FIRST, NUMBER = int(os.environ.get("SEED", "0")), int(os.environ.get("SCHEDULES", "6"))
PEOPLE = 4  # two of the band, two guests


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One server for all schedules; each has a song of its own."""
    data = tmp_path_factory.mktemp("nothing-is-lost") / "data"
    data.mkdir()
    env = {"OPENBLAS_NUM_THREADS": "1"}
    if request.param == "postgresql":
        like = request.getfixturevalue("migrated_postgres")
        url = env["EARMARK_DATABASE_URL"] = request.getfixturevalue("postgres").new_database(like)
    else:
        url = f"sqlite:///{data / 'earmark.db'}"
        migrate_database(url)
    with ExitStack() as stack:
        database = stack.enter_context(closing(Database(url)))
        server = stack.enter_context(LiveServer(data, env=env, arguments=["--no-worker"]))
        cables = [stack.enter_context(closing(Cable(server.port))) for _ in range(PEOPLE)]
        yield Stage(server, database, stack.enter_context(closing(Pages(PEOPLE))), cables)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + NUMBER))
def test_nothing_is_lost(stage: Stage, seed: int) -> None:
    song = stage.database.write(_song_and_people)
    run(World(stage, *song), seed)


def _song_and_people(session: Session) -> tuple[UUID, UUID, list[str], list[str]]:
    people = [_person(session, name) for name in ("Ada", "Ben")]
    band = bands.add_band(session, "The Lanterns", people[0])
    bands.add_member(session, band.id, people[1].id)
    song: Song = add_song(session, people[0], "Night Bus", band.id)
    version = add_version(session, song, people[0].id, Arrival("a.wav", 31, "0" * 64, "mixing", "", ""))
    version.status, version.duration = "ready", 60.0
    session.add(version)
    session.flush()
    add_questions(session, song.id, version.id, people[0].id)
    secrets = [new_secret(), new_secret()]
    guests = [
        let_in(session, add_review_link(session, song, secret), name, None)
        for secret, name in zip(secrets, ("Gil", "Una"), strict=True)
    ]
    signed_in = [accounts.sign_in(session, person, "a test").secret for person in people]
    cookies = [f"{SIGN_IN_COOKIE}={secret}" for secret in signed_in]
    cookies += [f"{GUEST_COOKIE}={secret}" for secret in guests]
    return song.id, version.id, cookies, [f"/songs/{song.id}"] * 2 + [f"/r/{secret}" for secret in secrets]


def _person(session: Session, name: str) -> Person:
    email = f"{new_secret().lower()}@example.org"
    return accounts.add_person(session, email=email, name=name, password_hash=PASSWORD_HASH)
