"""The page of a song's links, and the door where a listener gives a name."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.database import database_of
from server.errors import AppError, invalid
from server.fields import Name, PageForm, Password
from server.forms import Fields, errors_of, lead_on, submitted
from server.operations import validated
from server.people.cookies import remember_guest
from server.people.passwords import password_matches
from server.people.visitors import GUEST_COOKIE, credentials, identify
from server.rates import DOORS, spend
from server.rendering import pages
from server.sharing import links
from server.sharing.api import made_link
from server.sharing.links import MadeLink, NewLink
from server.songs.access import song_to_change, visible_versions
from server.songs.models import Song
from server.songs.shapes import song_shape, version_shape


class Entering(PageForm):
    name: Name
    password: Password = ""


async def links_page(request: Request) -> Response:
    if request.method != "POST":
        return await _links_page(request)
    async with request.form(max_files=0, max_fields=500) as form:
        values: dict[str, Any] = {name: str(value) for name, value in form.items()}
        values["version"] = [str(id) for id in form.getlist("version")]
    try:
        return await _links_page(request, made=await made_link(request, _new_link(values)))
    except AppError as error:
        if error.status != 422:
            raise
        return await _links_page(request, errors=errors_of(error), values=values, status=422)


def _new_link(values: dict[str, Any]) -> NewLink:
    versions = values.get("versions", "all")
    wanted = {
        "name": values.get("name", ""),
        "password": values.get("password") or None,
        "expires_at": _end_of_day(values.get("expires_at", "")),
        "may_comment": "may_comment" in values,
        "may_download": "may_download" in values,
        "versions": values["version"] if versions == "chosen" else versions,
    }
    return validated(NewLink.model_validate, wanted)


def _end_of_day(day: str) -> datetime | None:
    """The last day that a link works: it ends when that day does, where the server is."""
    if not day:
        return None
    try:
        last = datetime.fromisoformat(day).date()
        return datetime.combine(last + timedelta(days=1), time()).astimezone()
    except (ValueError, OverflowError):
        sentence = "Write the day as year-month-day, for example 2027-03-31."
        raise invalid(sentence, expires_at=sentence) from None


async def _links_page(
    request: Request,
    *,
    made: MadeLink | None = None,
    errors: dict[str, str] | None = None,
    values: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    def context(session: Session) -> dict[str, Any]:
        access = song_to_change(session, credentials(request), request.path_params["song"])
        versions = visible_versions(session, access)
        return {
            "you": access.you.model_dump(mode="json"),
            "song": song_shape(session, access.song).model_dump(mode="json"),
            "links": [link.model_dump(mode="json") for link in links.links_of(session, access.song.id)],
            "versions": [version_shape(session, version).model_dump(mode="json") for version in versions],
            "made": made.model_dump(mode="json") if made else None,
            "errors": errors or {},
            "values": values or {},
        }

    return pages(request).page("sharing/links.html", await database_of(request).reading(context), status)


async def revoke(request: Request) -> Response:
    return await _change(request, links.revoke_link)


async def restore(request: Request) -> Response:
    return await _change(request, links.restore_link)


async def _change(request: Request, change: Any) -> Response:
    def action(session: Session) -> UUID:
        link = links.link_to_change(session, credentials(request), request.path_params["link"])
        change(session, link)
        return link.song_id

    return lead_on(f"/songs/{await database_of(request).writing(action)}/links")


async def enter(request: Request) -> Response:
    """A listener gives a name, and the password where there is one, and is in."""
    secret = request.path_params["secret"]

    async def again(errors: dict[str, str], values: Fields, status: int) -> Response:
        return await door(request, errors, values, status)

    async def attempt(fields: Fields) -> Response:
        await spend(request, DOORS)
        form = validated(Entering.model_validate, fields)
        link = await database_of(request).reading(lambda session: links.link_behind(session, secret))
        if link.password_hash is not None:
            await spend(request, DOORS, "link", str(link.id))
            if not await run_in_threadpool(password_matches, form.password, link.password_hash):
                sentence = "That is not the password of this link. The band can tell it to you."
                raise invalid(sentence, password=sentence)

        def let_in(session: Session) -> str:
            behind = links.link_behind(session, secret)
            return links.let_in(session, behind, form.name, request.cookies.get(GUEST_COOKIE))

        cookie = await database_of(request).writing(let_in)
        return remember_guest(lead_on(_same_page(request)), request, cookie)

    return await submitted(request, attempt, again)


def _same_page(request: Request) -> str:
    """The page they came for, with the second that the address names."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


async def door(
    request: Request, errors: dict[str, str] | None = None, values: Fields | None = None, status: int = 200
) -> Response:
    def context(session: Session) -> dict[str, Any]:
        link = links.link_behind(session, request.path_params["secret"])
        song = song_shape(session, session.get_one(Song, link.song_id))
        return {
            "song": song.model_dump(mode="json"),
            "band_name": song.band.name,
            "needs_password": link.password_hash is not None,
            "values": values if values is not None else {"name": _known_name(session, request)},
            "errors": errors or {},
        }

    return pages(request).page("sharing/door.html", await database_of(request).reading(context), status)


def _known_name(session: Session, request: Request) -> str:
    visitor = identify(session, credentials(request))
    if visitor.person is not None:
        return visitor.person.name
    return visitor.guest_rows[0][0].name if visitor.guest_rows else ""


routes = [
    Route("/songs/{song:uuid}/links", links_page, methods=["GET", "POST"]),
    Route("/links/{link:uuid}/revoke", revoke, methods=["POST"]),
    Route("/links/{link:uuid}/restore", restore, methods=["POST"]),
    Route("/r/{secret}", enter, methods=["POST"]),
]
