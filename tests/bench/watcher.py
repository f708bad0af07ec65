"""A browser's websocket, bare: thousands of them in one process leave the machine to what they watch."""

import asyncio
import base64
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

#: Called with each frame's bytes.
Seen = Callable[[bytes], None]

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10


class Watcher(asyncio.Protocol):
    """Asks for a room, answers pings, and hands on what comes. `stuck`: reads nothing once it is let in."""

    def __init__(self, path: str, headers: dict[str, str], seen: Seen, stuck: bool) -> None:
        self._path, self._headers, self._seen, self._stuck = path, headers, seen, stuck
        self._held = b""
        self._transport: Any = None
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        lines = {"Host": "bench", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13"}
        head = "".join(f"{name}: {value}\r\n" for name, value in (lines | self._headers).items())
        transport.write(f"GET {self._path} HTTP/1.1\r\n{head}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        self._held += data
        if not self.open.done():
            head, end, rest = self._held.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head.partition(b"\r\n")[0]:
                self.open.set_exception(ConnectionError(head[:80].decode(errors="replace")))
                return
            self._held = rest
            self.open.set_result(None)
            if self._stuck:
                self._transport.pause_reading()
        while (taken := self._frame()) > 0:
            self._held = self._held[taken:]

    def connection_lost(self, error: Exception | None) -> None:
        if not self.open.done():
            self.open.set_exception(error or ConnectionError("closed"))

    def _frame(self) -> int:
        """Handles the first frame held, and returns its length; 0 when it is not whole yet. A server masks nothing."""
        held = self._held
        if len(held) < 2:
            return 0
        size, start = held[1] & 127, 2
        if size >= 126:
            start += 2 if size == 126 else 8
            if len(held) < start:
                return 0
            size = int.from_bytes(held[2:start], "big")
        if len(held) < start + size:
            return 0
        sort, payload = held[0] & 15, held[start : start + size]
        if sort == _TEXT:
            self._seen(payload)
        elif sort == _PING:
            mask = os.urandom(4)
            masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
            self._transport.write(bytes((128 | _PONG, 128 | len(payload))) + mask + masked)
        elif sort == _CLOSE:
            self._transport.close()
        return start + size


async def watch(url: str, headers: dict[str, str], seen: Seen, stuck: bool = False) -> Any:
    """Returns the transport when the server has let it in. ConnectionError: it has not."""
    where = urlsplit(url)
    transport, watcher = await asyncio.get_running_loop().create_connection(
        lambda: Watcher(where.path or "/", headers, seen, stuck), where.hostname, where.port
    )
    async with asyncio.timeout(60):
        await watcher.open
    return transport
