"""Follows a room's websocket and prints its GMV and people online: python examples/watch.py http://127.0.0.1:8700 TOKEN ROOM"""

import asyncio
import json
import random
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

FINAL = {4001, 4003, 4005}  # the token has ended, or we sent what nobody asked for: coming back is of no use


async def watch(server: str, token: str, room: str) -> None:
    tables, epoch, rev = {}, "", ""
    while True:
        address = f"{server.replace('http', 'ws', 1)}/ws/rooms/{room}?epoch={epoch}&rev={rev}"
        try:
            async with connect(address, additional_headers={"Authorization": f"Bearer {token}"}, max_size=None) as socket:
                while True:
                    frame = json.loads(await socket.recv())
                    epoch, rev = frame["epoch"], frame["rev"]
                    tables = {} if frame["full"] else tables
                    for table, rows in frame["d"].items():
                        held = tables.setdefault(table, {})
                        for key, row in rows.items():  # a row that is gone is null; of any other only the changed fields come
                            held.pop(key, None) if row is None else held.setdefault(key, {}).update(row)
                    print(f"gmv {tables['figures']['total']['gmv']}, online {tables['figures']['total']['online']}", flush=True)
        except (OSError, ConnectionClosed) as error:  # a refusal before the upgrade (401, 403, 404 …) ends the program
            if isinstance(error, ConnectionClosed) and error.rcvd is not None and error.rcvd.code in FINAL:
                sys.exit(f"closed: {error.rcvd.reason}")
            await asyncio.sleep(random.uniform(0.5, 3))


asyncio.run(watch(*sys.argv[1:4]))
