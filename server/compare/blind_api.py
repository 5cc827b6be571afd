"""Blind tests over JSON, and their two sides as sound."""

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from server.compare import blind_tests
from server.compare.blind_access import blind_test_to_change, blind_test_to_hear, blind_test_to_vote_in
from server.compare.blind_clips import clip_key, clips_of, make_clips
from server.compare.blind_tests import BlindTestDetail, NewBlindTest, Vote
from server.compare.comparisons import find_comparison, request_comparison
from server.compare.models import Comparison
from server.database import database_of, new_id
from server.errors import not_found
from server.events.objects import BlindTestShape
from server.operations import ItemList, Operation, answer, parsed
from server.people.visitors import credentials
from server.rates import CLIPS, WRITES, spend
from server.songs.access import Access, song_to_change, song_to_hear, version_to_change, visible_versions
from server.songs.api import blobs_of
from server.songs.audio import ranged
from server.songs.models import Version


async def list_blind_tests(request: Request) -> Response:
    def find(session: Session) -> ItemList[BlindTestShape]:
        access = song_to_hear(session, credentials(request), request.path_params["song"])
        heard = {version.id for version in visible_versions(session, access)}
        return ItemList(items=blind_tests.blind_tests_of(session, access.song.id, heard))

    return answer(await database_of(request).reading(find))


async def add_blind_test(request: Request) -> Response:
    await spend(request, CLIPS)
    form, id = await parsed(request, NewBlindTest), new_id()
    clips = clips_of(*await _compared(request, form), form.at, form.until)
    # The clips first, then the row: there is no test without its sound.
    state = request.app.state
    await run_in_threadpool(make_clips, state.blobs, state.looker, state.settings.staging, id, clips)

    def add(session: Session) -> BlindTestShape:
        access, *_ = _members_pair(session, request, form)
        return blind_tests.shape(session, blind_tests.add_blind_test(session, access, id, form))

    return answer(await database_of(request).writing(add), 201)


async def _compared(request: Request, form: NewBlindTest) -> tuple[Version, Version, Comparison]:
    """The two versions and their comparison, which is asked for if it is not there."""

    def find(session: Session) -> tuple[Version, Version, Comparison | None]:
        _, a, b = _members_pair(session, request, form)
        return a, b, find_comparison(session, a, b)

    a, b, comparison = await database_of(request).reading(find)
    if comparison is None or comparison.status == "failed":
        comparison = await database_of(request).writing(
            lambda session: request_comparison(session, *_members_pair(session, request, form)[1:])
        )
    return a, b, comparison


def _members_pair(session: Session, request: Request, form: NewBlindTest) -> tuple[Access, Version, Version]:
    given = credentials(request)
    access = song_to_change(session, given, request.path_params["song"])
    a, b = (version_to_change(session, given, id)[1] for id in (form.a, form.b))
    if {a.song_id, b.song_id} != {access.song.id}:
        raise not_found()
    return access, a, b


async def get_blind_test(request: Request) -> Response:
    def find(session: Session) -> BlindTestDetail:
        access, test = blind_test_to_hear(session, credentials(request), request.path_params["test"])
        return blind_tests.detail(session, access, test)

    return answer(await database_of(request).reading(find))


async def get_side(request: Request) -> Response:
    side = request.path_params["side"]
    if side not in ("x", "y"):
        raise not_found()

    def find(session: Session) -> tuple[str, str]:
        access, test = blind_test_to_hear(session, credentials(request), request.path_params["test"])
        you = access.you.id
        version = blind_tests.version_behind(test, you, side)
        return clip_key(test.id, version), blind_tests.etag(test, you, side)

    key, etag = await database_of(request).reading(find)
    return await ranged(request, blobs_of(request), key, media_type="audio/wav", etag=etag)


async def vote(request: Request) -> Response:
    await spend(request, WRITES)
    form = await parsed(request, Vote)

    def cast(session: Session) -> BlindTestDetail:
        access, test = blind_test_to_vote_in(session, credentials(request), request.path_params["test"])
        blind_tests.vote(session, access, test, form.choice)
        return blind_tests.detail(session, access, test)

    return answer(await database_of(request).writing(cast))


async def reveal_blind_test(request: Request) -> Response:
    def reveal(session: Session) -> BlindTestDetail:
        access, test = blind_test_to_change(session, credentials(request), request.path_params["test"])
        blind_tests.reveal(session, test)
        return blind_tests.detail(session, access, test)

    return answer(await database_of(request).writing(reveal))


async def remove_blind_test(request: Request) -> Response:
    def remove(session: Session) -> None:
        given, id = credentials(request), request.path_params["test"]
        blind_tests.remove_blind_test(session, blind_test_to_change(session, given, id, removed=True)[1])

    await database_of(request).writing(remove)
    return Response(status_code=204)


async def restore_blind_test(request: Request) -> Response:
    def restore(session: Session) -> BlindTestDetail:
        given, id = credentials(request), request.path_params["test"]
        access, test = blind_test_to_change(session, given, id, removed=True)
        blind_tests.restore_blind_test(session, test)
        return blind_tests.detail(session, access, test)

    return answer(await database_of(request).writing(restore))


operations = [
    Operation(
        "GET",
        "/api/songs/{song:uuid}/blind-tests",
        list_blind_tests,
        "The song's blind tests",
        gives=ItemList[BlindTestShape],
        errors=(404,),
    ),
    Operation(
        "POST",
        "/api/songs/{song:uuid}/blind-tests",
        add_blind_test,
        "Have two versions heard without anybody knowing which is which",
        takes=NewBlindTest,
        gives=BlindTestShape,
        status=201,
        errors=(404, 409, 422),
    ),
    Operation(
        "GET",
        "/api/blind-tests/{test:uuid}",
        get_blind_test,
        "A blind test, your vote, and the result once it is revealed",
        gives=BlindTestDetail,
        errors=(404,),
    ),
    Operation(
        "DELETE",
        "/api/blind-tests/{test:uuid}",
        remove_blind_test,
        "Take it away",
        status=204,
        errors=(404,),
    ),
    Operation(
        "GET",
        "/api/blind-tests/{test:uuid}/audio/{side}",
        get_side,
        "What you hear as x or as y, equally loud",
        gives="audio/wav",
        also=(206, 304),
        errors=(404, 416),
        request_headers=("Range", "If-None-Match", "If-Range"),
    ),
    Operation(
        "PUT",
        "/api/blind-tests/{test:uuid}/vote",
        vote,
        "Vote; until it is revealed the vote can be changed",
        takes=Vote,
        gives=BlindTestDetail,
        errors=(404, 409, 422),
    ),
    Operation(
        "POST",
        "/api/blind-tests/{test:uuid}/reveal",
        reveal_blind_test,
        "Close the votes and say which was which",
        gives=BlindTestDetail,
        errors=(404,),
    ),
    Operation(
        "POST",
        "/api/blind-tests/{test:uuid}/restore",
        restore_blind_test,
        "Bring it back",
        gives=BlindTestDetail,
        errors=(404,),
    ),
]
