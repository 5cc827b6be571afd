"""What stands in the way of running Earmark here, in words that say what to do."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import Session

from server.blobs import Blobs
from server.database import Database
from server.rendering import size
from server.settings import Settings
from server.sound.confined import ConfinedProcesses
from server.sound.errors import UnreadableAudio


def complaints(settings: Settings) -> Iterator[tuple[str, str | None]]:
    """Each thing looked at, and what is wrong with it, or None."""
    yield f"data folder {settings.data}", _writable(settings)
    yield "database", _database(settings)
    yield "recordings", _blobs(settings)
    yield "decoder process", _decoder()


def _writable(settings: Settings) -> str | None:
    import shutil

    probe = settings.staging / "doctor"
    try:
        probe.write_bytes(b"ok")
        probe.unlink()
    except OSError as error:
        return f"cannot be written to: {error.strerror}. Set EARMARK_DATA to a folder that can."
    free = shutil.disk_usage(settings.staging).free
    return (
        None
        if free > settings.upload_limit
        else f"has only {size(free)} free, less than one upload may take."
    )


def _database(settings: Settings) -> str | None:
    def look(session: Session) -> None:
        session.execute(sa.text("SELECT 1"))

    database = Database(settings.database)
    try:
        database.read(look)
    except sa.exc.SQLAlchemyError as error:
        return f"does not answer: {str(error).splitlines()[0]}"
    finally:
        database.close()
    return None


def _blobs(settings: Settings) -> str | None:
    try:
        blobs = Blobs(settings.blobs, settings.staging)
        blobs.put("doctor", b"ok")
        return None if blobs.get("doctor") == b"ok" else "gave back something else than was stored."
    except Exception as error:
        return f"cannot be stored: {str(error).splitlines()[0]}"


def _decoder() -> str | None:
    decoders = ConfinedProcesses(workers=1)
    try:
        decoders.warm_up()
    except (UnreadableAudio, OSError) as error:
        return f"does not start: {error}"
    finally:
        decoders.close()
    return None
