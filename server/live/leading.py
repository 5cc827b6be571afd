"""What pages may do about listening together: lead, say where they are, join, step out.

Each reads from the database first and then changes the room without an await, so two that come at once cannot both
lead. A place is told at once, to those who joined; who came or went is told with the presence, once for many.
"""

import json
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from sqlmodel import Session

from server.database import Database
from server.live.frames import framed
from server.live.messages import Join, Lead, ListenTogether, TellPlace
from server.live.rooms import Listener, Room
from server.live.together import GRACE, Together, clock_now, stamped
from server.songs.access import latest_id
from server.songs.models import Version

_turns = count()
_MAY_NOT_LEAD = "Your link lets you listen along, but not lead. Ask the band for one that takes comments."
_NOT_THERE = "That version cannot be played here any more. Choose another one, then lead."


@dataclass(frozen=True)
class Sight:
    """What decides who may hear a version."""

    playable: bool
    latest: UUID | None


async def sight_of(database: Database, song: UUID, version: UUID | None) -> Sight:
    def read(session: Session) -> Sight:
        row = session.get(Version, version) if version else None
        playable = row is not None and row.song_id == song and row.removed_at is None
        return Sight(playable, latest_id(session, song))

    return await database.reading(read)


async def act(database: Database, room: Room, listener: Listener, message: ListenTogether) -> None:
    if message.do == "clock":
        listener.tell([json.dumps({"type": "clock", "sent": message.sent, "now": clock_now()})])
        return
    told = message.version if isinstance(message, Lead | TellPlace) else _version_of(room)
    sight = await sight_of(database, room.song, told)
    if listener not in room.listeners:  # left while we read
        return
    if isinstance(message, Lead):
        _lead(room, listener, message, sight)
    elif isinstance(message, TellPlace):
        _tell_place(room, listener, message, sight)
    elif isinstance(message, Join):
        _join(room, listener, message, sight)
    else:
        _step_out(room, listener, sight)


def _lead(room: Room, listener: Listener, message: Lead, sight: Sight) -> None:
    trouble = _why_not(listener, message.version, sight)
    if trouble:
        listener.tell([json.dumps({"type": "together-refused", "message": trouble})])
        return
    now = room.together
    listener.seat, listener.joined_turn = message.seat, listener.joined_turn or next(_turns) + 1
    if now is not None and not message.over and not _is_leader(listener, now):
        # Somebody was quicker. The page is with them now, and may ask whether to take over.
        now.joined_changed = True
        _tell(room, [listener], sight)
        return
    place = stamped(message.version, message.at, message.playing, message.when)
    room.together = Together(listener.access.you, message.seat, place)
    _tell(room, room.listeners, sight)


def _tell_place(room: Room, listener: Listener, message: TellPlace, sight: Sight) -> None:
    now = room.together
    if now is None or not _is_leader(listener, now):
        _tell(room, [listener], sight)
        return
    if _why_not(listener, message.version, sight):
        _step_out(room, listener, sight)
        return
    now.place = stamped(message.version, message.at, message.playing, message.when)
    _tell(room, [one for one in room.listeners if one.seat is not None], sight)


def _join(room: Room, listener: Listener, message: Join, sight: Sight) -> None:
    """Before anybody leads too: after a restart of the server the leader's page may come back last."""
    listener.seat, listener.joined_turn = message.seat, next(_turns) + 1
    if room.together is not None:
        room.together.joined_changed = True
        if _is_leader(listener, room.together):
            room.together.away_since = None
    _tell(room, [listener], sight)


def _step_out(room: Room, listener: Listener, sight: Sight) -> None:
    now = room.together
    leading = now is not None and _is_leader(listener, now)
    listener.seat = None
    if now is not None:
        now.joined_changed = True
    if now is not None and leading:
        _hand_on(room, now, sight)
    else:
        _tell(room, [listener], sight)


async def tend(database: Database, room: Room) -> None:
    """Now and then: somebody else leads where the leader does not come back, and all are told who came and went."""
    if room.together is None or not _note_who_is_away(room, room.together):
        return
    sight = await sight_of(database, room.song, _version_of(room))
    now = room.together
    if now is None:
        return
    now.joined_changed = False
    if now.away_since is not None and clock_now() / 1000 - now.away_since >= GRACE:
        _hand_on(room, now, sight)
    else:
        _tell(room, room.listeners, sight)


def _note_who_is_away(room: Room, now: Together) -> bool:
    """Whether there is something to do or to tell."""
    here = any(_is_leader(one, now) for one in room.listeners)
    if here != (now.away_since is None):
        now.away_since = None if here else clock_now() / 1000
        now.joined_changed = True
    over = now.away_since is not None and clock_now() / 1000 - now.away_since >= GRACE
    return now.joined_changed or over


def _hand_on(room: Room, now: Together, sight: Sight) -> None:
    """To whom of those who may lead joined first; without any it is over."""
    version = now.place.version
    able = [one for one in room.listeners if one.seat is not None and not _why_not(one, version, sight)]
    heir = min(able, key=lambda one: one.joined_turn, default=None)
    if heir is None:
        room.together = None
        for listener in room.listeners:
            listener.seat = None
    else:
        assert heir.seat is not None
        room.together = Together(heir.access.you, heir.seat, now.place)
    _tell(room, room.listeners, sight)


def told_on_entering(room: Room, sight: Sight, listener: Listener) -> None:
    if room.together is not None:
        _tell(room, [listener], sight)


def _why_not(listener: Listener, version: UUID, sight: Sight) -> str | None:
    access = listener.access
    if not access.may_comment:
        return _MAY_NOT_LEAD
    if not sight.playable or not access.sees(version, sight.latest):
        return _NOT_THERE
    return None if access.to_version(version, sight.latest).may_comment else _MAY_NOT_LEAD


def _version_of(room: Room) -> UUID | None:
    return room.together.place.version if room.together is not None else None


def _is_leader(listener: Listener, now: Together) -> bool:
    return listener.seat == now.seat and listener.access.you.id == now.leader.id


def _tell(room: Room, listeners: "set[Listener] | list[Listener]", sight: Sight) -> None:
    frames = _Frames(room, sight)
    for listener in listeners:
        frames.tell(listener)


@dataclass
class _Frames:
    """Each sort of listener's message, written out once."""

    room: Room
    sight: Sight
    made: dict[tuple[str, bool], tuple[list[str], bytes]] = field(default_factory=dict)

    def tell(self, listener: Listener) -> None:
        now = self.room.together
        sees = now is not None and listener.access.sees(now.place.version, self.sight.latest)
        sort = _role(listener, now), sees
        if sort not in self.made:
            messages = [json.dumps(self._message(now, *sort))]
            self.made[sort] = messages, framed(messages)
        listener.tell(*self.made[sort])

    def _message(self, now: Together | None, role: str, sees: bool) -> dict[str, object]:
        if now is None:
            return {"type": "together", "together": None}
        joined = {one.access.you.id for one in self.room.listeners if one.seat is not None} | {now.leader.id}
        return now.as_message(role, len(joined), sees)


def _role(listener: Listener, now: Together | None) -> str:
    if now is not None and _is_leader(listener, now):
        return "leading"
    return "out" if listener.seat is None else "following"
