"""Keeps every room in step with its song's log, tells who is here, and closes sockets whose right has ended."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from uuid import UUID

from anyio import CapacityLimiter
from psycopg import AsyncConnection
from sqlmodel import Session

from server.database import Database
from server.errors import AppError
from server.events import log
from server.events.models import LoggedEvent
from server.listening.first_listen import Protected, protected_of, said_by
from server.live import leading
from server.live.frames import framed
from server.live.rooms import Listener, Room, Rooms
from server.songs.access import Access, song_to_hear

_BATCH = 500
_PRESENCE_EVERY, _PRESENCE_PER_LISTENER = 0.2, 0.003
# A wake-up from another process may be lost, or (a worker of its own on SQLite) never sent.
_LOOK_ANYWAY_EVERY = 1.0
_RECHECK_EVERY, _RECHECK_PAUSE = 30.0, 0.1
_BURST, _PAUSE_PER_TELLING, _LONGEST_PAUSE = 2, 3.0, 0.1
_RESYNC = '{"type": "resync"}'
_log = logging.getLogger(__name__)


class Following:
    def __init__(self, database: Database, rooms: Rooms) -> None:
        self._database, self._rooms = database, rooms
        self._own_thread = CapacityLimiter(1)
        self._told_at, self._without_rest = float("-inf"), 0
        self._loop = asyncio.get_running_loop()

    def committed(self, songs: set[UUID], rights: bool) -> None:
        """Called after each commit, in whatever thread it was made."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: the server is going down
            self._loop.call_soon_threadsafe(self._wake, songs, rights)

    def _wake(self, songs: set[UUID], rights: bool) -> None:
        self._rooms.wake(songs)
        if rights:
            self._rooms.change_rights()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self._database.after_commit.append(self.committed)
        tasks = [self._follow_rooms, self._tell_presence, self._tend_together, self._look_anyway]
        tasks.append(self._recheck_rights)
        if not self._database.is_sqlite:
            tasks.append(self._hear_other_processes)
        running = [asyncio.create_task(_for_ever(task)) for task in tasks]
        try:
            yield
        finally:
            self._database.after_commit.remove(self.committed)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _follow_rooms(self) -> None:
        rooms = await self._rooms.taken_unread()
        began = time.monotonic()  # the loop's own clock stands still while it works
        rested = began - self._told_at
        for room in rooms:
            await self._follow(room)
        took = time.monotonic() - began
        self._without_rest = self._without_rest + 1 if rested < took / 2 else 0
        # Telling a thousand takes a while. Where there is always more by then it is a burst: the rest of the work gets
        # its turn before all are told again, and what happens meanwhile travels together. A comment that comes while
        # another is told waits only for that.
        await asyncio.sleep(
            min(_LONGEST_PAUSE, _PAUSE_PER_TELLING * took) if self._without_rest >= _BURST else 0
        )
        self._told_at = time.monotonic()

    async def _follow(self, room: Room) -> None:
        """Read on and tell everyone, once per wake-up; the events are fetched and written out once for all."""
        listeners = list(room.listeners)
        if not listeners:
            return
        seq = min(listener.seq for listener in listeners)
        written = await self._written_since(room.song, seq)
        for listener in listeners:
            _deliver(listener, written)

    async def _written_since(self, song: UUID, seq: int) -> "_Written":
        def read(session: Session) -> _Written:
            return _Written(log.since(session, song, seq, _BATCH + 1), protected_of(session, song))

        # SQLite has the answer in memory, sooner than a thread would get its turn; a network may keep us waiting.
        if self._database.is_sqlite:
            return self._database.read(read)
        return await self._database.reading(read, limiter=self._own_thread)

    async def _look_anyway(self) -> None:
        await asyncio.sleep(_LOOK_ANYWAY_EVERY)
        self._rooms.wake(set(self._rooms.rooms))

    async def _tell_presence(self) -> None:
        await asyncio.sleep(_PRESENCE_EVERY)
        for room in list(self._rooms.rooms.values()):
            # The more listen, the less often: everybody is told of everybody.
            due = room.presence_told + _PRESENCE_PER_LISTENER * len(room.listeners)
            if room.presence_changed and self._loop.time() >= due:
                room.presence_changed, room.presence_told = False, self._loop.time()
                messages = [json.dumps({"type": "presence", **room.presence()})]
                frame = framed(messages)
                for listener in room.listeners:
                    listener.tell(messages, frame)

    async def _tend_together(self) -> None:
        await asyncio.sleep(_PRESENCE_EVERY)
        for room in list(self._rooms.rooms.values()):
            await leading.tend(self._database, room)

    async def _recheck_rights(self) -> None:
        """All at once where a right was taken away; else, as links also end by themselves, one after the other, so
        that a thousand delay no comment."""
        at_once = self._rooms.rights_changed.is_set()
        self._rooms.rights_changed.clear()
        everyone = self._rooms.everyone()
        for listener in everyone:
            pause = max(_RECHECK_EVERY / len(everyone), _RECHECK_PAUSE)
            if not at_once and await self._rights_change_within(pause):
                return
            await self._recheck(listener)
        if not everyone:
            await self._rights_change_within(_RECHECK_EVERY)

    async def _rights_change_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._rooms.rights_changed.wait(), seconds)
        return self._rooms.rights_changed.is_set()

    async def _recheck(self, listener: Listener) -> None:
        song = listener.access.song.id
        try:
            access = await self._database.reading(lambda session: song_to_hear(session, listener.given, song))
        except AppError:
            listener.close(4401)
            return
        if access.you.id != listener.access.you.id:
            listener.close(4401)
        listener.access = access

    async def _hear_other_processes(self) -> None:
        address = self._database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        async with await AsyncConnection.connect(address, autocommit=True) as connection:
            await connection.execute("LISTEN earmark")
            async for notice in connection.notifies():
                rights = notice.payload == "rights"
                self._wake(set() if rights else {UUID(notice.payload)}, rights)


async def _for_ever(task: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await task()
        except Exception:
            _log.exception("A task of the live rooms failed; it goes on in a second")
            await asyncio.sleep(1)


class _Written:
    """The events after one number as everyone is told them, each sort of listener's message made once."""

    def __init__(self, events: list[LoggedEvent], protected: Protected) -> None:
        self._events = [(event, event.versions, json.dumps(log.as_message(event))) for event in events]
        self._protected, self.protects = protected, bool(protected.versions)
        self._authors = [said_by(event.body) for event in events]
        self._made: dict[Any, tuple[list[str], bytes]] = {}
        self.last = events[-1].seq if events else 0
        self.too_many = len(events) > _BATCH

    def kept_from(self, access: Access) -> frozenset[UUID]:
        return self._protected.kept_from(access)

    def for_listener(self, listener: Listener) -> tuple[list[str], bytes]:
        access, kept_back = listener.access, listener.kept_back
        own = access.you.id if kept_back and access.you.id in self._authors else None
        sort = listener.seq, access.sight, kept_back, own
        if (made := self._made.get(sort)) is None:
            messages = list(self._messages(listener))
            made = self._made[sort] = messages, framed(messages)
        return made

    def _messages(self, listener: Listener) -> Iterator[str]:
        for (event, versions, written), author in zip(self._events, self._authors, strict=True):
            if event.seq > listener.seq:
                # One about a version that this guest may not hear keeps its number, so that nobody sees a gap.
                seen = all(listener.access.sees(version, self._protected.latest) for version in versions)
                if author not in (None, listener.access.you.id):
                    seen = seen and listener.kept_back.isdisjoint(versions)
                yield written if seen else json.dumps({"seq": event.seq, "type": "hidden"})
                if not seen and event.type == "version.removed":
                    # Who sees only the latest may see another one now.
                    yield _RESYNC


def _deliver(listener: Listener, written: _Written) -> None:
    if (written.protects or listener.kept_back) and (
        kept := written.kept_from(listener.access)
    ) != listener.kept_back:
        # They have heard the song once, or the band changed its mind: the page fetches how things are now.
        listener.kept_back = kept
        listener.tell([_RESYNC])
    if listener.seq >= written.last:
        return
    if written.too_many:
        # Too far behind to be told one by one; the page fetches how things are now.
        listener.tell([_RESYNC])
    else:
        messages, frame = written.for_listener(listener)
        listener.tell(messages, frame)
    listener.seq = written.last
