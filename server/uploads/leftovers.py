"""What uploads leave behind: those nobody came back to, and files that a crash left without anyone to delete them."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session, col, select

from server.database import Database, now
from server.uploads.models import Upload

# Longer than anything takes that works in the staging folder: other processes share it, and rows come after files.
_NOBODYS_AFTER = timedelta(days=1)


def sweep(database: Database, staging: Path) -> None:
    """Blocking."""

    def forget(session: Session) -> tuple[list[str], set[str]]:
        expired = list(session.exec(select(Upload).where(col(Upload.expires_at) <= now())))
        for upload in expired:
            session.delete(upload)
        session.flush()
        return [str(upload.id) for upload in expired], {str(id) for id in session.exec(select(Upload.id))}

    expired, alive = database.write(forget)
    for path in staging.iterdir():
        name = path.name.removesuffix(".chunk")
        if name in expired or (name not in alive and _is_old(path)):
            _remove(path)


def _is_old(path: Path) -> bool:
    try:
        changed = path.stat().st_mtime
    except FileNotFoundError:
        return False
    return datetime.fromtimestamp(changed, now().tzinfo) < now() - _NOBODYS_AFTER


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
