from __future__ import annotations

import errno
import os
import random
import socket
from itertools import cycle

# Above what browsers refuse to open, and below what the system gives to whoever connects somewhere.
FIRST, LAST = 12_000, 32_000
# A server binds its port seconds after it was drawn: so many processes of one test run never draw the same.
APART = 32


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    return next(port for port in _PORTS if _is_free(port))


def _own_ports() -> list[int]:
    """In random order, because another run of the tests may be drawing beside this one."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    ports = list(range(FIRST + worker % APART, LAST, APART))
    random.SystemRandom().shuffle(ports)  # Hypothesis seeds the usual one
    return ports


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
    return True


_PORTS = cycle(_own_ports())
