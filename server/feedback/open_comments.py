"""Which versions still wait for an answer."""

from sqlmodel import Session, col, select

from server.feedback.models import Comment
from server.songs.models import Version


def earlier_versions_with_open_comments(session: Session, version: Version) -> list[Version]:
    """Those ready and not removed, latest first, on which somebody said what is neither done nor taken away."""
    spoken = select(Comment.version_id).where(
        Comment.song_id == version.song_id,
        col(Comment.reply_to).is_(None),
        col(Comment.done_at).is_(None),
        col(Comment.removed_at).is_(None),
    )
    found = select(Version).where(
        Version.song_id == version.song_id,
        Version.number < version.number,
        Version.status == "ready",
        col(Version.removed_at).is_(None),
        col(Version.id).in_(spoken),
    )
    return list(session.exec(found.order_by(col(Version.number).desc())))
