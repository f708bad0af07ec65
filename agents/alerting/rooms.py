"""Which rooms are to be watched, and which of them this watcher leads."""

import logging
from collections.abc import Callable, Iterable

from agents.alerting.look import Room
from streams import keys, topics
from streams.store.port import State, Store

log = logging.getLogger(__name__)

#: A dead watcher's rooms are free after this; the survey comes twice a second.
LEASE_MS = 3_000
#: After its end a room is watched for late news; one of which nothing was heard for long is left alone until there is.
AFTER_END_MS = 10 * 60_000
UNHEARD_MS = 60 * 60_000
_DORMANT_EVERY_MS = 5_000
_FACTS = ["closed_at", *(keys.as_of(topic) for topic in topics.INPUTS)]


class Rooms:
    """`led`: room → what is needed to look at it."""

    def __init__(self, store: Store, owner: str, clock_ms: Callable[[], int]) -> None:
        self._store = store
        self._owner = owner
        self._clock_ms = clock_ms
        self._awake: set[str] = set()
        self._dormant: set[str] = set()
        self._next_dormant_ms = 0
        self.led: dict[str, Room] = {}

    async def survey(self) -> list[str]:
        """Finds the rooms to watch and takes the leases that are free; the rooms that are led since now. Raises `StoreAway`."""
        now_ms = self._clock_ms()
        known = set(await self._store.rooms())
        asked = known - self._dormant
        if now_ms >= self._next_dormant_ms:
            self._next_dormant_ms = now_ms + _DORMANT_EVERY_MS
            asked = known
        self._awake = await self._to_watch(asked, now_ms)
        self._dormant = known - self._awake
        return await self._take()

    def lose(self, name: str) -> None:
        """Another leads this room."""
        if self.led.pop(name, None) is not None:
            log.info("room %s is led by another watcher now", name)

    async def release(self) -> None:
        """Gives all rooms back, for others to take at once."""
        names = list(self.led)
        self.led.clear()
        await self._store.leases.release(names, self._owner)

    async def _to_watch(self, names: Iterable[str], now_ms: int) -> set[str]:
        names = sorted(names)
        states = await self._store.read({name: {keys.FACTS: _FACTS} for name in names}, [])
        watched = {name for name in names if is_live(states[name], now_ms)}
        quiet = [name for name in names if name not in watched]
        return watched | set(await self._store.alerts.untold(quiet, 1))

    async def _take(self) -> list[str]:
        tokens = await self._store.leases.take(sorted(self._awake), self._owner, LEASE_MS)
        for name in [name for name in self.led if name not in tokens]:
            if name in self._awake:
                self.lose(name)
            else:
                del self.led[name]
                await self._store.leases.release([name], self._owner)
        new = [name for name, token in tokens.items() if name not in self.led or self.led[name].token != token]
        for name in new:
            self.led[name] = Room(self._store, name, tokens[name])
        return new


def is_live(state: State, now_ms: int) -> bool:
    """Whether a room's facts say that there is something to watch."""
    facts = state.hashes[keys.FACTS]
    closed = facts.get("closed_at")
    if closed is not None and now_ms - int(closed) > AFTER_END_MS:
        return False
    heard = [int(at) for name, at in facts.items() if name != "closed_at"]
    return bool(heard) and now_ms - max(heard) <= UNHEARD_MS
