"""The page of a blind test, for band and guests alike; its forms work without scripts."""

from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.compare import blind_tests
from server.compare.blind_access import blind_test_to_change, blind_test_to_hear, blind_test_to_vote_in
from server.compare.blind_tests import BlindTestDetail, VoteForm
from server.compare.models import BlindTest
from server.compare.odds import if_all_agree
from server.database import database_of
from server.errors import not_found
from server.events import log
from server.forms import fields_of, lead_on
from server.operations import validated
from server.people.visitors import credentials
from server.rates import WRITES, spend
from server.rendering import pages
from server.sharing.api import made_link, qr_code
from server.sharing.links import NewLink
from server.songs.access import Access, visible_versions
from server.songs.shapes import song_shape


async def blind_page(request: Request) -> Response:
    return await _page(request)


async def make_link(request: Request) -> Response:
    """A private link that leads past the door to this test, and to no other version of the song."""

    def find(session: Session) -> BlindTest:
        test = blind_test_to_change(session, credentials(request), request.path_params["test"])[1]
        return _of_this_song(request, test)

    test = await database_of(request).reading(find)
    form = NewLink(name=f"Blind test: {test.question}"[:120], versions=[test.a_id, test.b_id])
    url = f"{(await made_link(request, form)).url}?blind={test.id}"
    return await _page(request, made={"url": url, "qr": qr_code(url)})


async def _page(request: Request, made: dict[str, str] | None = None) -> Response:
    def context(session: Session) -> dict[str, Any]:
        given, id = credentials(request), request.path_params["test"]
        access, test = blind_test_to_hear(session, given, id, removed=True)
        if test.removed_at is not None and not access.member:
            raise not_found()
        return _context(session, access, _of_this_song(request, test), made)

    return pages(request).page("compare/blind.html", await database_of(request).reading(context))


def _context(
    session: Session, access: Access, test: BlindTest, made: dict[str, str] | None
) -> dict[str, Any]:
    detail = blind_tests.detail(session, access, test)
    heard = {version.id for version in visible_versions(session, access)}
    others = [one for one in blind_tests.blind_tests_of(session, test.song_id, heard) if one.id != test.id]
    shown = {
        "test": detail.model_dump(mode="json"),
        "song": song_shape(session, access.song).model_dump(mode="json"),
        "you": {**access.you.model_dump(mode="json"), "member": access.member},
    }
    return {
        **shown,
        "names": _names(detail),
        "if_all_agree": if_all_agree(detail.votes),
        "others": [other.model_dump(mode="json") for other in others],
        "made": made,
        "page_data": {**shown, "seq": log.last_seq(session, access.song.id)},
    }


def _names(detail: BlindTestDetail) -> dict[str, str]:
    """What X and Y were, and the two versions: nothing of it before the reveal."""
    result = detail.result
    if result is None:
        return {}
    names = {"a": f"v{result.a_number}", "b": f"v{result.b_number}"}
    x, y = ("a", "b") if result.x == "a" else ("b", "a")
    return {**names, "x": names[x], "y": names[y]}


def _of_this_song(request: Request, test: BlindTest) -> BlindTest:
    if test.song_id != request.path_params["song"]:
        raise not_found()
    return test


async def vote(request: Request) -> Response:
    await spend(request, WRITES)
    form = validated(VoteForm.model_validate, await fields_of(request))

    def cast(session: Session) -> BlindTest:
        access, test = blind_test_to_vote_in(session, credentials(request), request.path_params["test"])
        blind_tests.vote(session, access, test, form.choice)
        return test

    return _back_to(await database_of(request).writing(cast))


async def reveal(request: Request) -> Response:
    def action(session: Session) -> BlindTest:
        test = blind_test_to_change(session, credentials(request), request.path_params["test"])[1]
        blind_tests.reveal(session, test)
        return test

    return _back_to(await database_of(request).writing(action))


async def remove(request: Request) -> Response:
    return await _put_away(request, True)


async def restore(request: Request) -> Response:
    return await _put_away(request, False)


async def _put_away(request: Request, away: bool) -> Response:
    def action(session: Session) -> BlindTest:
        given, id = credentials(request), request.path_params["test"]
        test = blind_test_to_change(session, given, id, removed=True)[1]
        (blind_tests.remove_blind_test if away else blind_tests.restore_blind_test)(session, test)
        return test

    return _back_to(await database_of(request).writing(action))


def _back_to(test: BlindTest) -> Response:
    return lead_on(address_of(test.song_id, test.id))


def address_of(song: UUID, test: UUID) -> str:
    return f"/songs/{song}/blind/{test}"


routes = [
    Route("/songs/{song:uuid}/blind/{test:uuid}", blind_page, methods=["GET"]),
    Route("/songs/{song:uuid}/blind/{test:uuid}", make_link, methods=["POST"]),
    Route("/blind-tests/{test:uuid}/vote", vote, methods=["POST"]),
    Route("/blind-tests/{test:uuid}/reveal", reveal, methods=["POST"]),
    Route("/blind-tests/{test:uuid}/remove", remove, methods=["POST"]),
    Route("/blind-tests/{test:uuid}/restore", restore, methods=["POST"]),
]
