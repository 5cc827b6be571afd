"""Two versions of one song that this visitor may hear, and how far their comparison is."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from server.compare.comparisons import find_comparison, request_comparison
from server.compare.models import Comparison
from server.compare.results import result_key
from server.database import database_of
from server.errors import AppError, not_found
from server.fields import PageForm
from server.people.visitors import Credentials, credentials
from server.rates import COMPARISONS, spend
from server.songs.access import version_to_hear
from server.songs.models import Version


class WhichPair(PageForm):
    a: Annotated[UUID, Field(description="The version before")]
    b: Annotated[UUID, Field(description="The version after")]


@dataclass(frozen=True)
class Pair:
    a: Version
    b: Version
    comparison: Comparison

    @property
    def ready(self) -> bool:
        return self.comparison.status == "ready"


async def compared_pair(request: Request, which: WhichPair) -> Pair:
    """The two and their comparison, which is asked for if nobody did so before; raises AppError: 404 for what is not
    of one song or not to be heard by you, 409 for what cannot be compared."""
    given, database = credentials(request), database_of(request)

    def find(session: Session) -> tuple[Version, Version, Comparison | None]:
        a, b = pair_to_hear(session, given, which)
        return a, b, find_comparison(session, a, b)

    a, b, comparison = await database.reading(find)
    _refuse_failed(a, b)
    lost = comparison is not None and comparison.status == "ready" and await _is_lost(request, a, b)
    if comparison is None and request.method == "HEAD":
        # Who only looks asks for nothing to be made.
        comparison = Comparison(song_id=a.song_id, a_id=a.id, b_id=b.id)
    elif comparison is None or comparison.status == "failed" or lost:
        await spend(request, COMPARISONS)
        comparison = await database.writing(
            lambda session: request_comparison(session, *pair_to_hear(session, given, which), anew=lost)
        )
    if comparison.status == "failed":
        raise AppError(409, "comparison_failed", f"{comparison.error} Try again in a minute.")
    return Pair(a, b, comparison)


def pair_to_hear(session: Session, given: Credentials, which: WhichPair) -> tuple[Version, Version]:
    (_, a), (_, b) = (version_to_hear(session, given, id) for id in (which.a, which.b))
    if a.song_id != b.song_id:
        raise not_found()
    return a, b


def _refuse_failed(*versions: Version) -> None:
    for version in versions:
        if version.status == "failed":
            message = f"Version {version.number} could not be read, so it cannot be compared. {version.error}"
            raise AppError(409, "version_failed", message)


async def _is_lost(request: Request, a: Version, b: Version) -> bool:
    """What was found is kept by the release that found it; another one finds it anew."""
    size = await run_in_threadpool(request.app.state.blobs.size, result_key(a, b))
    return size is None
