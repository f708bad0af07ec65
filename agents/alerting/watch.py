"""The evaluator: a survey of the rooms and a look at each that this watcher leads, again and again."""

import asyncio
import logging
from collections.abc import Callable

from agents.alerting.backlog import Backlog
from agents.alerting.look import LeaseLost, Room
from agents.alerting.rooms import Rooms
from agents.alerting.rulebook import Rulebook
from agents.alerting.tell import Teller
from agents.patience import Patience
from streams.products import BoardRules
from streams.store.port import Store, StoreAway

log = logging.getLogger(__name__)

TICK_SECONDS = 0.5
#: Looks whose round trips to the store overlap. Few, since whatever else this process does waits for each of them.
_AT_ONCE = 2
#: Rounds that take longer than a tick are followed by a pause of this part of them, for the same reason.
_REST = 0.3
#: A room whose look failed for a reason of its own is left alone so long.
_PAUSE_MS = 5_000


class Watch:
    """Leads what rooms it can get. `clock_ms`: Unix ms."""

    def __init__(
        self,
        store: Store,
        owner: str,
        rulebook: Rulebook,
        board_rules: BoardRules,
        backlog: Backlog,
        teller: Teller,
        clock_ms: Callable[[], int],
    ) -> None:
        self._store = store
        self.rooms = Rooms(store, owner, clock_ms)
        self._rulebook = rulebook
        self._board_rules = board_rules
        self._backlog = backlog
        self._teller = teller
        self._clock_ms = clock_ms
        self._patience = Patience()
        self._paused: dict[str, int] = {}

    async def survey(self) -> None:
        """Looks for rooms to lead, twice a second, and never returns: beside the looks, so that leases do not wait for them."""
        while True:
            new = await self._patience.until_done(self.rooms.survey)
            if new:
                log.info("leading %d rooms, new: %s", len(self.rooms.led), ", ".join(new[:10]))
            # What people did to alerts, and what the one who led before could not tell any more.
            self._teller.wake(await self._patience.until_done(self._untold))
            await asyncio.sleep(TICK_SECONDS)

    async def look(self) -> None:
        """Looks at the rooms that are led, twice a second, and never returns."""
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            await self._look_at(list(self.rooms.led.values()))
            took = loop.time() - begun
            await asyncio.sleep(max(_REST * took, TICK_SECONDS - took))

    async def _untold(self) -> list[str]:
        return list(await self._store.alerts.untold(list(self.rooms.led), 1))

    async def _look_at(self, rooms: list[Room]) -> None:
        for first in range(0, len(rooms), _AT_ONCE):
            await asyncio.gather(*(self._one(room) for room in rooms[first : first + _AT_ONCE]))

    async def _one(self, room: Room) -> None:
        now_ms = self._clock_ms()
        if now_ms < self._paused.get(room.name, 0) or self.rooms.led.get(room.name) is not room:
            return
        try:
            if await room.look(self._rulebook.rules, self._board_rules, self._backlog.topics, now_ms):
                self._teller.wake([room.name])
        except StoreAway as error:
            log.debug("room %s is not looked at: %s", room.name, error)  # the survey says it, and waits
        except LeaseLost:
            self.rooms.lose(room.name)
        except Exception:  # a bug that one room's figures bring out must not silence the alerts of all others
            log.exception("room %s cannot be looked at; trying again in %d s", room.name, _PAUSE_MS // 1000)
            self._paused[room.name] = now_ms + _PAUSE_MS
