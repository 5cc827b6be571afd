import threading
from collections.abc import Callable, Iterator

import pytest
from websockets.exceptions import ConnectionClosed, InvalidMessage
from websockets.sync.client import connect
from websockets.sync.server import ServerConnection, serve

from tests.services.cable import Cable


@pytest.fixture
def echo_port() -> Iterator[int]:
    def echo(connection: ServerConnection) -> None:
        for message in connection:
            connection.send(message)

    with serve(echo, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.socket.getsockname()[1]
        server.shutdown()
        thread.join()


def test_a_cut_cable_ends_the_open_socket_and_refuses_new_ones(
    echo_port: int, new_cable: Callable[[int], Cable]
) -> None:
    cable = new_cable(echo_port)
    address = cable.url.replace("http", "ws")
    with connect(address, open_timeout=30) as connection:
        connection.send("before")
        assert connection.recv(timeout=20) == "before"
        cable.cut()
        with pytest.raises(ConnectionClosed):
            connection.recv(timeout=20)
    with pytest.raises((ConnectionClosed, InvalidMessage, OSError)), connect(address, open_timeout=20):
        pass
    cable.heal()
    with connect(address, open_timeout=30) as connection:
        connection.send("after")
        assert connection.recv(timeout=20) == "after"
