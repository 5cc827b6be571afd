"""Reactions over JSON: tapped, taken back, brought back."""

from typing import Annotated

from pydantic import Field
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from server.database import database_of
from server.errors import forbidden, not_found
from server.events.objects import ReactionShape
from server.feedback.comments import is_own
from server.feedback.cursors import cursor_after, place_of
from server.feedback.models import Reaction
from server.feedback.reactions import (
    NewReaction,
    add_reaction,
    reactions_of,
    remove_reaction,
    restore_reaction,
)
from server.fields import PageForm
from server.listening.first_listen import only_of
from server.operations import ItemList, Operation, answer, parsed, parsed_query
from server.people.visitors import credentials
from server.rates import WRITES, spend
from server.songs.access import Access, version_to_comment_on, version_to_hear


class WhichReactions(PageForm):
    after: Annotated[str, Field(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 500


async def list_reactions(request: Request) -> Response:
    which = parsed_query(request, WhichReactions)
    after = place_of(which.after) if which.after else None

    def find(session: Session) -> ItemList[ReactionShape]:
        access, version = version_to_hear(session, credentials(request), request.path_params["version"])
        seen = only_of(session, access, version)
        found = reactions_of(session, version.id, only_of=seen, after=after, limit=which.limit + 1)
        items = found[: which.limit]
        more = len(found) > which.limit
        return ItemList(items=items, next=cursor_after(items[-1].at, items[-1].id) if more else None)

    return answer(await database_of(request).reading(find))


async def react(request: Request) -> Response:
    await spend(request, WRITES)
    form = await parsed(request, NewReaction)

    def add(session: Session) -> tuple[ReactionShape, bool]:
        access, version = version_to_comment_on(session, credentials(request), request.path_params["version"])
        return add_reaction(session, access, version, form)

    reaction, new = await database_of(request).writing(add)
    return answer(reaction, 201 if new else 200)


async def take_back_reaction(request: Request) -> Response:
    await spend(request, WRITES)
    await database_of(request).writing(lambda session: remove_reaction(session, _own(session, request)[1]))
    return Response(status_code=204)


async def bring_back_reaction(request: Request) -> Response:
    await spend(request, WRITES)

    def restore(session: Session) -> ReactionShape:
        return restore_reaction(session, *_own(session, request))

    return answer(await database_of(request).writing(restore))


def _own(session: Session, request: Request) -> tuple[Access, Reaction]:
    """Nobody takes back what somebody else felt."""
    reaction = session.get(Reaction, request.path_params["reaction"])
    if reaction is None:
        raise not_found()
    access, _ = version_to_hear(session, credentials(request), reaction.version_id)
    if not is_own(access, reaction):
        if reaction.removed_at is not None:
            raise not_found()
        raise forbidden("This is somebody else's reaction; only they can take it back.")
    if not access.may_comment:
        raise forbidden("This link is for listening only now.")
    return access, reaction


operations = [
    Operation(
        "GET",
        "/api/versions/{version:uuid}/reactions",
        list_reactions,
        "Where people reacted to a version, in the order of the music",
        query=WhichReactions,
        gives=ItemList[ReactionShape],
        errors=(404, 422),
    ),
    Operation(
        "POST",
        "/api/versions/{version:uuid}/reactions",
        react,
        "React to a second with one tap; the same again within three seconds is the same tap",
        takes=NewReaction,
        gives=ReactionShape,
        status=201,
        also=(200,),
        errors=(404, 409, 422),
    ),
    Operation(
        "DELETE",
        "/api/reactions/{reaction:uuid}",
        take_back_reaction,
        "Take a reaction back",
        status=204,
        errors=(404,),
    ),
    Operation(
        "POST",
        "/api/reactions/{reaction:uuid}/restore",
        bring_back_reaction,
        "Bring it back",
        gives=ReactionShape,
        errors=(404,),
    ),
]
