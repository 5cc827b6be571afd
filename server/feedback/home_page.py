"""The first page of somebody with an account: their bands, the songs, and what waits for them there."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BeforeValidator
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.database import database_of
from server.errors import sign_in_first
from server.feedback.models import Comment
from server.feedback.seen import UnreadShape, unread_by_song
from server.fields import PageForm, Title
from server.forms import Fields, lead_on, submitted
from server.operations import validated
from server.people import bands
from server.people.models import Band, Person
from server.people.pages import sign_in_page, you
from server.people.visitors import credentials, identify, person_asking
from server.rendering import pages
from server.songs import songs
from server.songs.access import song_to_change
from server.songs.models import Song, Version


class NewBand(PageForm):
    name: Title


class NewSong(PageForm):
    title: Title
    band: Annotated[UUID | None, BeforeValidator(lambda text: text or None)] = None


async def home(request: Request) -> Response:
    return await _home(request, {}, {}, 200)


async def add_band(request: Request) -> Response:
    async def attempt(fields: Fields) -> Response:
        form = validated(NewBand.model_validate, fields)

        def add(session: Session) -> UUID:
            return bands.add_band(session, form.name, person_asking(session, credentials(request))).id

        return lead_on(f"/bands/{await database_of(request).writing(add)}")

    return await submitted(request, attempt, partial(_home, request))


async def add_song(request: Request) -> Response:
    async def attempt(fields: Fields) -> Response:
        form = validated(NewSong.model_validate, fields)

        def add(session: Session) -> UUID:
            return songs.add_song(
                session, person_asking(session, credentials(request)), form.title, form.band
            ).id

        return lead_on(f"/songs/{await database_of(request).writing(add)}/versions/new")

    return await submitted(request, attempt, partial(_home, request))


async def remove_song(request: Request) -> Response:
    return await _change_song(request, songs.remove_song, "/")


async def restore_song(request: Request) -> Response:
    return await _change_song(request, songs.restore_song, f"/songs/{request.path_params['song']}")


async def _change_song(request: Request, change: Any, then: str) -> Response:
    def action(session: Session) -> None:
        change(
            session, song_to_change(session, credentials(request), request.path_params["song"], removed=True)
        )

    await database_of(request).writing(action)
    return lead_on(then)


async def _home(request: Request, errors: dict[str, str], values: Fields, status: int) -> Response:
    def context(session: Session) -> dict[str, Any] | None:
        person = identify(session, credentials(request)).person
        if person is None:
            return None
        mine = [_band(session, band, person) for band in bands.bands_of(session, person.id)]
        return {"you": you(person), "bands": mine, "errors": errors, "values": values}

    shown = await database_of(request).reading(context)
    if shown is None and request.method == "POST":
        raise sign_in_first()
    if shown is None:
        return sign_in_page(request)
    return pages(request).page("people/home.html", shown, status)


def _band(session: Session, band: Band, person: Person) -> dict[str, Any]:
    removed = songs.songs_of(session, band.id, removed=True)
    there = songs.songs_of(session, band.id)
    unread = unread_by_song(session, person, there)
    return {
        "id": band.id,
        "name": band.name,
        "songs": [_song(session, song, unread[song.id]) for song in there],
        "removed_songs": [{"id": song.id, "title": song.title} for song in removed],
    }


def _song(session: Session, song: Song, unread: list[UnreadShape]) -> dict[str, Any]:
    there = select(Version).where(Version.song_id == song.id, col(Version.removed_at).is_(None))
    versions = list(session.exec(there.order_by(col(Version.number))))
    latest = versions[-1] if versions else None
    kept = {"number", "stage", "label", "status"}
    return {
        "id": song.id,
        "title": song.title,
        "updated_at": latest.created_at if latest else song.created_at,
        "version_count": len(versions),
        "latest": latest.model_dump(include=kept) if latest else None,
        "unread": len(unread),
        "mentions": sum(each.mention for each in unread),
        "open_comments": _open_comments(session, [version.id for version in versions]),
    }


def _open_comments(session: Session, versions: list[UUID]) -> int:
    count = select(sa.func.count()).select_from(Comment)
    kept = (
        col(Comment.removed_at).is_(None) & col(Comment.done_at).is_(None) & col(Comment.reply_to).is_(None)
    )
    return session.exec(count.where(col(Comment.version_id).in_(versions), kept)).one()


routes = [
    Route("/", home, methods=["GET"]),
    Route("/bands", add_band, methods=["POST"]),
    Route("/songs", add_song, methods=["POST"]),
    Route("/songs/{song:uuid}/remove", remove_song, methods=["POST"]),
    Route("/songs/{song:uuid}/restore", restore_song, methods=["POST"]),
]
