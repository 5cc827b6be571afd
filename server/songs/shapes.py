"""Rows as the objects that travel."""

from sqlmodel import Session

from server.events.objects import Format, LoudnessShape, Progress, SongShape, VersionShape
from server.people.models import Band, Person
from server.songs.models import Song, Version


def song_shape(session: Session, song: Song) -> SongShape:
    band = session.get_one(Band, song.band_id)
    return SongShape(
        id=song.id,
        title=song.title,
        band=SongShape.Band(id=band.id, name=band.name),
        created_at=song.created_at,
        removed=song.removed_at is not None,
    )


def version_shape(session: Session, version: Version) -> VersionShape:
    step, fraction = version.progress_step, version.progress_fraction
    return VersionShape.model_validate(
        {
            **version.model_dump(include=set(VersionShape.model_fields)),
            "song": version.song_id,
            "progress": Progress.model_validate({"step": step, "fraction": fraction or 0}) if step else None,
            "format": Format.model_validate(version.format) if version.format else None,
            "loudness": LoudnessShape.model_validate(version.loudness) if version.loudness else None,
            "uploaded_by": session.get_one(Person, version.uploaded_by).name,
            "removed": version.removed_at is not None,
        }
    )
