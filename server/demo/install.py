"""Puts the demo band into a data folder and lets it play, so there is something to look at and to hear.

It goes the way of every upload: staged file, intake, workflow. What is there already is left alone, so a demo that
was stopped half-way goes on where it was.
"""

import functools
import multiprocessing
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from server.database import Database
from server.demo.band import versions, write_version
from server.demo.catalogue import BAND_NAME, CARDS, SONG_TITLE
from server.demo.comments import COMMENTS
from server.demo.questions import QUESTIONS
from server.demo.reactions import REACTIONS
from server.feedback.comments import add_comment, change_comment
from server.feedback.forms import NewComment
from server.feedback.models import Comment
from server.feedback.reactions import NewReaction, add_reaction
from server.listening.answers import NewAnswer, give_answer
from server.listening.models import Question
from server.listening.questions import NewQuestion, ask
from server.people import accounts, bands
from server.people.models import Band, Person, ReviewLink
from server.people.secrets import hash_of, new_secret
from server.people.visitors import Credentials
from server.settings import Settings
from server.sharing.links import let_in
from server.songs.access import version_to_comment_on
from server.songs.models import Song, Version
from server.songs.songs import add_song
from server.uploads.intake import About, Intake

_ARTIST = "The songwriter"
_MEMBERS = (_ARTIST, "The singer", "Drummer")
_LINK_FILE = "demo-link.txt"
_NO_PASSWORD = "none"  # no password has this for a hash, and none has to be hashed before the server answers


@dataclass(frozen=True)
class Addresses:
    """Paths: the artist's signs them in, once; the listener's is the private link."""

    artist: str
    listener: str


def demo_addresses(database: Database, settings: Settings) -> Addresses:
    secret = _kept_secret(settings.data / _LINK_FILE)

    def prepare(session: Session) -> Addresses:
        song = _song(session) or _found_band(session)
        artist = session.get_one(Person, song.created_by)
        _link(session, song, secret)
        once = accounts.add_one_time_address(session, artist, f"/songs/{song.id}")
        return Addresses(f"/once/{once}", f"/r/{secret}")

    return database.write(prepare)


def play(intake: Intake) -> None:
    """Bring in the versions that are not there yet, and what people said about each. Blocking."""
    database, settings = intake.database, intake.settings
    song = database.read(_song)
    assert song is not None
    there = database.read(lambda session: _numbers(session, song.id))
    missing = sorted(CARDS.keys() - there)
    if not missing:
        return
    cast = database.write(lambda session: _cast(session, song, _kept_secret(settings.data / _LINK_FILE)))
    with tempfile.TemporaryDirectory(dir=settings.staging) as folder:
        for number, path in _rendered(Path(folder), missing):
            card = CARDS[number]
            about = About.model_validate({**card._asdict(), "filename": path.name})
            version = intake.take(cast[_ARTIST], song.id, path, about)
            database.write(functools.partial(_say, version=version.id, number=number, cast=cast))


def _rendered(folder: Path, missing: list[int]) -> Iterator[tuple[int, Path]]:
    """Each missing version as a file, as soon as it is played: by a process of its own, so that pages stay quick."""
    if not missing:
        return
    context = multiprocessing.get_context("spawn")
    queue: Any = context.Queue()
    player = context.Process(target=_render, args=(folder, missing, queue), daemon=True)
    player.start()
    for number in missing:
        yield number, queue.get(timeout=300)
    player.join()


def _render(folder: Path, missing: list[int], queue: Any) -> None:
    for version in versions():
        if version.number in missing:
            queue.put(write_version(version, folder))


def _song(session: Session) -> Song | None:
    return session.exec(select(Song).where(Song.title == SONG_TITLE).order_by(col(Song.created_at))).first()


def _found_band(session: Session) -> Song:
    """The band, its people, and the song; nobody has a password, the one-time address lets the artist in."""
    people = [
        accounts.add_person(
            session,
            email=f"{name.split()[-1].lower()}@localhost",
            name=name,
            password_hash=_NO_PASSWORD,
        )
        for name in _MEMBERS
    ]
    band: Band = bands.add_band(session, BAND_NAME, people[0])
    for person in people[1:]:
        bands.add_member(session, band.id, person.id)
    return add_song(session, people[0], SONG_TITLE, band.id)


def _link(session: Session, song: Song, secret: str) -> ReviewLink:
    found = select(ReviewLink).where(ReviewLink.secret_hash == hash_of(secret))
    link = session.exec(found).first()
    if link is None:
        link = ReviewLink(
            secret_hash=hash_of(secret),
            song_id=song.id,
            name="Friends of the band",
            may_comment=True,
            may_download=True,
            versions="all",
            created_by=song.created_by,
        )
        session.add(link)
        session.flush()
    return link


def _cast(session: Session, song: Song, link_secret: str) -> dict[str, Credentials]:
    """Everybody who has something to say, by name: members by a token, the others as guests of the link."""
    link = _link(session, song, link_secret)
    members = {person.name: person for person, _ in bands.members_of(session, song.band_id)}
    names = {
        name
        for comment in COMMENTS
        for name in (comment.author, *(reply.author for reply in comment.replies))
    } | {reaction.author for reaction in REACTIONS}
    return {
        name: Credentials(bearer=accounts.add_token(session, members[name], "demo"))
        if name in members
        else Credentials(guest=let_in(session, link, name, None))
        for name in names | {_ARTIST}
    }


def _numbers(session: Session, song: uuid.UUID) -> set[int]:
    return set(session.exec(select(Version.number).where(Version.song_id == song)))


def _say(session: Session, version: uuid.UUID, number: int, cast: dict[str, Credentials]) -> None:
    for said in (comment for comment in COMMENTS if comment.version == number):
        access, row = version_to_comment_on(session, cast[said.author], version)
        comment, _ = add_comment(
            session, access, row, NewComment(at=said.at, until=said.until, body=said.body)
        )
        for reply in said.replies:
            access, row = version_to_comment_on(session, cast[reply.author], version)
            add_comment(session, access, row, NewComment(at=said.at, body=reply.body, reply_to=comment.id))
        if said.done:
            change_comment(session, access, session.get_one(Comment, comment.id), body=None, done=True)
    for tap in (reaction for reaction in REACTIONS if reaction.version == number):
        access, row = version_to_comment_on(session, cast[tap.author], version)
        add_reaction(session, access, row, NewReaction.model_validate({"kind": tap.kind, "at": tap.at}))
    for question in (each for each in QUESTIONS if each.version == number):
        access, row = version_to_comment_on(session, cast[_ARTIST], version)
        asked, _ = ask(session, access, row, NewQuestion.model_validate(question.asked))
        for author, values in question.answers:
            access, row = version_to_comment_on(session, cast[author], version)
            given = NewAnswer.model_validate({"revision": asked.revision, **values})
            give_answer(session, access, row, session.get_one(Question, asked.id), given)


def _kept_secret(file: Path) -> str:
    """The demo's link stays the same from one start to the next; the database alone could not say it again."""
    if not file.exists():
        file.write_text(new_secret(), encoding="ascii")
        file.chmod(0o600)
    return file.read_text(encoding="ascii").strip()
