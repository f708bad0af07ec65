"""Look-ups: the detail of what a push only names, from the platform's API, patiently and never too often."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from streams.platforms.base import Call, NotFound
from streams.platforms.files import NoSecret, Sources
from streams.platforms.sources import Sender

# It would log each address that is asked, and with it the access token.
logging.getLogger("httpx").setLevel(logging.WARNING)

#: Of one source at once.
MOST_AT_ONCE = 8
ANSWER_SECONDS = 10.0
MAX_ANSWER_BYTES = 2 * 1024 * 1024
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 30.0


class Failed(Exception):
    """This time it did not work; the text says why, without anything secret."""


@dataclass(slots=True)
class _Pace:
    """How one source's API is asked: while it fails, seldom."""

    seats: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))
    failures: int = 0
    until: float = 0.0

    def failed(self, now: float) -> None:
        """One more pause, however many calls failed since the last began."""
        if now >= self.until:
            self.until = now + min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**self.failures)
            self.failures = min(self.failures + 1, 10)


class Lookups:
    """All of a worker. `clock` gives Unix ms."""

    def __init__(self, sources: Sources, clock: Callable[[], int]) -> None:
        self._sources, self._clock = sources, clock
        self._paces: defaultdict[str, _Pace] = defaultdict(_Pace)
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
        self._client = httpx.AsyncClient(timeout=ANSWER_SECONDS, limits=limits, follow_redirects=False)

    async def close(self) -> None:
        """Lets go of the connections."""
        await self._client.aclose()

    async def detail(self, sender: Sender, payload: Any) -> Any:
        """One try for the detail of a message; None where it needs none. Raises `Failed`, and `Unreadable` where no try would help."""
        pace = self._paces[sender.name]
        loop = asyncio.get_running_loop()
        if (call := self._call(sender, payload)) is None:
            return None
        async with pace.seats:
            await asyncio.sleep(max(0.0, pace.until - loop.time()))
            try:
                found = await self._ask(sender, self._call(sender, payload) or call)
            except Failed:
                pace.failed(loop.time())
                raise
            pace.failures = 0
            return found

    def _call(self, sender: Sender, payload: Any) -> Call | None:
        if not sender.address:
            return None
        try:
            return sender.platform.lookup(payload, self._sources.secrets(sender)[0], self._sources.token(sender), self._clock())
        except NoSecret as error:
            raise Failed(f"no secret or token can be read: {error}") from None

    async def _ask(self, sender: Sender, call: Call) -> Any:
        url = sender.address + call.path
        try:
            async with (
                asyncio.timeout(ANSWER_SECONDS),
                self._client.stream(call.method, url, params=call.query, headers=call.headers, content=call.body) as answer,
            ):
                body = await _bounded(answer)
            if answer.status_code != httpx.codes.OK:
                raise Failed(f"the API answered {answer.status_code}")
            return sender.platform.detail(body)
        except NotFound as error:
            raise Failed(f"the API's answer has no detail: {error}") from None
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:  # their texts hold the address, and that the token
            raise Failed(f"the API does not answer: {type(error).__name__}") from None


async def _bounded(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > MAX_ANSWER_BYTES:
            raise Failed(f"the API's answer is larger than {MAX_ANSWER_BYTES} bytes")
    return bytes(body)
