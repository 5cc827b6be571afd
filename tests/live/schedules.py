"""Random schedules of what people and networks do: each from its seed, to be run again as it was."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from server.database import Database
from server.events import log
from server.events.models import LoggedEvent
from server.feedback.comments import comment_shape
from server.feedback.models import Comment, Reaction
from server.feedback.reactions import MERGED_WITHIN, reaction_shape
from tests.live.answering import ANSWERING, Answered, compare_answers
from tests.services.cable import Cable
from tests.services.node import find_node
from tests.services.server import LiveServer

HERE = Path(__file__).parent
SECONDS_TO_SETTLE = 120.0
WRITING = (
    *["post"] * 3,
    *["reply"] * 3,
    *["edit", "done", "remove", "restore"] * 2,
    *["tap"] * 4,
    *["take-back", "bring-back"],
    *["answer"] * 3,
    *["unanswer", "reanswer"],
)
KINDS = ("love", "goosebumps")  # few, and few places, so that taps meet
Json = dict[str, Any]


class Pages:
    """So many listeners' pages in one Node."""

    def __init__(self, number: int) -> None:
        command = [str(find_node()), "--experimental-websocket", "--no-warnings"]
        self._node = subprocess.Popen(
            [*command, str(HERE / "pages_in_node.mjs"), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._ids = count()

    def ask(self, page: int, command: str, **given: Any) -> Any:
        assert self._node.stdin and self._node.stdout
        id = next(self._ids)
        self._node.stdin.write(json.dumps({"page": page, "id": id, "command": command, **given}) + "\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline())
        while answer["id"] not in (id, None):  # what a schedule that failed asked last
            answer = json.loads(self._node.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["answer"]

    def close(self) -> None:
        with suppress(OSError, subprocess.TimeoutExpired):
            self._node.communicate(timeout=30)
        self._node.kill()


@dataclass
class Stage:
    """A server, and for each listener a page and the cable it hangs on."""

    server: LiveServer
    database: Database
    pages: Pages
    cables: list[Cable]


@dataclass
class World:
    """A song on that stage, and who is at its page: each one's cookie, and the address they came by."""

    stage: Stage
    song: UUID
    version: UUID
    cookies: list[str]
    paths: list[str]

    @property
    def people(self) -> range:
        return range(len(self.cookies))

    def ask(self, who: int, command: str, **given: Any) -> Any:
        """Printed as it goes: pytest shows what led up to a failure."""
        answer = self.stage.pages.ask(who, command, **given)
        if command != "dump":
            print(f"page {who} {command} {given.get('body', '')} {answer or ''}")
        return answer


@dataclass
class Intended:
    """What one person did, as far as nobody else may undo it."""

    written: set[str] = field(default_factory=set)
    bodies: dict[str, str] = field(default_factory=dict)
    removed: dict[str, bool] = field(default_factory=dict)
    taps: dict[str, Json] = field(default_factory=dict)
    taken_back: dict[str, bool] = field(default_factory=dict)
    answered: Answered = field(default_factory=Answered)


def run(world: World, seed: int, steps: int = 40) -> None:
    """Let it happen, let it settle, and compare every page with the log and the database."""
    chance = random.Random(seed)
    if world.stage.server.process.poll() is not None:  # a schedule that failed left it dead
        world.stage.server.start()
    for cable in world.stage.cables:
        cable.heal()
    intended = [Intended() for _ in world.people]
    for who in world.people:
        address = f"10.{seed % 250}.{seed // 250 % 250}.{who + 1}"
        given = {"url": world.stage.cables[who].url, "path": world.paths[who], "cookie": world.cookies[who]}
        world.ask(who, "open", **given, **{"from": address})
    killing = steps // 2 if chance.random() < 0.4 else -1
    for number in range(steps):
        if number == killing:
            world.stage.server.kill()
            print("the server is killed")
        _step(world, chance, intended, f"{seed}.{number}")
        if number == killing + 6 and killing >= 0:
            world.stage.server.start()
            print("the server is back")
        time.sleep(chance.choice((0, 0, 0.002, 0.01, 0.04)))
    settle(world)
    compare(world, intended)
    for who in world.people:
        world.ask(who, "close")


def _step(world: World, chance: random.Random, intended: list[Intended], words: str) -> None:
    who = chance.choice(world.people)
    happens = chance.random()
    if happens < 0.12:
        world.stage.cables[who].cut()
        print(f"page {who} is cut off")
        if chance.random() < 0.5:
            world.ask(who, "offline")
    elif happens < 0.3:
        world.stage.cables[who].heal()
        print(f"page {who} is connected")
        if chance.random() < 0.5:
            world.ask(who, "online")
    elif happens < 0.37:
        world.ask(who, "reload")
    else:
        _write(world, chance, who, intended[who], words)


def _write(world: World, chance: random.Random, who: int, intended: Intended, words: str) -> None:
    what = chance.choice(WRITING)
    given: Json = {"pick": chance.random()}
    if what in ("post", "reply", "edit"):
        given["body"] = f"{what} {words}"
    if what == "post":
        given = {"body": given["body"], "at": round(chance.uniform(0, 59), 3), "version": str(world.version)}
    if what == "done":
        given["done"] = chance.random() < 0.7
    if what == "tap":
        given = {"kind": chance.choice(KINDS), "at": float(chance.randrange(12))}
    if what == "answer":
        given |= {"loudness": chance.randrange(-100, 101), "at": float(chance.randrange(50))}
    if what in ("tap", "take-back", *ANSWERING):
        given["version"] = str(world.version)
    answer = world.ask(who, what, **given)
    if answer is None:  # nothing there that it could be done to
        return
    id = answer["id"]
    if what in ("post", "reply"):
        intended.written.add(id)
    if what in ("post", "reply", "edit"):
        intended.bodies[id] = given["body"]
    if what in ("remove", "restore"):
        intended.removed[id] = what == "remove"
    if what in ANSWERING:
        intended.answered.note(what, answer)
    if what == "tap":
        intended.taps[id] = given
    if what in ("tap", "take-back", "bring-back"):
        intended.taken_back[id] = what == "take-back"


def settle(world: World) -> None:
    for cable in world.stage.cables:
        cable.heal()
    deadline = time.monotonic() + SECONDS_TO_SETTLE
    calm = 0
    while calm < 2:  # twice in a row: what one sends, the others have still to hear
        last = world.stage.database.read(lambda session: log.last_seq(session, world.song))
        states = [world.ask(who, "state") for who in world.people]
        calm = calm + 1 if all(_calm(state, last) for state in states) else 0
        assert time.monotonic() < deadline, f"The log is at {last}, and the pages do not get there: {states}"
        if not calm:
            for who in world.people:
                world.ask(who, "online")
        time.sleep(0.03)


def _calm(state: Json, last: int) -> bool:
    return bool(state["status"] == "open" and state["waiting"] == 0 and state["seq"] == last)


def compare(world: World, intended: list[Intended]) -> None:
    rows, taps, events = world.stage.database.read(lambda session: _what_is_kept(session, world.song))
    assert [event.seq for event in events] == list(range(1, len(events) + 1)), "the log has gaps"
    assert _told(events, "comment") == rows, "the log does not tell what the database holds"
    assert _told(events, "reaction") == taps, "the log tells of other taps than the database holds"
    added = [event.body["comment"]["id"] for event in events if event.type == "comment.added"]
    assert len(added) == len(set(added)), "something was written twice"

    dumps = [world.ask(who, "dump", version=str(world.version)) for who in world.people]
    answered = [each.answered for each in intended]
    world.stage.database.read(lambda session: compare_answers(session, world.song, events, dumps, answered))
    for who, dump in enumerate(dumps):
        assert dump["trouble"] == [], f"page {who}: {dump['trouble']}"
        assert dump["shown"] == shown(rows), f"page {who} does not show what is there"
        assert dump["taps"] == tapped(taps), f"page {who} shows other taps than are there"
        _compare_taps(taps, intended[who])
        refused = set(dump["refused"])
        _compare_with_intended(rows, added, intended[who], refused)


def _compare_with_intended(
    rows: dict[str, Json], added: list[str], intended: Intended, refused: set[str]
) -> None:
    for id in intended.written:
        # A reply to what somebody took away meanwhile is refused, and kept for whom wrote it.
        assert (id in added) != (f"post:{id}" in refused), f"{id} is neither written nor kept, or both"
    for id, body in intended.bodies.items():
        changed = f"edit:{id}" in refused or id not in rows
        assert changed or rows[id]["body"] == body, f"the last words of {id} are lost"
    for id, removed in intended.removed.items():
        assert id not in rows or rows[id]["removed"] == removed, (
            f"{id} was taken away, or brought back, in vain"
        )


def _compare_taps(taps: dict[str, Json], intended: Intended) -> None:
    """A tap is there, or one of the same feeling beside it, into which the server merged it."""
    own = [one for one in taps.values() if one["id"] in intended.taps]
    for id, given in intended.taps.items():
        if intended.taken_back[id]:
            assert id not in taps or taps[id]["removed"], f"tap {id} was taken back in vain"
            continue
        near = [
            one
            for one in own
            if one["kind"] == given["kind"] and abs(one["at"] - given["at"]) < MERGED_WITHIN
        ]
        # The one that it was merged into may have been taken back since.
        assert any(id not in taps or not one["removed"] for one in near), f"tap {id} is lost"


def _told(events: list[LoggedEvent], what: str) -> dict[str, Json]:
    """The last that the log says of each."""
    return {event.body[what]["id"]: event.body[what] for event in events if what in event.body}


def tapped(taps: dict[str, Json]) -> list[Json]:
    there = [one for one in taps.values() if not one["removed"]]
    return sorted(there, key=lambda one: (one["at"], one["id"]))


def shown(rows: dict[str, Json]) -> list[Json]:
    """As a page shows them: in the order of the music, each with its replies by age."""
    by_age: Callable[[Json], Any] = lambda one: (one["created_at"][:23], one["id"])  # noqa: E731
    there = [one for one in rows.values() if not one["removed"]]
    begun = sorted((one for one in there if not one["reply_to"]), key=lambda one: (one["at"], *by_age(one)))
    replies = {
        one["id"]: sorted((r for r in there if r["reply_to"] == one["id"]), key=by_age) for one in begun
    }
    return [each for one in begun for each in (one, *replies[one["id"]])]


def _what_is_kept(session: Session, song: UUID) -> tuple[dict[str, Json], dict[str, Json], list[LoggedEvent]]:
    rows = session.exec(select(Comment).where(Comment.song_id == song)).all()
    shapes = [comment_shape(session, row).model_dump(mode="json") for row in rows]
    found = select(LoggedEvent).where(LoggedEvent.song_id == song).order_by(col(LoggedEvent.seq))
    reactions = session.exec(select(Reaction).where(Reaction.song_id == song)).all()
    taps = [reaction_shape(session, row).model_dump(mode="json") for row in reactions]
    by_id = [{shape["id"]: shape for shape in each} for each in (shapes, taps)]
    return by_id[0], by_id[1], list(session.exec(found))
