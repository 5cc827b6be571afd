"""Listening together: where the one who leads is, as everybody who has joined is told.

Nothing of it is kept. It lives in the room, so it belongs to one server process: on PostgreSQL with several of them,
those who reached the same one listen together, as they see one another in its presence.
"""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.events.objects import Author

# How long a leader whose network was cut may take to come back before another leads.
GRACE = 10.0
# A page reckons the moment of its own place by our clock; further back than this it is wrong.
_OLDEST = 5000.0


def clock_now() -> float:
    """Milliseconds of the server's own clock, which never jumps; only differences of it mean anything."""
    return time.monotonic() * 1000


@dataclass(frozen=True)
class Place:
    """Where the leader's play head was at one moment of the server's clock, and whether it moves."""

    version: UUID
    at: float
    playing: bool
    when: float


def stamped(version: UUID, at: float, playing: bool, when: float | None) -> Place:
    """`when` is what the page reckons; a moment that is still to come, or long past, becomes this one."""
    moment = clock_now()
    told = when if when is not None and moment - _OLDEST <= when <= moment else moment
    return Place(version, at, playing, told)


@dataclass
class Together:
    leader: Author
    seat: UUID
    """The leader's page, by the id that it gave itself: it is the leader's again after a cut."""
    place: Place
    away_since: float | None = None
    """When, on the server's clock in seconds, the leader's socket was lost."""
    joined_changed: bool = True
    """Somebody came or went whom the others have not been told of."""

    def as_message(self, role: str, joined: int, sees: bool) -> dict[str, Any]:
        """`version` is null where the listener may not hear it, and then nothing else about it is told."""
        place = self.place
        return {
            "type": "together",
            "together": {
                "leader": self.leader.model_dump(mode="json"),
                "role": role,
                "joined": joined,
                "away": self.away_since is not None,
                "version": str(place.version) if sees else None,
                "at": place.at if sees else None,
                "playing": place.playing if sees else False,
                "when": place.when,
            },
        }
