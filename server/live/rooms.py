"""One room per song: who has its page open now, and what each of them has still to be told.

The log in the database is the truth. A wake-up only says "read on from where you were", so one that is lost or
comes twice harms nothing. Everything here runs on the event loop; leaving a room needs no await.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from server.live.frames import WriteFrame
from server.live.together import Together
from server.people.visitors import Credentials
from server.songs.access import Access

# More unsent messages than this and the listener is too slow: it is dropped, and catches up when it comes back.
MOST_WAITING = 1000


# With more people than this in a room nobody looks at each of them: these are named, the others counted.
MOST_NAMED = 60


@dataclass(eq=False)
class Listener:
    """One open socket."""

    given: Credentials
    access: Access
    seq: int
    write: WriteFrame | None = None
    waiting: list[str] = field(default_factory=list)
    sending: bool = False
    version: UUID | None = None
    at: float | None = None
    playing: bool = False
    typing: bool = False
    seat: UUID | None = None
    """The id of this page while it listens together with others."""
    joined_turn: int = 0
    kept_back: frozenset[UUID] = frozenset()
    """The versions of which this listener is told only what they said themselves."""
    close_code: int | None = None
    something: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, messages: list[str], frame: bytes | None = None) -> None:
        """In order, and at once where it can be: their frame is written through if nothing waits before it."""
        busy = self.waiting or self.sending or self.close_code is not None
        if not busy and frame is not None and self.write is not None and self.write(frame):
            return
        if len(self.waiting) >= MOST_WAITING:
            self.close(4408)
            return
        self.waiting += messages
        self.something.set()

    def close(self, code: int) -> None:
        self.close_code = self.close_code or code
        self.something.set()

    def taken(self) -> list[str]:
        """What is to be sent, all that came within one turn of the loop together."""
        messages, self.waiting = self.waiting, []
        self.something.clear()
        return messages

    @cached_property
    def you(self) -> dict[str, Any]:
        return self.access.you.model_dump(mode="json")

    def as_here(self, typing: bool) -> dict[str, Any]:
        version = str(self.version) if self.version else None
        return {**self.you, "version": version, "at": self.at, "playing": self.playing, "typing": typing}


@dataclass(eq=False)
class Room:
    song: UUID
    listeners: set[Listener] = field(default_factory=set)
    presence_changed: bool = False
    presence_told: float = float("-inf")
    """When, on the loop's clock."""
    together: Together | None = None
    _who: dict[str, Any] | None = None

    def presence_for_newcomer(self) -> dict[str, Any]:
        """In a crowd as it was last told, for to count everybody anew for each who enters costs the square of them."""
        return self._who if self._who and len(self.listeners) > MOST_NAMED else self.presence()

    def presence(self) -> dict[str, Any]:
        """Who is here, and how many; several tabs of one person are one, where they play or were last heard of."""
        people: dict[UUID, tuple[Listener, bool]] = {}
        for listener in sorted(self.listeners, key=lambda one: (one.playing, one.at is not None)):
            id = listener.access.you.id
            people[id] = (listener, listener.typing or (id in people and people[id][1]))
        named = sorted(
            people.values(), key=lambda one: (not one[0].access.member, not one[1], not one[0].playing)
        )
        here = [listener.as_here(typing) for listener, typing in named[:MOST_NAMED]]
        self._who = {"here": sorted(here, key=lambda one: (one["name"], one["id"])), "count": len(people)}
        return self._who


class Rooms:
    def __init__(self) -> None:
        self.rooms: dict[UUID, Room] = {}
        self.unread: set[UUID] = set()
        self.something_unread = asyncio.Event()
        self.rights_changed = asyncio.Event()
        self.rights_changes = 0

    def change_rights(self) -> None:
        """Somebody may have lost a right: everyone's are looked at anew."""
        self.rights_changes += 1
        self.rights_changed.set()

    @contextmanager
    def join(self, listener: Listener) -> Iterator[Room]:
        song = listener.access.song.id
        room = self.rooms.setdefault(song, Room(song))
        room.listeners.add(listener)
        room.presence_changed = True
        try:
            yield room
        finally:
            room.listeners.discard(listener)
            room.presence_changed = True
            if not room.listeners:
                self.rooms.pop(song, None)

    def tell_one(self, song: UUID, who: UUID, message: str) -> None:
        """On every page that this one has open here; nobody else is told."""
        room = self.rooms.get(song)
        for listener in room.listeners if room else ():
            if listener.access.you.id == who:
                listener.tell([message])

    def wake(self, songs: set[UUID]) -> None:
        self.unread |= songs & self.rooms.keys()
        if self.unread:
            self.something_unread.set()

    async def taken_unread(self) -> list[Room]:
        """The rooms whose log has, or may have, something new; waits until there is one."""
        await self.something_unread.wait()
        self.something_unread.clear()
        songs, self.unread = self.unread, set()
        return [self.rooms[song] for song in songs if song in self.rooms]

    def everyone(self) -> list[Listener]:
        return [listener for room in self.rooms.values() for listener in room.listeners]
