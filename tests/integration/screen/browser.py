"""A client that follows a room's frames, as a browser does."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from screen.close import Close


class Browser:
    """Follows a room's frames."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.epoch, self.rev = "", -1
        self.tables: dict[str, dict[str, dict[str, Any]]] = {}

    async def frame(self) -> dict[str, Any]:
        text = await asyncio.wait_for(self.socket.recv(), 5)
        assert isinstance(text, str)
        frame: dict[str, Any] = json.loads(text)
        assert set(frame) == {"epoch", "rev", "full", "at", "d"}
        if frame["full"]:
            self.tables = {}
        for table, rows in frame["d"].items():
            held = self.tables.setdefault(table, {})
            for key, row in rows.items():
                if row is None:
                    held.pop(key, None)
                else:
                    held.setdefault(key, {}).update(row)
        self.epoch, self.rev = frame["epoch"], frame["rev"]
        return frame

    async def until(self, seen: Callable[[dict[str, Any]], Any]) -> list[dict[str, Any]]:
        """Reads frames until the tables satisfy `seen`."""
        frames = []
        async with asyncio.timeout(30):
            while not frames or not seen(self.tables):
                frames.append(await self.frame())
        return frames

    async def closed(self, seconds: float = 30) -> tuple[int, str]:
        """Reads until the server closes; the code and the reason."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await self.socket.recv()
        except ConnectionClosed as ended:
            assert ended.rcvd is not None
            return ended.rcvd.code, ended.rcvd.reason


def name(close: Close) -> tuple[int, str]:
    return close.code, close.name


def viewers(tables: dict[str, Any]) -> Any:
    return tables["figures"]["total"]["viewers"]
