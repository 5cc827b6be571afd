"""How much a request may send. Past it the answer is 413 with the limit in words, in the same shape as every error.

Starlette's own limit answers in plain text, and puts that in the place of an answer that knows better.
"""

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import AppError
from server.rendering import size

JSON_LIMIT = 256 * 1024
_ROOM = "earmark.body_limit"


class BodyLimit:
    """Around the app, for every route that does not make room for more."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        come = 0

        async def receive_within_limit() -> Message:
            nonlocal come
            # Which route answers is known only now, when something asks for the body.
            limit = scope.get(_ROOM, JSON_LIMIT)
            if announced.isdigit() and int(announced) > limit:
                raise _too_much(limit)
            message = await receive()
            come += len(message.get("body", b""))
            if come > limit:
                raise _too_much(limit)
            return message

        await self.app(scope, receive_within_limit, send)


class _Room:
    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app, self.limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_ROOM] = self.limit
        await self.app(scope, receive, send)


def room_for(limit: int) -> list[Middleware]:
    """The middleware of a route that takes more, or less, than others."""
    return [Middleware(_Room, limit=limit)]


def _too_much(limit: int) -> AppError:
    return AppError(413, "too_large", f"This address takes {size(limit)} at most.", limit=limit)
