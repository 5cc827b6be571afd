"""Notes when a sign-in or a token was last used, so that its owner can tell which of them to end."""

import time

from sqlmodel import Session
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from server.database import database_of, now
from server.people.models import ApiToken, SignIn
from server.people.secrets import hash_of
from server.people.visitors import Credentials, credentials, sign_in_row, token_row

EVERY_SECONDS = 600.0
_MOST_REMEMBERED = 10_000


class Visits:
    """Middleware: looks into the database once in ten minutes for each secret, and writes if it is a good one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._noted: dict[str, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            connection = HTTPConnection(scope)
            given = credentials(connection)
            if self._is_due(given.bearer or given.sign_in or ""):
                await _note(connection, given)
        await self.app(scope, receive, send)

    def _is_due(self, secret: str) -> bool:
        moment, key = time.monotonic(), hash_of(secret)
        if not secret or moment < self._noted.get(key, 0.0):
            return False
        if len(self._noted) >= _MOST_REMEMBERED:
            self._noted.clear()
        self._noted[key] = moment + EVERY_SECONDS
        return True


async def _note(connection: HTTPConnection, given: Credentials) -> None:
    database = database_of(connection)
    # Looked up first: a made-up secret is not worth holding up everybody's writes.
    if await database.reading(lambda session: _row(session, given) is not None):
        await database.writing(lambda session: _touch(session, given))


def _row(session: Session, given: Credentials) -> SignIn | ApiToken | None:
    if given.bearer is not None:
        return token_row(session, given.bearer)
    return sign_in_row(session, given.sign_in or "")


def _touch(session: Session, given: Credentials) -> None:
    row = _row(session, given)
    if isinstance(row, SignIn):
        row.last_seen_at = now()
    elif row is not None:
        row.last_used_at = now()
