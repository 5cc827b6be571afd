"""The review page: one song, its stages and versions, the waveform, and what people said. For band and guests alike."""

from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from server.compare.blind_pages import address_of as blind_test_address
from server.database import database_of
from server.errors import AppError
from server.events import log
from server.events.objects import CommentShape, VersionShape
from server.feedback.carried_page import with_carried
from server.feedback.comments import comments_of
from server.feedback.models import Comment
from server.feedback.reactions import reactions_of
from server.feedback.seen import seen_of
from server.fields import seconds_from_clock
from server.listening.answers import answers_of
from server.listening.first_listen import first_listen_shape, kept_back
from server.listening.questions import questions_of
from server.people.visitors import credentials, identify
from server.rendering import pages
from server.sharing.links import link_behind
from server.sharing.pages import door
from server.songs.access import Access, song_to_hear, visible_versions
from server.songs.models import Version
from server.songs.shapes import song_shape, version_shape
from server.stages import STAGES


async def song_page(request: Request) -> Response:
    song: UUID = request.path_params["song"]
    context = await database_of(request).reading(
        lambda session: _context(
            session, request, song_to_hear(session, credentials(request), song), f"/songs/{song}"
        )
    )
    return pages(request).page("songs/review.html", await with_carried(request, context))


async def listener_page(request: Request) -> Response:
    """A private link: the door for somebody new, the song for somebody who gave a name, home for the band."""
    secret = request.path_params["secret"]

    def find(session: Session) -> dict[str, Any] | str | None:
        link = link_behind(session, secret)
        try:
            access = song_to_hear(session, credentials(request), link.song_id)
        except AppError:
            return None
        if access.member:
            return _asked_for(request, link.song_id) or f"/songs/{link.song_id}{_query(request)}"
        came_by = {row.id for _, row in identify(session, credentials(request)).guest_rows}
        if link.id not in came_by:
            return None
        return _asked_for(request, link.song_id) or _context(session, request, access, f"/r/{secret}")

    found = await database_of(request).reading(find)
    if found is None:
        return await door(request)
    if isinstance(found, str):
        return RedirectResponse(found, 303)
    return pages(request).page("songs/review.html", await with_carried(request, found))


def _asked_for(request: Request, song: UUID) -> str | None:
    """The page of a blind test, where the link was sent for one."""
    try:
        return blind_test_address(song, UUID(request.query_params.get("blind", "")))
    except ValueError:
        return None


def _query(request: Request) -> str:
    return f"?{request.url.query}" if request.url.query else ""


def _context(session: Session, request: Request, access: Access, page_url: str) -> dict[str, Any]:
    asked = request.query_params
    versions = [version_shape(session, row) for row in visible_versions(session, access)]
    named, waiting = _named_comment(session, asked.get("comment"), access), kept_back(session, access)
    if named and named.version_id not in {version.id for version in versions if version.id not in waiting}:
        named = None
    version = _chosen(versions, named.version_id if named else None, asked.get("v"))
    only = access.you.id if version and version.id in waiting else None
    comments = comments_of(session, version.id, only_of=only) if version else []
    reactions = reactions_of(session, version.id, only_of=only) if version else []
    questions = questions_of(session, version.id) if version else []
    answers = answers_of(session, version.id, only_of=only) if version else []
    song, seq = song_shape(session, access.song), log.last_seq(session, access.song.id)
    you = {
        **access.you.model_dump(mode="json"),
        "may_comment": access.may_comment,
        "may_download": access.may_download,
        "member": access.member,
    }
    shown = {
        "song": song.model_dump(mode="json"),
        "versions": [one.model_dump(mode="json") for one in versions],
        "you": you,
        "page_url": page_url,
        "seq": seq,
    }
    return {
        **shown,
        "version": version.model_dump(mode="json") if version else None,
        "stages": _stages(versions, version),
        "threads": _threads(comments),
        "counts": _counts(comments, access),
        "filter": asked.get("show") if asked.get("show") in ("open", "done", "mine", "mentioned") else "open",
        "at": named.at if named else _seconds(asked.get("t")),
        "first_listen": first_listen_shape(session, access, session.get_one(Version, version.id))
        if version and only
        else None,
        "page_data": {
            **shown,
            "version": str(version.id) if version else None,
            "comments": [comment.model_dump(mode="json") for comment in comments],
            "reactions": [one.model_dump(mode="json") for one in reactions],
            "questions": [one.model_dump(mode="json") for one in questions],
            "answers": [one.model_dump(mode="json") for one in answers],
            "waits": sorted(map(str, waiting)),
            "seen": seen_of(session, access).model_dump(mode="json"),
        },
    }


def _named_comment(session: Session, id: str | None, access: Access) -> Comment | None:
    try:
        comment = session.get(Comment, UUID(id)) if id else None
    except ValueError:
        return None
    return comment if comment and comment.song_id == access.song.id and comment.removed_at is None else None


def _chosen(versions: list[VersionShape], id: UUID | None, number: str | None) -> VersionShape | None:
    """The one that the address names, else the latest."""
    for version in versions:
        if version.id == id or (id is None and str(version.number) == number):
            return version
    return versions[-1] if versions else None


def _stages(versions: list[VersionShape], current: VersionShape | None) -> list[dict[str, Any]]:
    reached = max(
        (index for index, stage in enumerate(STAGES) for v in versions if v.stage == stage.key), default=-1
    )
    return [
        {
            "key": stage.key,
            "name": stage.name,
            "versions": [
                version.model_dump(mode="json") for version in versions if version.stage == stage.key
            ],
            "current": current is not None and current.stage == stage.key,
            "reached": index <= reached,
        }
        for index, stage in enumerate(STAGES)
    ]


def _threads(comments: list[CommentShape]) -> list[dict[str, Any]]:
    replies: dict[UUID, list[CommentShape]] = {}
    for comment in sorted(comments, key=lambda comment: comment.created_at):
        if comment.reply_to:
            replies.setdefault(comment.reply_to, []).append(comment)
    return [
        {
            "comment": comment.model_dump(mode="json"),
            "replies": [reply.model_dump(mode="json") for reply in replies.get(comment.id, [])],
        }
        for comment in comments
        if comment.reply_to is None
    ]


def _counts(comments: list[CommentShape], access: Access) -> dict[str, int]:
    first = [comment for comment in comments if comment.reply_to is None]
    return {
        "open": sum(comment.done is None for comment in first),
        "done": sum(comment.done is not None for comment in first),
        "mine": sum(comment.author.id == access.you.id for comment in first),
    }


def _seconds(text: str | None) -> float:
    try:
        seconds = float(seconds_from_clock(text or "0") or 0)
    except ValueError:
        return 0.0
    return seconds if 0 <= seconds < float("inf") else 0.0


routes = [
    Route("/songs/{song:uuid}", song_page, methods=["GET"]),
    Route("/r/{secret}", listener_page, methods=["GET"]),
]
