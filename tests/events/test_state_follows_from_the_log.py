"""Whoever applies the log's events to an old state has the state of now: nothing changes without an event."""

import random
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Client

from server.database import Database
from tests.cast import Cast, another_version
from tests.databases import both_databases

pytestmark = both_databases

State = dict[str, dict[str, Any]]


def state_now(client: Client, cast: Cast) -> tuple[State, State]:
    versions = client.get(f"/api/songs/{cast.song}/versions").json()["items"]
    comments = [
        comment
        for version in versions
        for comment in client.get(f"/api/versions/{version['id']}/comments?limit=500").json()["items"]
    ]
    return {one["id"]: one for one in versions}, {one["id"]: one for one in comments}


def applied(versions: State, comments: State, events: list[dict[str, Any]]) -> tuple[State, State]:
    """As a page does it: put by id; what is removed, or belongs to something removed, is not shown."""
    versions, comments = dict(versions), dict(comments)
    for event in events:
        if "version" in event:
            versions[event["version"]["id"]] = event["version"]
        else:
            comments[event["comment"]["id"]] = event["comment"]
    shown = {id: version for id, version in versions.items() if not version["removed"]}
    kept = {id: one for id, one in comments.items() if not one["removed"] and one["version"] in shown}
    return shown, {id: one for id, one in kept.items() if one["reply_to"] is None or one["reply_to"] in kept}


@pytest.mark.parametrize("seed", range(4))
def test_old_state_and_events_make_new_state(
    cast: Cast, database: Database, events: Callable[[], list[dict[str, Any]]], seed: int
) -> None:
    another_version(cast, database)
    chance = random.Random(seed)
    for _ in range(10):
        _do_something(cast, chance)
    before, seen = state_now(cast.ada, cast), len(events())

    for _ in range(25):
        _do_something(cast, chance)

    assert applied(*before, events()[seen:]) == state_now(cast.ada, cast)
    assert [event["seq"] for event in events()] == list(range(1, len(events()) + 1))


def _do_something(cast: Cast, chance: random.Random) -> None:
    """One random thing that a random person does; some of it is refused, which must leave no event."""
    who = chance.choice([cast.ada, cast.ben, cast.gil, cast.lou, cast.cleo])
    versions, comments = state_now(cast.ada, cast)
    version = chance.choice(list(versions)) if versions else str(cast.version)
    comment = chance.choice(list(comments)) if comments else str(uuid4())
    new = {"id": str(uuid4()), "at": chance.uniform(0, 50), "body": f"words {chance.random()}"}
    match chance.randrange(8):
        case 0 | 1:
            who.post(f"/api/versions/{version}/comments", json=new)
        case 2:
            who.post(f"/api/versions/{version}/comments", json=new | {"reply_to": comment})
        case 3:
            who.patch(f"/api/comments/{comment}", json={"body": new["body"]})
        case 4:
            who.patch(f"/api/comments/{comment}", json={"done": chance.random() < 0.5})
        case 5:
            who.delete(f"/api/comments/{comment}")
            if chance.random() < 0.5:
                who.post(f"/api/comments/{comment}/restore")
        case 6:
            who.patch(f"/api/versions/{version}", json={"label": new["body"]})
        case _:
            who.delete(f"/api/versions/{version}")
            who.post(f"/api/versions/{version}/restore")
