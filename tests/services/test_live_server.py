import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services.server import LiveServer

STAND_IN = (sys.executable, "-m", "tests.services.stand_in_server")


def read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return str(answer.read().decode())


def alive(pid: int) -> bool:
    """Running, and not merely waiting for init to take note of its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_it_answers_with_the_environment_it_was_given(start_server: Callable[..., LiveServer]) -> None:
    server = start_server(command=STAND_IN, env={"GREETING": "hello"})
    assert read(server.url) == "hello"


def test_a_killed_server_comes_back_at_the_same_address_with_its_data(tmp_path: Path) -> None:
    with LiveServer(tmp_path / "data", command=STAND_IN) as server:
        server.kill()
        with pytest.raises(urllib.error.URLError):
            read(server.url)
        server.restart()
        assert read(f"{server.url}/healthz") == "ok"
    assert (tmp_path / "data" / "starts").read_text().count("started") == 2


def test_closing_ends_its_children_too(tmp_path: Path) -> None:
    with LiveServer(tmp_path / "data", command=STAND_IN) as server:
        child = int((tmp_path / "data" / "child").read_text())
        server.kill()
        assert alive(child)
    deadline = time.monotonic() + 20  # being killed takes the kernel a moment
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(child)


def test_a_server_that_does_not_start_shows_its_log(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="told to fail"),
        LiveServer(tmp_path / "data", command=STAND_IN, arguments=["--fail"]),
    ):
        pass
