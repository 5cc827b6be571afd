"""The time maps of a song as its comparisons hold them, each read when it is first needed."""

from itertools import pairwise
from uuid import UUID

from sqlmodel import Session, col, select

from server.compare.models import Comparison
from server.feedback.placing import Map, map_from_json, ways_to
from server.songs.models import Version

Pair = tuple[UUID, UUID]


class Maps:
    """Those between versions that a visitor may hear, on their way to one of them."""

    def __init__(self, session: Session, version: Version, visible: set[UUID]) -> None:
        self._session, self._version = session, version
        known = select(Comparison.a_id, Comparison.b_id, Comparison.id, Comparison.status)
        known = known.where(Comparison.song_id == version.song_id).order_by(col(Comparison.created_at))
        rows = [row for row in session.exec(known) if row[0] in visible and row[1] in visible]
        self._known = {(a, b) for a, b, _, _ in rows}
        self._ready = {(a, b): id for a, b, id, status in rows if status == "ready"}
        self._failed = {(a, b) for a, b, _, status in rows if status == "failed"}
        self._ways = ways_to(version.id, self._ready)
        self._maps: dict[Pair, Map] = {}

    def way(self, start: UUID) -> list[Map]:
        """Empty where none leads there yet."""
        stops = self._ways.get(start, [])
        return [self._map(a, b) for a, b in pairwise(stops)]

    def failed_with(self, id: UUID) -> bool:
        return (id, self._version.id) in self._failed

    def asked_for(self, id: UUID) -> bool:
        return (id, self._version.id) in self._known or (self._version.id, id) in self._ready

    def made_with(self, id: UUID) -> bool | None:
        """Whether the comparison of the two runs against the order of the versions; None where there is none."""
        if (id, self._version.id) in self._ready:
            return False
        return True if (self._version.id, id) in self._ready else None

    def _map(self, a: UUID, b: UUID) -> Map:
        if (a, b) not in self._maps:
            turned = (a, b) not in self._ready
            row = self._session.get_one(Comparison, self._ready[(b, a) if turned else (a, b)])
            made = map_from_json(row.a_id, row.b_id, row.time_map or {"segments": []}, row.matched_gain_db)
            self._maps[a, b] = made.turned() if turned else made
        return self._maps[a, b]
