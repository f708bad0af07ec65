"""The evaluator: a survey of the rooms, and a look at each that this watcher leads as soon as there is something to see."""

import asyncio
import logging
import time
from collections.abc import Callable

from agents.alerting.backlog import Backlog
from agents.alerting.gauges import Gauges
from agents.alerting.look import LeaseLost, Room
from agents.alerting.rooms import Rooms
from agents.alerting.rulebook import Rulebook
from agents.alerting.tell import Teller
from agents.patience import Patience
from streams.board_rules import BoardRules
from streams.store.desk import News
from streams.store.port import Store, StoreAway

log = logging.getLogger(__name__)

SURVEY_SECONDS = 0.5
#: How often is asked what is new in the rooms: one round trip for all of them.
NEWS_SECONDS = 0.1
#: Looks whose round trips to the store overlap. Few, since whatever else this process does waits for each of them.
_AT_ONCE = 4
#: After so many looks is asked again what is new: what is urgent must not wait until all rooms have had their turn.
_MOST = 12
#: Rounds of looks that take longer are followed by a pause of this part of them, for the same reason.
_REST = 0.2
_LEAST_SECONDS = 0.01
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
        gauges: Gauges,
        clock_ms: Callable[[], int],
    ) -> None:
        self._store = store
        self.rooms = Rooms(store, owner, clock_ms)
        self._rulebook = rulebook
        self._board_rules = board_rules
        self._backlog = backlog
        self._teller = teller
        self._gauges = gauges
        self._clock_ms = clock_ms
        self._patience = Patience()
        self._paused: dict[str, int] = {}

    async def survey(self) -> None:
        """Looks for rooms to lead, twice a second, and never returns: beside the looks, so that leases do not wait for them."""
        while True:
            new = await self._patience.until_done(self.rooms.survey)
            if new:
                log.info("leading %d rooms, new: %s", len(self.rooms.led), ", ".join(new[:10]))
            await asyncio.sleep(SURVEY_SECONDS)

    async def look(self) -> None:
        """Looks at the rooms that are led wherever something is new, and never returns."""
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            due = await self._patience.until_done(self._due)
            spent = time.process_time()
            await self._look_at(due[:_MOST])
            self._gauges.looked(len(due[:_MOST]), time.process_time() - spent)
            took = loop.time() - begun
            await asyncio.sleep(max(_REST * took, _LEAST_SECONDS if len(due) > _MOST else NEWS_SECONDS - took))

    async def _due(self) -> list[tuple[Room, News]]:
        """The rooms to look at now: the urgent ones, then those that have waited longest."""
        news = await self._store.alerts.news(list(self.rooms.led))
        self._gauges.leads(len(news))
        # What people did to alerts, and what the one who led before could not tell any more.
        self._teller.wake(name for name, new in news.items() if new.untold)
        now_ms = self._clock_ms()
        self._paused = {name: until_ms for name, until_ms in self._paused.items() if now_ms < until_ms}
        led = [(room, news[name]) for name, room in self.rooms.led.items() if name in news and name not in self._paused]
        due = [(room, new) for room, new in led if room.is_due(new, now_ms)]
        return sorted(due, key=lambda found: (not found[0].is_urgent(found[1]), found[0].looked_ms))

    async def _look_at(self, due: list[tuple[Room, News]]) -> None:
        for first in range(0, len(due), _AT_ONCE):
            await asyncio.gather(*(self._one(room, new) for room, new in due[first : first + _AT_ONCE]))

    async def _one(self, room: Room, new: News) -> None:
        now_ms = self._clock_ms()
        if self.rooms.led.get(room.name) is not room:
            return
        try:
            if room.looked_ms:
                self._gauges.aged((now_ms - room.looked_ms) / 1000)
            if found := await room.look(self._rulebook.rules, self._board_rules, self._backlog.topics, now_ms):
                self._gauges.found(found)
                self._teller.wake([room.name])
            room.scenes = new.scenes
        except StoreAway as error:
            log.debug("room %s is not looked at: %s", room.name, error)  # the survey says it, and waits
        except LeaseLost:
            self.rooms.lose(room.name)
        except Exception:  # a bug that one room's figures bring out must not silence the alerts of all others
            log.exception("room %s cannot be looked at; trying again in %d s", room.name, _PAUSE_MS // 1000)
            self._paused[room.name] = now_ms + _PAUSE_MS
