"""The bare broadcast to compare with: what one socket says, everyone hears. `python -m benchmarks._live_bare PORT`"""

import asyncio
import contextlib
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

_everyone: set[ServerConnection] = set()


async def _room(connection: ServerConnection) -> None:
    _everyone.add(connection)
    try:
        with contextlib.suppress(ConnectionClosed):
            async for message in connection:
                broadcast(_everyone, message)
    finally:
        _everyone.discard(connection)


async def main(port: int) -> None:
    async with serve(_room, "127.0.0.1", port, compression=None):
        await asyncio.Future()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
