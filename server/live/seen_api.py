"""What is new to whoever asks, over JSON; a mark made on one device is told to their others in the room."""

import json
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from server.database import database_of
from server.events.objects import Author, Shape
from server.feedback.audience import known_to
from server.feedback.seen import SeenShape, mark_seen, mark_unseen, seen_of, unread_by_song
from server.fields import Form
from server.live.rooms import Rooms
from server.operations import ItemList, Operation, answer, parsed
from server.people import bands
from server.people.visitors import credentials, person_asking
from server.rates import MARKS, spend
from server.songs import songs
from server.songs.access import song_to_hear, version_to_comment_on

MOST_AT_ONCE = 500
_MOST_NAMED = 500


class SeenNumbers(Form):
    numbers: Annotated[list[Annotated[int, Field(ge=1, lt=2**31)]], Field(max_length=MOST_AT_ONCE)]


class UnreadOfSong(Shape):
    song: UUID
    unread: int
    mentions: int


async def get_seen(request: Request) -> Response:
    def find(session: Session) -> SeenShape:
        return seen_of(session, song_to_hear(session, credentials(request), request.path_params["song"]))

    return answer(await database_of(request).reading(find))


async def set_seen(request: Request) -> Response:
    return await _changed(request, "seen")


async def set_unseen(request: Request) -> Response:
    return await _changed(request, "unseen")


async def _changed(request: Request, what: str) -> Response:
    await spend(request, MARKS)
    form = await parsed(request, SeenNumbers)
    change = mark_seen if what == "seen" else mark_unseen

    def write(session: Session) -> tuple[UUID, SeenShape]:
        access = song_to_hear(session, credentials(request), request.path_params["song"])
        return access.you.id, change(session, access, form.numbers)

    you, seen = await database_of(request).writing(write)
    rooms = request.app.state.rooms
    assert isinstance(rooms, Rooms)
    rooms.tell_one(seen.song, you, json.dumps({"type": "seen", **seen.model_dump(mode="json")}))
    return answer(seen)


async def list_unread(request: Request) -> Response:
    def find(session: Session) -> ItemList[UnreadOfSong]:
        person = person_asking(session, credentials(request))
        mine = [
            song for band in bands.bands_of(session, person.id) for song in songs.songs_of(session, band.id)
        ]
        unread = unread_by_song(session, person, mine)
        return ItemList(
            items=[
                UnreadOfSong(song=id, unread=len(items), mentions=sum(each.mention for each in items))
                for id, items in unread.items()
            ]
        )

    return answer(await database_of(request).reading(find))


async def list_people(request: Request) -> Response:
    def find(session: Session) -> ItemList[Author]:
        given, id = credentials(request), request.path_params["version"]
        access, version = version_to_comment_on(session, given, id)
        return ItemList(items=known_to(session, access, version)[:_MOST_NAMED])

    return answer(await database_of(request).reading(find))


operations = [
    Operation(
        "GET",
        "/api/unread",
        list_unread,
        "How much is new to you in each song of your bands",
        gives=ItemList[UnreadOfSong],
        errors=(401,),
    ),
    Operation(
        "GET",
        "/api/songs/{song:uuid}/seen",
        get_seen,
        "The comments of others that you have not seen yet",
        gives=SeenShape,
        errors=(404,),
    ),
    Operation(
        "POST",
        "/api/songs/{song:uuid}/seen",
        set_seen,
        "Mark comments as seen, by their numbers; marks of several devices are joined",
        takes=SeenNumbers,
        gives=SeenShape,
        errors=(404, 422),
    ),
    Operation(
        "POST",
        "/api/songs/{song:uuid}/unseen",
        set_unseen,
        "Take that back",
        takes=SeenNumbers,
        gives=SeenShape,
        errors=(404, 422),
    ),
    Operation(
        "GET",
        "/api/versions/{version:uuid}/people",
        list_people,
        "Whom a comment on this version can mention",
        gives=ItemList[Author],
        errors=(404,),
    ),
]
