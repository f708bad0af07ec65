"""How many people are shown the room, second by second, so that the whole comes to the rate asked for; and what advertising costs."""

from random import Random

from deploy.simulator import habits
from deploy.simulator.agenda import SLOT_MS, Agenda
from deploy.simulator.chance import poisson, table
from deploy.simulator.records import Scribe
from deploy.simulator.rundown import MINUTE_MS
from deploy.simulator.sources import SOURCES, SURGE, Source
from deploy.simulator.tide import Tide
from deploy.simulator.viewers import Viewers
from streams.topics import SCENES

_CATCH_UP_S = 20.0  # how fast a gap between wanted and sent is closed; faster towards the end
_LEAST = 0.25  # of the usual arrivals: the platform never stops showing the room altogether
_MOST = 4.0


class Arrivals:
    """Steers the exposures: wanted events by the tide, less what those already in the room will cause."""

    def __init__(
        self, scribe: Scribe, agenda: Agenda, rng: Random, tide: Tide, viewers: Viewers, rate: float, start: int, end: int
    ) -> None:
        self._write = scribe.write
        self._add = agenda.add
        self._rng = rng
        self._random = rng.random
        self._tide = tide
        self._viewers = viewers
        self._rate = rate
        self._start = start
        self._end = end
        self._wanted = 0.0
        self._shown = {source.name: 0 for source in SOURCES if source.cost}
        self._usual = table({source: source.share for source in SOURCES})
        self._surge = table({source: source.share * SURGE.get(source.name, 1.0) for source in SOURCES})
        self._add(start + MINUTE_MS, self._spend)

    def plan(self, at: int, sent: int) -> None:
        """Puts the exposures of the slot that begins at `at` on the agenda; `sent` is how many events there were before it."""
        begin, stop = max(at, self._start + 1), min(at + SLOT_MS, self._end)
        if begin >= stop:
            return
        second = (begin - self._start) // 1_000
        share = (stop - begin) / 1_000
        mean = self._exposures_per_second(second, sent) * share
        self._wanted += self._rate * self._tide.levels[second] * share
        sources = self._surge if self._tide.surging[second] else self._usual
        for _ in range(poisson(self._rng, mean)):
            source = sources[int(self._random() * len(sources))]
            self._add(begin + int(self._random() * (stop - begin)), self._expose, source)

    def _exposures_per_second(self, second: int, sent: int) -> float:
        remaining = len(self._tide.levels) - second
        catch_up = min(_CATCH_UP_S, max(2.0, remaining / 4))
        wanted = self._rate * self._tide.levels[second] + (self._wanted - sent) / catch_up
        online = self._viewers.online
        usual = self._rate / habits.EVENTS_PER_EXPOSURE / 2
        if remaining * 1_000 <= habits.LAST_GOODBYES_MS:  # nobody comes in any more, and all go
            return max(_LEAST * usual, wanted - online / remaining)
        return min(_MOST * usual, max(_LEAST * usual, (wanted - online * habits.EVENTS_PER_VIEWER_S) / habits.EVENTS_PER_EXPOSURE))

    def _expose(self, at: int, source: Source) -> None:
        if source.cost:
            self._shown[source.name] += 1
        self._viewers.expose(at, source)

    def _spend(self, at: int, _: None) -> None:
        """Once a minute the advertising system reports what the minute cost."""
        for source in SOURCES:
            shown = self._shown.get(source.name, 0)
            if shown:
                plan = source.plans[at // MINUTE_MS % len(source.plans)]
                amount = round(shown * source.cost * self._rng.uniform(0.9, 1.1))
                self._write(SCENES, "spent", at, source=source.name, plan=plan, amount=amount)
                self._shown[source.name] = 0
        self._add(at + MINUTE_MS, self._spend)
