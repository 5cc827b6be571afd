"""The comparison of two versions as a row: asked for, found again, told of. The job beside this makes it."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from server.compare.models import Comparison
from server.database import now
from server.events import log
from server.events.objects import ComparisonShape
from server.events.types import ComparisonEvent
from server.songs.models import Song, Version

# A page that asks again as soon as it hears of a failure would else keep a broken pair in work for ever.
_REST = timedelta(minutes=1)

EarlierVersions = Callable[[Session, Version], Iterable[Version]]


def find_comparison(session: Session, a: Version, b: Version) -> Comparison | None:
    return session.exec(select(Comparison).where(Comparison.a_id == a.id, Comparison.b_id == b.id)).first()


def request_comparison(session: Session, a: Version, b: Version, *, anew: bool = False) -> Comparison:
    """The comparison from A to B, made if it is not there; one that failed a while ago is tried again.

    ``anew``: make it again though it is ready, because what it found is no longer kept.
    """
    # The song's row is updated first, so of two who ask at once the second finds what the first has made.
    session.execute(sa.update(Song).where(col(Song.id) == a.song_id).values(last_seq=Song.last_seq))
    there = find_comparison(session, a, b)
    if there is not None and not _to_be_made_again(there, anew):
        return there
    if there is not None:
        # A new row, for its id names the workflow, and a workflow that has ended does not start again.
        session.delete(there)
        session.flush()
    comparison = Comparison(song_id=a.song_id, a_id=a.id, b_id=b.id)
    tell(session, comparison, "comparison.added")
    return comparison


def compare_with_others(session: Session, version: Version, *, also_from: EarlierVersions) -> None:
    """What follows from a version being ready: it is compared with its neighbours, and with those it answers."""
    ready = select(Version).where(
        Version.song_id == version.song_id, col(Version.removed_at).is_(None), Version.status == "ready"
    )
    before = ready.where(Version.number < version.number).order_by(col(Version.number).desc())
    after = ready.where(Version.number > version.number).order_by(col(Version.number))
    if (previous := session.exec(before.limit(1)).first()) is not None:
        request_comparison(session, previous, version)
    # Of two that were uploaded together the later one may be ready first.
    if (following := session.exec(after.limit(1)).first()) is not None:
        request_comparison(session, version, following)
    for earlier in also_from(session, version):
        request_comparison(session, earlier, version)


def comparison_shape(comparison: Comparison) -> ComparisonShape:
    return ComparisonShape.model_validate(
        {
            "id": comparison.id,
            "song": comparison.song_id,
            "a": comparison.a_id,
            "b": comparison.b_id,
            "status": comparison.status,
            "error": comparison.error,
            "progress": comparison.progress,
        }
    )


def tell(session: Session, comparison: Comparison, kind: str) -> None:
    """Save the row and log the event that says how it is now."""
    session.add(comparison)
    session.flush()
    event = ComparisonEvent.model_validate({"type": kind, "comparison": comparison_shape(comparison)})
    log.append(session, comparison.song_id, event)


def _to_be_made_again(comparison: Comparison, anew: bool) -> bool:
    if comparison.status == "failed":
        return comparison.created_at < now() - _REST
    return anew and comparison.status == "ready"
