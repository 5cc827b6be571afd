"""The app on real uvicorn, in a thread of this process: sockets behave otherwise in a test client."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from httpx2 import Client
from starlette.applications import Starlette

from server.__main__ import SOCKETS
from tests.cast import LiveCast, assemble
from tests.services.server import LET_GO_EARLY


@pytest.fixture
def url(app: Starlette) -> Iterator[str]:
    config = uvicorn.Config(
        app,
        port=0,
        **SOCKETS,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def cast(app: Starlette, url: str) -> Iterator[LiveCast]:
    opened: list[Client] = []

    def browser(**cookies: str) -> Client:
        opened.append(Client(base_url=url, cookies=cookies, timeout=30, limits=LET_GO_EARLY))
        return opened[-1]

    yield assemble(app.state, browser)
    for client in opened:
        client.close()


@pytest.fixture
def database(app: Starlette, url: str) -> Any:
    return app.state.database


@pytest.fixture
def client() -> None:
    pytest.fail("tests of sockets use the browsers of `cast`, on the server at `url`")
