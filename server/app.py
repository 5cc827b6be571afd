"""The one module that ties everything together."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from urllib.parse import quote

from sqlmodel import Session
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route

import server
from server.blobs import Blobs
from server.body_limit import BodyLimit
from server.compare import api as compare_api
from server.compare import blind_api, blind_pages, only_what_changed, story
from server.compare import pages as compare_pages
from server.compare.comparing import Comparing
from server.compare.comparisons import compare_with_others
from server.database import Database
from server.errors import AppError, as_json, from_status
from server.feedback import api as feedback_api
from server.feedback import carried_api, hints_api, home_page, reactions_api, review_page, voice
from server.feedback import pages as feedback_pages
from server.feedback.mentions import parts_of
from server.feedback.open_comments import earlier_versions_with_open_comments
from server.jobs import Worker
from server.listening import answers_api, heard_api, questions_api
from server.live import seen_api, socket
from server.live.following import Following
from server.live.rooms import Rooms
from server.operations import Operation, openapi
from server.people import account_pages, band_pages
from server.people import pages as people_pages
from server.people.visits import Visits
from server.protection import HEADERS, Protection
from server.rates import Rates
from server.rendering import HashedStaticFiles, Pages
from server.settings import Settings
from server.sharing import api as sharing_api
from server.sharing import pages as sharing_pages
from server.songs import api as songs_api
from server.songs import clips
from server.songs.models import Version
from server.songs.preparing import Preparing
from server.sound.confined import ConfinedProcesses
from server.stages import stage_name
from server.uploads import form, leftovers, resumable
from server.uploads.intake import Intake

_log = logging.getLogger(__name__)
_FORGET_EVERY = 3600.0


def create_app(
    settings: Settings,
    *,
    with_worker: bool = True,
    looker: ConfinedProcesses | None = None,
    once_running: Callable[[Intake], None] | None = None,
) -> Starlette:
    """The web server; with a worker in the same process unless one runs elsewhere.

    `looker` looks at files as they arrive; without one the server starts its own. `once_running` is called in a
    thread as soon as the server answers.
    """
    pages = Pages({"stage_name": stage_name, "parts_of": parts_of})

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            database = stack.enter_context(contextlib.closing(Database(settings.database)))
            blobs = Blobs(settings.blobs, settings.staging)
            processes = looker or stack.enter_context(_warm_processes(1))
            intake = Intake(database, blobs, processes, settings)
            app.state.database, app.state.blobs = database, blobs
            app.state.looker, app.state.intake = processes, intake
            await stack.enter_async_context(Following(database, app.state.rooms).running())
            if with_worker:
                stack.enter_context(running_worker(settings, database, blobs))
            stack.callback(asyncio.create_task(_forget_expired_uploads(intake)).cancel)
            if once_running is not None:
                threading.Thread(target=once_running, args=(intake,), daemon=True).start()
            yield

    app = Starlette(
        routes=[
            *_routes(settings),
            Mount(f"/static/{pages.version}", HashedStaticFiles(directory=pages.static)),
        ],
        middleware=[Middleware(Protection), Middleware(BodyLimit), Middleware(Visits)],
        exception_handlers={AppError: _app_error, HTTPException: _http_exception, Exception: _fault},
        lifespan=lifespan,
    )
    app.state.settings, app.state.pages = settings, pages
    app.state.rates, app.state.rooms = Rates(), Rooms()
    return app


@contextlib.contextmanager
def running_worker(settings: Settings, database: Database, blobs: Blobs) -> Iterator[None]:
    """Does the waiting jobs, in this process, for as long as the context lasts."""
    with _warm_processes(settings.decoders) as decoders:
        preparing = Preparing(database, blobs, decoders, settings.staging, _once_ready)
        kinds = [preparing.job(), Comparing(database, blobs, decoders, settings.staging).job()]
        worker = Worker(database, settings.jobs_database, kinds, at_once=settings.decoders)

        def wake(songs: object, rights: object) -> None:
            worker.wake()

        database.after_commit.append(wake)
        worker.start()
        try:
            yield
        finally:
            database.after_commit.remove(wake)
            worker.stop()


def _once_ready(session: Session, version: Version) -> None:
    compare_with_others(session, version, also_from=earlier_versions_with_open_comments)


@contextlib.contextmanager
def _warm_processes(count: int) -> Iterator[ConfinedProcesses]:
    """They import their libraries while the server answers already."""
    processes = ConfinedProcesses(workers=count)
    threading.Thread(target=_warm_up, args=(processes,), daemon=True).start()
    try:
        yield processes
    finally:
        processes.close()


def _warm_up(processes: ConfinedProcesses) -> None:
    with contextlib.suppress(RuntimeError):  # closed before it was warm: the server was stopped at once
        processes.warm_up()


def operations(settings: Settings) -> list[Operation]:
    """Every call of the API."""
    return [
        *songs_api.operations,
        *clips.operations,
        *compare_api.operations,
        *only_what_changed.operations,
        *story.operations,
        *form.operations(settings),
        *resumable.operations(settings),
        *feedback_api.operations,
        *voice.operations,
        *carried_api.operations,
        *reactions_api.operations,
        *hints_api.operations,
        *questions_api.operations,
        *answers_api.operations,
        *heard_api.operations,
        *sharing_api.operations,
        *blind_api.operations,
        *seen_api.operations,
    ]


def _routes(settings: Settings) -> list[BaseRoute]:
    calls = operations(settings)
    description = openapi(calls, title="Earmark", version=server.__version__)

    async def described(request: Request) -> Response:
        return JSONResponse(description)

    return [
        *(call.route() for call in calls),
        Route("/api/openapi.json", described, methods=["GET"]),
        Route("/healthz", _healthy, methods=["GET"]),
        Route("/favicon.ico", _favicon, methods=["GET"]),
        *socket.routes,
        *home_page.routes,
        *people_pages.routes,
        *account_pages.routes,
        *band_pages.routes,
        *form.routes(settings),
        *sharing_pages.routes,
        *blind_pages.routes,
        *review_page.routes,
        *compare_pages.routes,
        *feedback_pages.routes,
    ]


async def _healthy(request: Request) -> Response:
    return PlainTextResponse("ok")


async def _favicon(request: Request) -> Response:
    return RedirectResponse(request.app.state.pages.asset("favicon.svg"))


async def _forget_expired_uploads(intake: Intake) -> None:
    while True:
        try:
            await run_in_threadpool(leftovers.sweep, intake.database, intake.settings.staging)
        except Exception:
            _log.exception("Expired uploads could not be cleared away; trying again in an hour")
        await asyncio.sleep(_FORGET_EVERY)


async def _app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)
    return _error_answer(request, error)


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = from_status(error.status_code)
    answer.headers.update(error.headers or {})
    if error.status_code == 405:
        answer.headers["Allow"] = ", ".join(sorted(_methods_of(request)))
    return _error_answer(request, answer)


def _methods_of(request: Request) -> set[str]:
    """What this address does do: several routes may share it, and the framework names the first one's methods."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    return {
        method
        for route in routes
        if route.matches(request.scope)[0] == Match.PARTIAL
        for method in route.methods or ()
    }


async def _fault(request: Request, error: Exception) -> Response:
    message = "Something went wrong inside Earmark. It is in the server's log; try again in a moment."
    response = _error_answer(request, AppError(500, "fault", message))
    # The one answer that is given outside of the middleware.
    response.headers.update(HEADERS)
    return response


def _error_answer(request: Request, error: AppError) -> Response:
    if request.url.path == "/api" or request.url.path.startswith("/api/"):
        return JSONResponse(as_json(error), error.status, error.headers)
    if error.status == 401:
        return RedirectResponse(f"/sign-in?next={quote(_after_signing_in(request))}", 303)
    return _error_page(request, error)


def _after_signing_in(request: Request) -> str:
    """The page that was asked for; the start page where it was a form, for which nothing is there to be seen."""
    url = request.url
    return (f"{url.path}?{url.query}" if url.query else url.path) if request.method == "GET" else "/"


def _error_page(request: Request, error: AppError) -> Response:
    titles = {404: "Nothing here", 403: "Not for you to change", 429: "A little too fast", 413: "Too large"}
    context: dict[str, Any] = {
        "status": error.status,
        "title": titles.get(error.status, "That did not work"),
        "message": error.message,
        "sign_in_next": request.url.path if error.status == 404 else None,
    }
    response: Response = request.app.state.pages.page("errors/error.html", context, error.status)
    response.headers.update(error.headers)
    return response
