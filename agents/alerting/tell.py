"""From the store to `live.alerts` and to those who want to know: each transition that was saved, in its room's order.

It waits in the store until Kafka has acknowledged it and notices of it are posted. Both may happen twice, after a crash or when a watcher
that lost the room is slow: under the same id, of which a second notice is never posted, and never before those of earlier transitions.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence

from aiokafka.errors import KafkaError

from streams.store.desk import Waiting
from streams.store.port import Store, StoreAway

log = logging.getLogger(__name__)

#: Hands room and transition to Kafka; what it returns is done when Kafka has acknowledged them.
Send = Callable[[bytes, bytes], Awaitable[Awaitable[object]]]
#: Posts notices of transitions (JSON), in their order.
Posts = Callable[[Sequence[str]], Awaitable[None]]

_MOST = 200
_PAUSE_SECONDS = 0.5


class Teller:
    """Tells what waits in the rooms it was woken for."""

    def __init__(self, store: Store, send: Send, post: Posts) -> None:
        self._store = store
        self._send = send
        self._post = post
        self._rooms: set[str] = set()
        self._wake = asyncio.Event()
        self._said = False

    def wake(self, rooms: Iterable[str]) -> None:
        """There may be something to tell in these rooms."""
        self._rooms.update(rooms)
        if self._rooms:
            self._wake.set()

    async def run(self) -> None:
        """Never returns."""
        while True:
            await self._wake.wait()
            try:
                await self.tell()
            except (KafkaError, StoreAway) as error:
                if not self._said:
                    self._said = True
                    log.warning("alerts wait to be told: %s", error if isinstance(error, StoreAway) else type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)

    async def tell(self) -> None:
        """Tells all that waits. Raises `KafkaError` and `StoreAway`; what was not told then still waits."""
        while self._rooms:
            asked, self._rooms = self._rooms, set()
            try:
                found = await self._store.alerts.untold(sorted(asked), _MOST)
                await asyncio.gather(*(self._tell_room(room, waiting) for room, waiting in found.items()))
            except (KafkaError, StoreAway):
                self._rooms |= asked
                raise
            self._rooms.update(found)  # there may be more than one call brings
        self._wake.clear()
        if self._said:
            self._said = False
            log.warning("alerts are told again")

    async def _tell_room(self, room: str, waiting: list[Waiting]) -> None:
        sent = [await self._send(room.encode(), one.text.encode()) for one in waiting]
        await asyncio.gather(*sent)
        await self._post([one.text for one in waiting])
        await self._store.alerts.told(room, waiting[-1].number)
