"""`python -m tests.soak.screens URL TOKEN COUNT`: so many browsers, each on a room that is live, and on another when that one is over.

Prints a line of JSON each few seconds: frames and bytes so far, how often one came to a room, and calls that were not answered.
"""

import asyncio
import json
import sys
import urllib.request
from typing import Any

import uvloop

from tests.bench.watcher import watch

LOOK_SECONDS = 2.0


class Screens:
    """`held`: for each browser, the room that it watches and its connection."""

    def __init__(self, url: str, token: str, count: int) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self.held: list[tuple[str, Any] | None] = [None] * count
        self.frames = self.bytes = self.visits = self.failures = 0

    async def follow(self) -> None:
        """Never returns."""
        while True:
            try:
                live = await asyncio.to_thread(self._live)
                for number in range(len(self.held)):
                    await self._place(number, live)
            except OSError as error:  # a TimeoutError is one, and so is what `watch` raises
                self.failures += 1
                print(repr(error), file=sys.stderr, flush=True)
            seen = {"frames": self.frames, "bytes": self.bytes, "visits": self.visits, "failures": self.failures}
            print(json.dumps(seen), flush=True)
            await asyncio.sleep(LOOK_SECONDS)

    def _live(self) -> list[str]:
        request = urllib.request.Request(f"{self._url}/api/rooms", headers=self._headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return sorted(row["room"] for row in json.load(answer)["rooms"] if row["status"] == "live")

    async def _place(self, number: int, live: list[str]) -> None:
        held = self.held[number]
        if held is not None and held[0] in live and not held[1].is_closing():
            return
        if held is not None:
            held[1].abort()
        self.held[number] = None
        if live:
            room = live[number % len(live)]
            self.held[number] = room, await watch(f"{self._url.replace('http', 'ws', 1)}/ws/rooms/{room}", self._headers, self._seen)
            self.visits += 1

    def _seen(self, frame: bytes) -> None:
        self.frames += 1
        self.bytes += len(frame)


if __name__ == "__main__":
    uvloop.run(Screens(sys.argv[1], sys.argv[2], int(sys.argv[3])).follow())
