"""Which rooms are to be watched, and which of them this watcher leads."""

import logging
import random
from collections.abc import Callable, Iterable

from agents.alerting.look import Room
from streams import keys, on_air, topics
from streams.store.port import State, Store

log = logging.getLogger(__name__)

#: A dead watcher's rooms are free after this; the survey comes twice a second.
LEASE_MS = 2_000
#: A dead watcher's share is the others' after this: before its rooms are free, so that they are taken at once.
THERE_MS = 1_600
#: After its end a room is watched for late news; one of which nothing was heard for long is left alone until there is.
AFTER_END_MS = 10 * 60_000
UNHEARD_MS = 60 * 60_000
_DORMANT_EVERY_MS = 5_000
_FACTS = ["closed_at", "stated_at", *(keys.as_of(topic) for topic in topics.INPUTS)]


class Rooms:
    """`led`: room → what is needed to look at it. No more than this watcher's share of the rooms, among all watchers that are there."""

    def __init__(self, store: Store, owner: str, clock_ms: Callable[[], int]) -> None:
        self._store = store
        self._owner = owner
        self._clock_ms = clock_ms
        self._awake: set[str] = set()
        self._dormant: set[str] = set()
        self._next_dormant_ms = 0
        self.led: dict[str, Room] = {}

    async def survey(self) -> list[str]:
        """Finds the rooms to watch, and takes or gives up leases to have its share of them; the rooms that are led since now.

        Raises `StoreAway`.
        """
        now_ms = self._clock_ms()
        known = set(await self._store.rooms())
        asked = known - self._dormant
        if now_ms >= self._next_dormant_ms:
            self._next_dormant_ms = now_ms + _DORMANT_EVERY_MS
            asked = known
        self._awake = await self._to_watch(asked, now_ms)
        self._dormant = known - self._awake
        there = await self._store.leases.attend(self._owner, THERE_MS)
        return await self._take(-(-len(self._awake) // len(there)))

    def lose(self, name: str) -> None:
        """Another leads this room."""
        if self.led.pop(name, None) is not None:
            log.info("room %s is led by another watcher now", name)

    async def release(self) -> None:
        """Gives all rooms back, for others to take at once."""
        names = list(self.led)
        self.led.clear()
        await self._store.leases.attend(self._owner, 0)
        await self._store.leases.release(names, self._owner)

    async def _to_watch(self, names: Iterable[str], now_ms: int) -> set[str]:
        names = sorted(names)
        states = await self._store.read({name: {keys.FACTS: _FACTS} for name in names}, [])
        watched = {name for name in names if is_live(states[name], now_ms)}
        quiet = [name for name in names if name not in watched]
        return watched | set(await self._store.alerts.untold(quiet, 1))

    async def _take(self, share: int) -> list[str]:
        """Keeps its leases, gives up those beyond its share, and takes free ones up to it."""
        mine = await self._store.leases.take(sorted(self._awake & self.led.keys()), self._owner, LEASE_MS)
        for name in [name for name in self.led if name not in mine]:
            if name in self._awake:
                self.lose(name)
            else:
                await self._give_up([name])
        await self._give_up(sorted(mine)[share:])
        tokens = {name: token for name, token in mine.items() if name in self.led} | await self._take_free(share - len(self.led))
        new = [name for name, token in tokens.items() if name not in self.led or self.led[name].token != token]
        for name in new:
            self.led[name] = Room(self._store, name, tokens[name])
        return new

    async def _give_up(self, names: list[str]) -> None:
        """Others may take these at once; a look that goes on meanwhile saves only what no other could have seen."""
        if not names:
            return
        for name in names:
            self.led.pop(name, None)
        await self._store.leases.release(names, self._owner)
        log.info("giving up %d rooms: %s", len(names), ", ".join(names[:10]))

    async def _take_free(self, most: int) -> dict[str, int]:
        """Up to so many rooms that nobody has; each watcher asks in an order of its own."""
        asked = sorted(self._awake - self.led.keys())
        random.shuffle(asked)
        taken: dict[str, int] = {}
        while asked and len(taken) < most:
            some = asked[: most - len(taken)]
            del asked[: len(some)]
            taken |= await self._store.leases.take(some, self._owner, LEASE_MS)
        return taken


def is_live(state: State, now_ms: int) -> bool:
    """Whether a room's facts say that there is something to watch."""
    facts = state.hashes[keys.FACTS]
    closed = on_air.is_over(facts)
    if closed is not None and now_ms - closed > AFTER_END_MS:
        return False
    heard = on_air.newest_event(facts)
    return heard is not None and now_ms - heard <= UNHEARD_MS
