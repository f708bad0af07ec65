"""`websockets` sending the same frame to everybody, four times a second: `python -m tests.bench.others.broadcast PORT BYTES`.

Without compression, as the screen: it would be done again for each client.
"""

import asyncio
import json
import sys
import time

import uvloop
from websockets.asyncio.server import broadcast, serve


async def main(port: int, size: int) -> None:
    async with serve(lambda socket: socket.wait_closed(), "127.0.0.1", port, compression=None) as server:
        while True:
            head = json.dumps({"at": time.time_ns() // 1_000_000, "d": ""}, separators=(",", ":"))
            broadcast(server.connections, head + " " * max(0, size - len(head)))
            await asyncio.sleep(0.25)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2])))
