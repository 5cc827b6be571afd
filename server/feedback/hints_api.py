"""For the band: what the plain words of a version's comments could mean in the mix, from what is measured there.

Asked for all comments of a version at once, because each answer needs the song as a whole.
"""

from uuid import UUID

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from server.blobs import Blobs
from server.database import database_of
from server.difference.kept import kept_features
from server.errors import forbidden
from server.events.objects import CommentShape, Shape
from server.feedback.changed import around
from server.feedback.comments import comments_of
from server.operations import ItemList, Operation, answer
from server.people.visitors import credentials
from server.songs.access import version_to_hear
from server.songs.api import blobs_of
from server.songs.preparing import heard_key
from server.stages.plain_words import Listened, plain_word_in


class HintShape(Shape):
    """`word` as it was written; `fact` is what was measured there, in words, `amount` in `unit`."""

    comment: UUID
    word: str
    question: str
    fact: str
    amount: float
    unit: str | None


async def list_hints(request: Request) -> Response:
    def find(session: Session) -> tuple[str, list[CommentShape]]:
        access, version = version_to_hear(session, credentials(request), request.path_params["version"])
        if not access.member:
            raise forbidden("What the words could mean in the mix is for the band.")
        return version.sha256, comments_of(session, version.id)

    audio, comments = await database_of(request).reading(find)
    worded = [comment for comment in comments if plain_word_in(comment.body)]
    items = await run_in_threadpool(_hints, blobs_of(request), audio, worded) if worded else []
    return answer(ItemList[HintShape](items=items))


def _hints(blobs: Blobs, audio: str, comments: list[CommentShape]) -> list[HintShape]:
    """None of them while the version is not measured yet; the page asks again when it is."""
    if blobs.size(heard_key(audio)) is None:
        return []
    listened = Listened(kept_features(blobs.get(heard_key(audio))))
    found = []
    for comment in comments:
        hint = listened.hint(comment.body, *around(comment.at, comment.until))
        if hint is not None:
            found.append(
                HintShape(
                    comment=comment.id,
                    word=hint.word,
                    question=hint.question,
                    fact=hint.fact,
                    amount=hint.amount,
                    unit=hint.unit,
                )
            )
    return found


operations = [
    Operation(
        "GET",
        "/api/versions/{version:uuid}/hints",
        list_hints,
        "For the band: what the comments' plain words could mean in the mix",
        gives=ItemList[HintShape],
        errors=(404,),
    ),
]
