"""Lines that drop, on real sockets: what was sent is kept, and nothing is written twice."""

import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.running import Running
from tests.sound.signals import noise, write
from tests.uploads.tus_client import CHUNK, asked, begun, sent

HALF = 600_000


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    return write(tmp_path, noise(10.0)).read_bytes()


def half_a_request(running: Running, address: str, content: bytes) -> socket.socket:
    """A PATCH that announces everything, sends the first part, and then says nothing more."""
    head = (
        f"PATCH {address} HTTP/1.1\r\nHost: 127.0.0.1:{running.server.port}\r\n"
        f"Authorization: Bearer {running.token}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        f"Content-Type: {CHUNK}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    line = socket.create_connection(("127.0.0.1", running.server.port))
    line.sendall(head.encode() + content[:HALF])
    return line


def staged_size(running: Running, address: str) -> int:
    staged = running.server.data / "staging" / address.rpartition("/")[2]
    return staged.stat().st_size if staged.exists() else 0


def wait_for(running: Running, address: str, size: int) -> None:
    deadline = time.monotonic() + 20
    while staged_size(running, address) < size:
        assert time.monotonic() < deadline, staged_size(running, address)
        time.sleep(0.02)


def finish(running: Running, address: str, content: bytes) -> None:
    """Go on where it is; the version's original is every byte, once."""
    offset = int(asked(running.ada, address).headers["upload-offset"])
    assert 0 < offset <= HALF
    last = sent(running.ada, address, offset, content[offset:])
    assert last.status_code == 204, last.text
    version = last.headers["earmark-version"]
    assert running.ada.get(f"/api/versions/{version}/audio").content == content
    assert len(running.ada.get(f"/api/songs/{running.song}/versions").json()["items"]) == 1


def test_a_cut_line_goes_on_where_it_was(running: Running, content: bytes) -> None:
    address = begun(running.ada, running.song, len(content))
    line = half_a_request(running, address, content)
    wait_for(running, address, HALF // 2)
    line.close()

    finish(running, address, content)
    assert "Traceback" not in running.server.log


def test_a_dead_line_does_not_hold_the_upload(running: Running, content: bytes) -> None:
    """The phone changed networks: the server still waits on the old connection when the new one comes."""
    address = begun(running.ada, running.song, len(content))
    line = half_a_request(running, address, content)
    wait_for(running, address, HALF // 2)

    finish(running, address, content)

    answer = line.recv(100)
    with suppress(ConnectionError):  # the server may have hung up by now: it was answered before `finish`
        line.sendall(content[HALF:])  # too late: the old request is over
    assert answer.startswith(b"HTTP/1.1 423")
    line.close()
    assert len(running.ada.get(f"/api/songs/{running.song}/versions").json()["items"]) == 1


def test_a_killed_server_knows_what_it_had(running: Running, content: bytes) -> None:
    address = begun(running.ada, running.song, len(content))
    assert sent(running.ada, address, 0, content[:HALF]).headers["upload-offset"] == str(HALF)

    running.server.kill()
    running.server.restart()

    assert asked(running.ada, address).headers["upload-offset"] == str(HALF)
    finish(running, address, content)
