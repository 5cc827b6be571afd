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


def state_now(client: Client, cast: Cast) -> tuple[State, ...]:
    """The versions, the comments, the reactions, the questions and the answers, each by id."""
    versions = client.get(f"/api/songs/{cast.song}/versions").json()["items"]
    said = (
        [
            one
            for version in versions
            for one in client.get(f"/api/versions/{version['id']}/{what}?limit=500").json()["items"]
        ]
        for what in ("comments", "reactions", "questions", "answers")
    )
    return tuple({one["id"]: one for one in things} for things in (versions, *said))


def applied(before: tuple[State, ...], events: list[dict[str, Any]]) -> tuple[State, ...]:
    """As a page does it: put by id; what is removed, or belongs to something removed, is not shown."""
    names = ("version", "comment", "reaction", "question", "answer")
    state = {name: dict(things) for name, things in zip(names, before, strict=True)}
    for event in events:
        (what,) = state.keys() & event.keys()
        state[what][event[what]["id"]] = event[what]
    there = [{id: one for id, one in things.items() if not one["removed"]} for things in state.values()]
    versions, comments, reactions, questions, answers = (
        {id: one for id, one in things.items() if one.get("version", id) in there[0]} for things in there
    )
    threads = {
        id: one for id, one in comments.items() if one["reply_to"] is None or one["reply_to"] in comments
    }
    answers = {id: one for id, one in answers.items() if one["question"] in questions}
    return versions, threads, reactions, questions, answers


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

    assert applied(before, events()[seen:]) == state_now(cast.ada, cast)
    assert [event["seq"] for event in events()] == list(range(1, len(events()) + 1))


def _do_something(cast: Cast, chance: random.Random) -> None:
    """One random thing that a random person does; some of it is refused, which must leave no event."""
    who = chance.choice([cast.ada, cast.ben, cast.gil, cast.lou, cast.cleo])
    versions, comments, reactions, questions, answers = state_now(cast.ada, cast)
    version = chance.choice(list(versions)) if versions else str(cast.version)
    comment = chance.choice(list(comments)) if comments else str(uuid4())
    new = {"id": str(uuid4()), "at": chance.uniform(0, 50), "body": f"words {chance.random()}"}
    tap = {"id": str(uuid4()), "at": chance.uniform(0, 9), "kind": chance.choice(["love", "too-loud"])}
    reaction = f"/api/reactions/{chance.choice(list(reactions)) if reactions else uuid4()}"
    kinds: list[tuple[str, dict[str, float]]] = [("slider", {"loudness": 3}), ("moment", {"at": 5.0})]
    kind, values = chance.choice(kinds)
    asked = {"id": str(uuid4()), "kind": kind, "text": "?", **({"part": "it"} if kind == "slider" else {})}
    question = f"/api/questions/{chance.choice(list(questions)) if questions else uuid4()}"
    answer = f"/api/answers/{chance.choice(list(answers)) if answers else uuid4()}"
    match chance.randrange(16):
        case 11:
            who.post(f"/api/versions/{version}/questions", json=asked)
        case 12 | 13:
            who.post(f"{question}/answers", json={"id": str(uuid4()), "revision": 1, **values})
        case 14:
            who.delete(answer)
            if chance.random() < 0.5:
                who.post(f"{answer}/restore")
        case 15:
            who.delete(question)
            if chance.random() < 0.5:
                who.post(f"{question}/restore")
        case 8 | 9:
            who.post(f"/api/versions/{version}/reactions", json=tap)
        case 10:
            who.delete(reaction)
            if chance.random() < 0.5:
                who.post(f"{reaction}/restore")
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


def test_what_is_brought_back_brings_its_replies_back(
    cast: Cast, events: Callable[[], list[dict[str, Any]]]
) -> None:
    """For a page, too, that was loaded in between and knows of neither."""
    comments = f"/api/versions/{cast.version}/comments"
    said = cast.gil.post(comments, json={"id": str(uuid4()), "at": 1.0, "body": "boomy"}).json()["id"]
    for who in (cast.ada, cast.ben):
        who.post(comments, json={"id": str(uuid4()), "at": 1.0, "body": "true", "reply_to": said})
    cast.gil.delete(f"/api/comments/{said}")
    before, seen = state_now(cast.ada, cast), len(events())
    assert not before[1]

    cast.gil.post(f"/api/comments/{said}/restore")

    assert applied(before, events()[seen:]) == state_now(cast.ada, cast)
    assert len(state_now(cast.ada, cast)[1]) == 3
