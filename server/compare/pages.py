"""Two versions side by side, and the story of how a song got here. For band and guests alike."""

from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.database import database_of
from server.events import log
from server.events.objects import VersionShape
from server.people.visitors import credentials
from server.rendering import pages
from server.songs.access import Access, song_to_hear, visible_versions
from server.songs.shapes import song_shape, version_shape
from server.stages import STAGES

# What a song is at each stage: "What changed, as a mix".
_AS = {
    "songwriting": "a song",
    "pre-production": "an arrangement",
    "recording": "a recording",
    "editing": "an edit",
    "post-production": "a production",
    "mixing": "a mix",
    "mastering": "a master",
    "distribution": "a release",
}


async def compare_page(request: Request) -> Response:
    return await _page(request, "compare/compare.html", _compared)


async def story_page(request: Request) -> Response:
    return await _page(request, "compare/story.html", _told)


async def _page(request: Request, template: str, more: Any) -> Response:
    song: UUID = request.path_params["song"]

    def find(session: Session) -> dict[str, Any]:
        access = song_to_hear(session, credentials(request), song)
        versions = [version_shape(session, row) for row in visible_versions(session, access)]
        shown = _shown(session, access, versions)
        found: dict[str, Any] = shown | more(request, versions)
        return found | {"page_data": {key: found[key] for key in found if key != "strip"}}

    return pages(request).page(template, await database_of(request).reading(find))


def _shown(session: Session, access: Access, versions: list[VersionShape]) -> dict[str, Any]:
    song = song_shape(session, access.song)
    return {
        "song": song.model_dump(mode="json"),
        "versions": [version.model_dump(mode="json") for version in versions],
        "you": {
            **access.you.model_dump(mode="json"),
            "may_comment": access.may_comment,
            "may_download": access.may_download,
            "member": access.member,
        },
        "stages": [
            {
                "key": stage.key,
                "name": stage.name,
                "as": _AS[stage.key],
                "purpose": stage.purpose,
                "questions": list(stage.questions),
            }
            for stage in STAGES
        ],
        "seq": log.last_seq(session, access.song.id),
        "review_url": f"/songs/{song.id}",
        "compare_url": f"/songs/{song.id}/compare",
        "story_url": f"/songs/{song.id}/story",
    }


def _compared(request: Request, versions: list[VersionShape]) -> dict[str, Any]:
    asked = request.query_params
    a, b = chosen_pair(versions, asked.get("a"), asked.get("b"))
    stage = asked.get("stage") if asked.get("stage") in _AS else (b.stage if b else STAGES[0].key)
    strip = [
        {
            "key": stage.key,
            "name": stage.name,
            "versions": [one for one in versions if one.stage == stage.key],
        }
        for stage in STAGES
    ]
    return {"a": str(a.id) if a else None, "b": str(b.id) if b else None, "stage": stage, "strip": strip}


def _told(request: Request, versions: list[VersionShape]) -> dict[str, Any]:
    return {}


def chosen_pair(
    versions: list[VersionShape], a: str | None, b: str | None
) -> tuple[VersionShape | None, VersionShape | None]:
    """The versions of these numbers; what is not named, or not there, is the latest and the one before it."""
    usable = [version for version in versions if version.status != "failed"]
    ready = [version for version in usable if version.status == "ready"] or usable
    named = {str(version.number): version for version in usable}
    newer = named.get(b or "") or next((each for each in reversed(ready) if str(each.number) != a), None)
    if newer is None:
        return named.get(a or ""), None
    if a in named:
        return named[a], newer
    before = [version for version in ready if version.number < newer.number]
    after = [version for version in ready if version.number > newer.number]
    return next(iter(before[-1:] or after[:1]), None), newer


routes = [
    Route("/songs/{song:uuid}/compare", compare_page, methods=["GET"]),
    Route("/songs/{song:uuid}/story", story_page, methods=["GET"]),
]
