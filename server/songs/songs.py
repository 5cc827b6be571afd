"""What a band does with its songs: make one, take it away, bring it back."""

import uuid

from sqlmodel import Session, col, select

from server.database import now, recheck_rights
from server.errors import invalid, not_found
from server.people import bands
from server.people.models import Person
from server.songs.access import Access
from server.songs.models import Song


def add_song(session: Session, person: Person, title: str, band_id: uuid.UUID | None) -> Song:
    song = Song(band_id=_band_for(session, person, band_id), title=title, created_by=person.id)
    session.add(song)
    session.flush()
    return song


def remove_song(session: Session, access: Access) -> None:
    access.song.removed_at = access.song.removed_at or now()
    session.add(access.song)
    recheck_rights(session)


def restore_song(session: Session, access: Access) -> None:
    access.song.removed_at = None
    session.add(access.song)


def songs_of(session: Session, band_id: uuid.UUID, *, removed: bool = False) -> list[Song]:
    gone = col(Song.removed_at)
    found = select(Song).where(Song.band_id == band_id, gone.is_not(None) if removed else gone.is_(None))
    return list(session.exec(found.order_by(col(Song.created_at).desc())))


def _band_for(session: Session, person: Person, band_id: uuid.UUID | None) -> uuid.UUID:
    if band_id is not None:
        if not bands.is_member(session, band_id, person.id):
            raise not_found()
        return band_id
    mine = bands.bands_of(session, person.id)
    if len(mine) == 1:
        return mine[0].id
    sentence = (
        "You are in several bands: say which one." if mine else "Make a band first; a song belongs to one."
    )
    raise invalid(sentence, band=sentence)
