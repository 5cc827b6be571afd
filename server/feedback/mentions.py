"""Mentions: whom a comment calls by name, kept by who they are and not read out of the words again later.

Somebody who gets another name, leaves the band or whose link ends stays mentioned where they were: the words are the
author's, and point at the same person as before.
"""

import re
from typing import Any
from uuid import UUID

from sqlmodel import Session

from server.feedback.audience import audience
from server.songs.models import Version

Called = dict[str, Any]
"""As MentionShape; `seq` is there once the event that says so has its number."""


def called_by_name(
    session: Session,
    version: Version,
    words: str,
    wanted: list[UUID] | None,
    before: list[Called] | None = None,
) -> list[Called]:
    """Of those wanted, who may hear this version and is named in the words; `before` may stay if they are still named.

    Anybody else is left out rather than refused: words that were written without a network are worth more than the
    bell that would have rung. Whoever sent a made-up id learns nothing from the answer but that.
    """
    known = {UUID(each["id"]): each for each in before or []}
    ids = list(known) if wanted is None else list(dict.fromkeys(wanted))
    kept = [known[id] for id in ids if id in known and is_named(words, known[id]["name"])]
    new = [id for id in ids if id not in known]
    if not new or "@" not in words:
        return kept
    people = {one.id: one for one in audience(session, version)}
    found = [people[id] for id in new if id in people and is_named(words, people[id].name)]
    return [*kept, *({"id": str(one.id), "kind": one.kind, "name": one.name} for one in found)]


def is_named(words: str, name: str) -> bool:
    """Whether "@Name" stands there as a word: neither in an address of e-mail nor as the beginning of another name."""
    return _spot(name).search(words) is not None


def parts_of(words: str, mentions: list[Called]) -> list[tuple[str, Called | None]]:
    """The words in order, those that call somebody by name apart; the longest name wins."""
    if not mentions:
        return [(words, None)]
    by_length = sorted(mentions, key=lambda each: -len(each["name"]))
    spots = re.compile("|".join(f"({_spot(each['name']).pattern})" for each in by_length))
    parts: list[tuple[str, Called | None]] = []
    end = 0
    for match in spots.finditer(words):
        parts += [(words[end : match.start()], None), (match.group(), by_length[(match.lastindex or 1) - 1])]
        end = match.end()
    return [part for part in [*parts, (words[end:], None)] if part[0]]


def _spot(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)@{re.escape(name)}(?!\w)")
