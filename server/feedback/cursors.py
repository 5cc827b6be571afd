"""Cursors of lists that follow the music: the place of the last one given, for whoever asks for more."""

import base64
import binascii
import json
from uuid import UUID

from server.errors import invalid


def cursor_after(at: float, id: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps([at, str(id)]).encode()).decode()


def place_of(cursor: str) -> tuple[float, UUID]:
    try:
        at, id = json.loads(base64.urlsafe_b64decode(cursor))
        return float(at), UUID(id)
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise invalid("This is no cursor; use the 'next' of a list.", after="No cursor.") from None
