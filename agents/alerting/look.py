"""One look at one room: what changed, what the rules say of it, and the step that saves it."""

import logging
from collections.abc import Mapping, Sequence

import msgspec

from streams import board, windows
from streams.alerts import REACH_MS, Known, Rule, States, asked, decode, encode, evaluate
from streams.board_rules import BoardRules
from streams.store.desk import AlertStep, Lost, News, Saved
from streams.store.port import Store
from streams.store.view import RoomView

log = logging.getLogger(__name__)


#: A room in which something happens all the time is looked at so often.
APART_MS = 500


class LeaseLost(Exception):
    """Another watcher leads the room now."""


class Room:
    """A room that this watcher leads under the lease `token`."""

    def __init__(self, store: Store, name: str, token: int) -> None:
        self.name = name
        self.token = token
        self._store = store
        self._rules: Sequence[Rule] = ()
        self._view = RoomView(store, name, asked(()))
        self._known = Known()
        self._version: int | None = None  # None: the states must be read
        self._states: States = {}
        self.looked_ms = 0
        self.scenes = 0

    def is_urgent(self, news: News) -> bool:
        """Whether something was said of the room rather than counted in it: a violation, say, or a stock."""
        return news.scenes != self.scenes

    def is_due(self, news: News, now_ms: int) -> bool:
        """Whether a look may find anything: something was changed, or time alone may change something."""
        if self.is_urgent(news):
            return True
        if now_ms - self.looked_ms < APART_MS:
            return False
        moved = windows.bucket_of(now_ms) != windows.bucket_of(self.looked_ms)
        return moved or news.rev != self._view.material.rev or self._version is None or self._restless

    async def look(self, rules: Sequence[Rule], board_rules: BoardRules, backlog: Mapping[str, int], now_ms: int) -> int:
        """How many transitions this look found, and saved. Raises `StoreAway`, `LeaseLost`; after either a look may be tried again."""
        self.looked_ms = now_ms
        if rules is not self._rules:  # they may ask for what was not read so far
            self._rules, self._view = rules, RoomView(self._store, self.name, asked(rules))
        changed = await self._view.refresh(now_ms)
        if not changed and self._version is not None and not self._restless:
            return 0
        version = await self._read()
        whole = board.judged(self._view.material, now_ms, board_rules) | {"backlog": backlog}
        minutes = board.minutes(self._view.material, now_ms - REACH_MS, now_ms + 1, now_ms)
        after, told = evaluate(rules, whole, minutes, self._states, now_ms, self._known)
        put = {key: encode(state) for key, state in after.items() if state is not self._states.get(key)}
        if not put and not told:
            return 0
        self._version = None  # until it is known what became of the step
        texts = [msgspec.json.encode(transition).decode() for transition in told]
        outcome = await self._store.alerts.save(AlertStep(self.name, version, self.token, put, texts))
        if isinstance(outcome, Lost):
            raise LeaseLost(self.name)
        if not isinstance(outcome, Saved):  # a person acted meanwhile: the next look sees it
            return 0
        self._version, self._states = outcome.version, after
        return len(told)

    @property
    def _restless(self) -> bool:
        """Whether time alone may change something before the windows move on."""
        return any(state.status == "pending" or state.clear_ms is not None for state in self._states.values())

    async def _read(self) -> int:
        if self._version is None:
            kept = await self._store.alerts.read(self.name)
            self._states = {key: decode(text) for key, text in kept.states.items()}
            self._version = kept.version
        return self._version
