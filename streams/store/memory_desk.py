"""Leases, alerts and notices in memory: the other half of the fake."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from streams import keys
from streams.store import checks
from streams.store.desk import HISTORY, LOGGED, SCENES_GUARD, AlertStep, Desk, Kept, Lost, News, Overtaken, Page, Saved, Waiting


class Room(Protocol):
    """What of a room (`streams.store.memory.Room`) is needed here."""

    rev: int
    guards: dict[str, int]
    touched: dict[str, int]
    kept: dict[str, Any]

    def raise_rev(self, now_ms: int) -> None:
        """Gives the room its next revision; see `Store.touched`."""


@dataclass(slots=True)
class _Lease:
    owner: str = ""
    until_ms: int = 0
    token: int = 0


class MemoryLeases:
    """See `streams.store.desk.Leases`."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._leases: dict[str, _Lease] = defaultdict(_Lease)
        self._there: dict[str, int] = {}

    def token(self, scope: str) -> int:
        """The newest token of a lease; 0 before the first."""
        return self._leases[scope].token

    async def take(self, scopes: Sequence[str], owner: str, ttl_ms: int) -> dict[str, int]:
        """Scope → token, for those the owner has now."""
        checks.check_scopes(scopes)
        now_ms = self._now_ms()
        taken = {}
        for scope in scopes:
            lease = self._leases[scope]
            runs = lease.until_ms > now_ms
            if runs and lease.owner != owner:
                continue
            lease.token += not runs
            lease.owner, lease.until_ms = owner, now_ms + ttl_ms
            taken[scope] = lease.token
        return taken

    async def release(self, scopes: Sequence[str], owner: str) -> None:
        """Gives back those that this owner has."""
        checks.check_scopes(scopes)
        for scope in scopes:
            if self._leases[scope].owner == owner:
                self._leases[scope].until_ms = 0

    async def attend(self, owner: str, ttl_ms: int) -> list[str]:
        """Everybody who is there, by name."""
        now_ms = self._now_ms()
        self._there[owner] = now_ms + ttl_ms
        return self.there()

    def there(self) -> list[str]:
        """Everybody who is there, by name."""
        now_ms = self._now_ms()
        return sorted(name for name, until_ms in self._there.items() if until_ms > now_ms)


class MemoryAlerts:
    """See `streams.store.desk.Alerts`."""

    def __init__(self, room: Callable[[str], Room], leases: MemoryLeases, now_ms: Callable[[], int]) -> None:
        self._room = room
        self._now_ms = now_ms
        self._leases = leases
        self._untold: dict[str, list[Waiting]] = defaultdict(list)
        self._numbers: dict[str, int] = defaultdict(int)
        self._rules: str | None = None
        self._held: dict[str, str] = {}

    async def read(self, room: str) -> Kept:
        """The room's alerts."""
        found = self._room(room)
        return Kept(found.guards.get(keys.ALERTS, 0), dict(found.kept.get(keys.ALERTS, {})))

    async def save(self, step: AlertStep) -> Saved | Overtaken | Lost:
        """Writes the step whole, or not at all."""
        checks.check_scopes([step.room])
        room = self._room(step.room)
        if step.token is not None and step.token != self._leases.token(step.room):
            return Lost()
        version = room.guards.get(keys.ALERTS, 0)
        if step.version != version:
            return Overtaken()
        room.raise_rev(self._now_ms())
        if step.put:
            room.kept.setdefault(keys.ALERTS, {}).update(step.put)
            room.touched[keys.ALERTS] = room.rev
        for text in step.told:
            self._numbers[step.room] += 1
            self._untold[step.room].append(Waiting(self._numbers[step.room], text))
        if step.told:
            room.kept[keys.ALERT_LOG] = [*reversed(step.told), *room.kept.get(keys.ALERT_LOG, [])][:HISTORY]
            room.touched[keys.ALERT_LOG] = room.rev
        room.guards[keys.ALERTS] = version + 1
        return Saved(version + 1)

    async def news(self, rooms: Sequence[str]) -> dict[str, News]:
        """Room → what is new of it."""
        found = {room: self._room(room) for room in rooms}
        return {name: News(room.rev, room.guards.get(SCENES_GUARD, 0), bool(self._untold[name])) for name, room in found.items()}

    async def untold(self, rooms: Sequence[str], most: int) -> dict[str, list[Waiting]]:
        """Room → its transitions that are still to be told."""
        return {room: self._untold[room][:most] for room in rooms if self._untold[room]}

    async def told(self, room: str, upto: int) -> None:
        """They are told, up to and with this number."""
        self._untold[room] = [waiting for waiting in self._untold[room] if waiting.number > upto]

    async def rules(self) -> str | None:
        """The rules that were put here."""
        return self._rules

    async def put_rules(self, text: str | None, before: str | None = None) -> bool:
        """The last one holds."""
        if before is not None and before != (self._rules or ""):
            return False
        self._rules = text
        return True

    async def hold(self, watcher: str, text: str, ttl_ms: int) -> None:
        """As long as the watcher is there, here."""
        self._held[watcher] = text

    async def held(self) -> list[str]:
        """What the watchers that are there hold to."""
        return [self._held[watcher] for watcher in self._leases.there() if watcher in self._held]


@dataclass(slots=True)
class _Desk:
    seen: set[str] = field(default_factory=set)
    queue: dict[int, str] = field(default_factory=dict)
    sending: str | None = None
    open: dict[str, str] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)


class MemoryNotices:
    """See `streams.store.desk.Notices`. Ids stay known for ever."""

    def __init__(self, leases: MemoryLeases) -> None:
        self._leases = leases
        self._subscriptions: dict[str, str] = {}
        self._desks: dict[str, _Desk] = defaultdict(_Desk)

    async def subscriptions(self) -> dict[str, str]:
        """All of them."""
        return dict(self._subscriptions)

    async def subscribe(self, subscription: str, text: str) -> None:
        """Adds or changes one."""
        checks.check_scopes([checks.desk(subscription)])
        self._subscriptions[subscription] = text

    async def unsubscribe(self, subscription: str) -> None:
        """Removes one, and all that waits for it."""
        self._subscriptions.pop(subscription, None)
        self._desks.pop(subscription, None)

    async def post(self, notices: Sequence[tuple[str, str, str]]) -> None:
        """Puts each notice behind those that wait, unless its id was posted before."""
        checks.check_scopes([checks.desk(subscription) for subscription, _, _ in notices])
        for subscription, name, text in notices:
            desk = self._desks[subscription]
            if name not in desk.seen:
                desk.seen.add(name)
                desk.queue[len(desk.seen)] = text

    async def desks(self, subscriptions: Sequence[str], most: int) -> dict[str, Desk]:
        """Subscription → what there is to do."""
        found = {}
        for subscription in subscriptions:
            desk = self._desks[subscription]
            waiting = [Waiting(number, text) for number, text in islice(desk.queue.items(), most)]
            found[subscription] = Desk(waiting, desk.sending, dict(desk.open))
        return found

    async def write(self, subscription: str, token: int, page: Page) -> bool:
        """Writes the page whole, or not at all."""
        if token != self._leases.token(checks.desk(subscription)):
            return False
        desk = self._desks[subscription]
        desk.sending = page.sending
        for number in page.done:
            desk.queue.pop(number, None)
        desk.open.update(page.opened)
        for alert in page.closed:
            desk.open.pop(alert, None)
        desk.log = [*reversed(page.logged), *desk.log][:LOGGED]
        return True

    async def log(self, subscription: str, most: int) -> list[str]:
        """Newest first."""
        return self._desks[subscription].log[:most]
