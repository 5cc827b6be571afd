"""What a tus client says."""

import base64
from pathlib import Path
from typing import Any
from uuid import UUID

TUS = {"tus-resumable": "1.0.0"}
CHUNK = "application/offset+octet-stream"


def metadata(**fields: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in fields.items())


def created(client: Any, song: UUID, length: int, **fields: str) -> Any:
    about = {"song": str(song), "stage": "mixing", "filename": "night bus.wav"} | fields
    headers = TUS | {"upload-length": str(length), "upload-metadata": metadata(**about)}
    return client.post("/api/uploads", headers=headers)


def begun(client: Any, song: UUID, length: int, **fields: str) -> str:
    """The address of a new upload."""
    answer = created(client, song, length, **fields)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def sent(client: Any, address: str, offset: int, content: Any, **headers: str) -> Any:
    said = TUS | {"upload-offset": str(offset), "content-type": CHUNK} | headers
    return client.patch(address, content=content, headers=said)


def asked(client: Any, address: str) -> Any:
    return client.head(address, headers=TUS)


def staged(staging: Path) -> list[str]:
    return sorted(path.name for path in staging.iterdir())
