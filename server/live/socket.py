"""The socket of a song's page: it hears every event from the number it knows on, and says where it is.

Accept first, then decide: a close before the accept reaches a browser as a failure without a code.
"""

import asyncio
import json
import logging
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.database import Database, database_of
from server.errors import AppError
from server.events import log
from server.listening.first_listen import kept_back
from server.live import leading
from server.live.allowance import Allowance
from server.live.frames import joined, write_frame_of
from server.live.messages import MESSAGE, Playhead, Typing
from server.live.rooms import Listener, Room, Rooms
from server.people.visitors import credentials
from server.songs.access import Access, song_to_hear

_log = logging.getLogger(__name__)
# What one socket may say in a second; a page needs two or three.
_MESSAGES_PER_SECOND = 20
_BURST = 40


async def live(websocket: WebSocket) -> None:
    await websocket.accept()
    song: UUID = websocket.path_params["song"]
    since = websocket.query_params.get("since", "")
    given = credentials(websocket)

    def enter(session: Session) -> tuple[Access, int, frozenset[UUID]]:
        access = song_to_hear(session, given, song)
        return access, log.last_seq(session, song), kept_back(session, access)

    database, rooms = database_of(websocket), websocket.app.state.rooms
    assert isinstance(rooms, Rooms)
    changes = rooms.rights_changes
    try:
        access, seq, waiting = await database.reading(enter)
    except AppError:
        await websocket.close(4404, "no such song, or not shared with you")
        return
    known = int(since) if since.isascii() and since.isdigit() and len(since) < 10 else seq
    listener = Listener(given, access, seq=known, write=write_frame_of(websocket.scope), kept_back=waiting)
    with rooms.join(listener) as room:
        if rooms.rights_changes != changes:
            rooms.change_rights()  # this one was not there yet when everyone's were looked at
        listener.tell([_hello(listener, seq, room)])
        # A number from the future belongs to another database (one restored from a backup): start afresh.
        if known > seq:
            listener.seq = seq
            listener.tell(['{"type": "resync"}'])
        rooms.wake({song})
        if room.together is not None:
            sight = await leading.sight_of(database, song, room.together.place.version)
            leading.told_on_entering(room, sight, listener)
        await _serve(websocket, listener, room, database)


async def _serve(websocket: WebSocket, listener: Listener, room: Room, database: Database) -> None:
    """Reader and writer side by side; whichever ends takes the other along."""
    tasks = {
        asyncio.create_task(_hear(websocket, listener, room, database)),
        asyncio.create_task(_tell(websocket, listener)),
    }
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        # Not `gather`: cancelled here, it would raise an exception of its own that hides whose cancelling it was.
        await asyncio.wait(tasks)
        for task in tasks:
            if not task.cancelled() and (error := task.exception()) is not None:
                _log.debug("A socket ended with %r", error)


async def _tell(websocket: WebSocket, listener: Listener) -> None:
    while True:
        await listener.something.wait()
        messages = listener.taken()
        if messages and listener.close_code != 4408:
            listener.sending = True
            for text in joined(messages):
                await websocket.send_text(text)
            listener.sending = False
        if listener.close_code is not None:
            await websocket.close(listener.close_code)
            return


async def _hear(websocket: WebSocket, listener: Listener, room: Room, database: Database) -> None:
    allowance = Allowance(_MESSAGES_PER_SECOND, _BURST)
    while True:
        try:
            text = await websocket.receive_text()
        except (WebSocketDisconnect, KeyError):  # KeyError: a binary frame, which no page of ours sends
            return
        if not allowance.spend():
            listener.close(4408)
            continue
        try:
            message = MESSAGE.validate_json(text)
        except ValidationError:
            listener.tell([json.dumps({"type": "error", "message": "That message was not understood."})])
            continue
        if isinstance(message, Playhead):
            listener.version, listener.at, listener.playing = message.version, message.at, message.playing
        elif isinstance(message, Typing):
            listener.typing = message.typing
        else:
            await leading.act(database, room, listener, message)
            continue
        room.presence_changed = True


def _hello(listener: Listener, seq: int, room: Room) -> str:
    access, waits = listener.access, sorted(map(str, listener.kept_back))
    you = {
        **access.you.model_dump(mode="json"),
        "may_comment": access.may_comment,
        "may_download": access.may_download,
        "member": access.member,
    }
    return json.dumps(
        {"type": "hello", "seq": seq, "you": you, "waits": waits, **room.presence_for_newcomer()}
    )


routes = [WebSocketRoute("/api/songs/{song:uuid}/live", live)]
