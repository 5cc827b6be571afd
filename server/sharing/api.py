"""Review links over JSON."""

import segno
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from server.database import database_of
from server.operations import ItemList, Operation, answer, parsed
from server.people.addresses import public_address
from server.people.passwords import hash_password
from server.people.visitors import credentials
from server.sharing import links
from server.sharing.links import LinkShape, MadeLink, NewLink
from server.songs.access import song_to_change


async def list_links(request: Request) -> Response:
    def find(session: Session) -> ItemList[LinkShape]:
        access = song_to_change(session, credentials(request), request.path_params["song"])
        return ItemList(items=links.links_of(session, access.song.id))

    return answer(await database_of(request).reading(find))


async def add_link(request: Request) -> Response:
    return answer(await made_link(request, await parsed(request, NewLink)), 201)


async def made_link(request: Request, form: NewLink) -> MadeLink:
    """Make the link and its address; for the API and for the page alike."""
    given, song = credentials(request), request.path_params["song"]
    # Asked first, and again when it is written: nobody from outside makes us hash.
    await database_of(request).reading(lambda session: song_to_change(session, given, song))
    password_hash = await run_in_threadpool(hash_password, form.password) if form.password else None

    def make(session: Session) -> MadeLink:
        access = song_to_change(session, given, song)
        link, secret = links.add_link(session, access, form, password_hash)
        url = public_address(request, f"/r/{secret}")
        return MadeLink(**links.link_shape(session, link).model_dump(), url=url, qr=qr_code(url))

    return await database_of(request).writing(make)


async def revoke_link(request: Request) -> Response:
    def revoke(session: Session) -> None:
        links.revoke_link(
            session, links.link_to_change(session, credentials(request), request.path_params["link"])
        )

    await database_of(request).writing(revoke)
    return Response(status_code=204)


async def restore_link(request: Request) -> Response:
    def restore(session: Session) -> LinkShape:
        link = links.link_to_change(session, credentials(request), request.path_params["link"])
        links.restore_link(session, link)
        return links.link_shape(session, link)

    return answer(await database_of(request).writing(restore))


def qr_code(url: str) -> str:
    """An SVG to stand in a page; dark on light in any colour scheme, or cameras fail."""
    return str(
        segno.make(url, error="m").svg_inline(
            scale=4, border=3, dark="#1c1a17", light="#ffffff", omitsize=True
        )
    )


operations = [
    Operation(
        "GET",
        "/api/songs/{song:uuid}/links",
        list_links,
        "The song's review links",
        gives=ItemList[LinkShape],
        errors=(404,),
    ),
    Operation(
        "POST",
        "/api/songs/{song:uuid}/links",
        add_link,
        "Make a review link; its address is in this answer only",
        takes=NewLink,
        gives=MadeLink,
        status=201,
        errors=(404, 422),
    ),
    Operation(
        "DELETE", "/api/links/{link:uuid}", revoke_link, "End a review link", status=204, errors=(404,)
    ),
    Operation(
        "POST",
        "/api/links/{link:uuid}/restore",
        restore_link,
        "Open an ended link again",
        gives=LinkShape,
        errors=(404,),
    ),
]
