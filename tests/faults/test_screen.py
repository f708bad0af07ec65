"""The screen killed and started again in the middle of a broadcast: whoever watches carries on, and ends with the right figures."""

import asyncio
import json
import sys
import urllib.request
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from deploy import tokens
from deploy.ports import LOOPBACK, lasting_ports
from deploy.reach import wait_for_screen
from tests.faults.feed import feeding
from tests.faults.stage import Stage
from tests.load import Load, sums
from tests.servers.process import Process

KILLS = 2
#: What both the board and the count call the same.
FIGURES = ("impressions", "entries", "likes", "product_clicks", "carts", "orders_created", "orders_paid", "orders_unpaid", "gmv", "buyers")


class Browser:
    """Follows a room as the page does: comes back by itself, and says what it has. `connections`: whether each began with everything."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address
        self._headers = {"authorization": f"Bearer {token}"}
        self._have = ""
        self.tables: dict[str, dict[str, dict[str, Any]]] = {}
        self.connections: list[bool] = []

    async def follow(self) -> None:
        """Never returns."""
        while True:
            try:
                async with connect(self._address + self._have, additional_headers=self._headers) as socket:
                    await self._read(socket)
            except (ConnectionClosed, InvalidHandshake, OSError):
                await asyncio.sleep(0.2)

    async def _read(self, socket: ClientConnection) -> None:
        first = True
        async for text in socket:
            frame = json.loads(text)
            if first:
                self.connections.append(frame["full"])
                first = False
            if frame["full"]:
                self.tables = {}
            for table, rows in frame["d"].items():
                self._merge(self.tables.setdefault(table, {}), rows)
            self._have = f"?epoch={frame['epoch']}&rev={frame['rev']}"

    def _merge(self, held: dict[str, dict[str, Any]], rows: dict[str, dict[str, Any] | None]) -> None:
        for key, row in rows.items():
            if row is None:
                held.pop(key, None)
            else:
                held.setdefault(key, {}).update(row)


async def test_a_browser_carries_on_when_the_screen_is_killed(stage: Stage, tmp_path: Path) -> None:
    (port,) = lasting_ports(1)
    url = f"http://{LOOPBACK}:{port}"
    variables = {"LIVESCREEN_KAFKA": stage.kafka, "LIVESCREEN_REDIS": stage.store.url}
    screen = Process([sys.executable, "-m", "deploy", "screen", "--port", str(port)], tmp_path / "screen.log", variables)
    token = await tokens.new(stage.store.url, "viewer")
    load = Load(9)
    room = load.rooms[0]
    browser = Browser(f"ws://{LOOPBACK}:{port}/ws/rooms/{room}", token)
    following = asyncio.create_task(browser.follow())
    try:
        async with feeding(stage.kafka, stage.store.url, load) as feed:
            stage.nursery.start(alone=True)
            async with feed.flowing():
                screen.start()
                await feed.caught_up()
                for number in range(KILLS):
                    await _until(lambda seen=number: len(browser.connections) > seen and "figures" in browser.tables, screen)
                    screen.kill()
                    await asyncio.sleep(0.5)
                    screen.start()
            assert await feed.differences() == []
        await wait_for_screen(url, 20)
        right = sums(load.records, room).total
        await _until(lambda: _figures(browser) == {name: right[name] for name in FIGURES}, screen)
        board = await asyncio.to_thread(_board, f"{url}/api/rooms/{room}", token)
        assert {name: board["total"][name] for name in FIGURES} == _figures(browser)
        assert browser.connections == [True] * (KILLS + 1), "another server has another epoch, so it begins with everything"
    finally:
        following.cancel()
        screen.kill()


def _figures(browser: Browser) -> dict[str, Any]:
    total = browser.tables.get("figures", {}).get("total", {})
    return {name: total.get(name) for name in FIGURES}


def _board(url: str, token: str) -> dict[str, Any]:
    request = urllib.request.Request(url, headers={"authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return dict(json.loads(answer.read()))


async def _until(true: Any, screen: Process, seconds: float = 120.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            assert screen.running or screen.status == -9, screen.tail()
            await asyncio.sleep(0.05)
