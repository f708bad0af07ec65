"""What those who watch over rooms need of a store: leases, the alerts of a room, and the notices that wait for subscribers.

Beside `streams.store.port.Store`, with the same fake, the same server and the same `StoreAway`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

#: How many transitions a room's history keeps, and attempts a subscription's log.
HISTORY = 1_000
LOGGED = 500
#: The guard that every change of a room's scenes moves on (`streams.fold`).
SCENES_GUARD = "shelf"
#: How long an id that was posted is known; the log is read again at most that far back.
SEEN_MS = 48 * 3_600_000
#: What belongs to a subscription goes when nothing was written for so long.
DESK_MS = 30 * 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Kept:
    """The alerts of a room as stored: `states` by key (JSON), and the version they were read at."""

    version: int
    states: dict[str, str]


@dataclass(frozen=True, slots=True)
class News:
    """What tells whether a room is to be looked at: its revision, the version of its scenes, and whether transitions wait to be told."""

    rev: int
    scenes: int
    untold: bool


@dataclass(frozen=True, slots=True)
class AlertStep:
    """What one look at a room, or one act of a person, changes.

    version   of the states it was made from           token   of the lease it was made under; None: a person's act
    put       state key → state (JSON)                 told    transitions (JSON), in the order they are to be told
    """

    room: str
    version: int
    token: int | None
    put: Mapping[str, str]
    told: Sequence[str]


@dataclass(frozen=True, slots=True)
class Saved:
    """The step is in the store, and the room's alerts have this version now."""

    version: int


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Refused: the states moved on since they were read. Read them and look again."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Refused: the lease was taken by another since."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits, in the order of its number."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What there is to do for one subscription.

    waiting   notices, oldest first      sending   what was begun and is not done      open   room/alert → what was told of it (JSON)
    """

    waiting: list[Waiting]
    sending: str | None
    open: dict[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """One change to a subscription's desk. `sending` stands from then on (None: nothing); `done` are numbers of notices that go."""

    sending: str | None
    done: Sequence[int] = ()
    opened: Mapping[str, str] = field(default_factory=dict)
    closed: Sequence[str] = ()
    logged: Sequence[str] = ()


class Leases(Protocol):
    """Who may do something that only one may do. A scope is a room's name, or another name behind "~"."""

    async def take(self, scopes: Sequence[str], owner: str, ttl_ms: int) -> dict[str, int]:
        """Takes each lease that nobody has, prolongs those of this owner; scope → token, for those it has now.

        Whoever takes a lease gets a higher token than anybody before; who prolongs in time keeps it.
        """

    async def release(self, scopes: Sequence[str], owner: str) -> None:
        """Gives back those that this owner has."""

    async def attend(self, owner: str, ttl_ms: int) -> list[str]:
        """Says that this owner is there for so long (0: no more); the names of all who are, sorted."""


class Alerts(Protocol):
    """The alerts of a room: states, history (`keys.ALERT_LOG`, newest first), and what is still to be told."""

    async def read(self, room: str) -> Kept:
        """The room's alerts; a change after this call is noticed by `save`."""

    async def save(self, step: AlertStep) -> Saved | Overtaken | Lost:
        """Writes the step whole, or not at all. ValueError: no such room can be."""

    async def news(self, rooms: Sequence[str]) -> dict[str, News]:
        """Room → what is new of it, for all of the rooms in one go."""

    async def untold(self, rooms: Sequence[str], most: int) -> dict[str, list[Waiting]]:
        """Room → its transitions that are still to be told, oldest first; rooms without any are left out."""

    async def told(self, room: str, upto: int) -> None:
        """They are told, up to and with this number."""

    async def rules(self) -> str | None:
        """The rules that were put here, as the text of their file; None: none were."""

    async def put_rules(self, text: str | None, before: str | None = None) -> bool:
        """Puts rules here for all watchers that have no file of their own; None: the shipped ones hold again.

        `before`: those that are here now ("": none); False, and nothing is put, where it is others.
        """

    async def hold(self, watcher: str, text: str, ttl_ms: int) -> None:
        """Says what rules a watcher holds to (JSON), as long as it is there, and so long at most."""

    async def held(self) -> list[str]:
        """What the watchers that are there hold to, by their names."""


class Notices(Protocol):
    """Subscriptions (JSON by id), what waits for each of them, and what became of it."""

    async def subscriptions(self) -> dict[str, str]:
        """All of them."""

    async def subscribe(self, subscription: str, text: str) -> None:
        """Adds or changes one. ValueError: no such name can be."""

    async def unsubscribe(self, subscription: str) -> None:
        """Removes one, and all that waits for it."""

    async def post(self, notices: Sequence[tuple[str, str, str]]) -> None:
        """Puts each (subscription, id, text) behind those that wait; an id that was posted before is not posted again."""

    async def desks(self, subscriptions: Sequence[str], most: int) -> dict[str, Desk]:
        """Subscription → what there is to do; at most so many notices of each."""

    async def write(self, subscription: str, token: int, page: Page) -> bool:
        """Writes the page whole. False, and nothing is written: the lease `~<subscription>` was taken by another since."""

    async def log(self, subscription: str, most: int) -> list[str]:
        """The newest entries of its delivery log, newest first."""
