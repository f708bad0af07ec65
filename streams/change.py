"""What one chunk does to one room, as plain operations on the room's keys.

Keys here are names within a room ("total", "m:28475210", see `streams.keys`); the store puts the room and the state version in front.
Every number fits 64 bits by the limits in `streams.events`, so no operation can fail half-way in a store that does not roll back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from streams.names import Naming
from streams.places import Place
from streams.topics import Partition


@dataclass(frozen=True, slots=True)
class Position:
    """Where a change comes from: the records `first` … `last` (offsets, inclusive) of one partition of the log `log`.

    `log`: the cluster's id with the topic's, so that neither another cluster nor a topic made anew under the same name is taken for it.

    `after`: the last offset of the partition that the room is known to have; -1: nothing is known.

    `arrived_ms`: when the newest of the records came into the log (Unix ms); 0 where nobody knows.
    """

    log: str
    partition: Partition
    first: int
    last: int
    after: int = -1
    arrived_ms: int = 0


@dataclass(slots=True)
class Change:
    """The operations of one chunk on one room; the store applies all of them in one atomic step, or none.

    On fields of one hash they follow in the order remove, put, add, raised, best. A key holds one kind of value for ever (hash, people,
    list or scores). A counter that is full, or a field of text, keeps what it holds when something is added to it.

    add       key → field → integer to add to a hash's field
    people    (HyperLogLog keys) → user ids to count in each of them
    put       key → field → text to set in a hash
    remove    key → fields to delete from a hash
    raised    key → field → integer that a hash's field is raised to, if it is lower
    best      (key, field, record key, record field): raise the record to what (key, field) holds after `add`
    push      key → (items, newest first; how many a list keeps)
    score     key → member → number to add to a sorted set's score
    most      key → how many members of a sorted set stay: those with the highest scores (ties: the lower member)
    expire    key → seconds after this change when the key may go (0: now)
    touched   keys to stamp with the room's new revision, for readers that read only what changed
    guards    guard → version this change was folded against; a guard that moved on refuses the change
    bumps     guards whose version this change raises
    naming    the names it counts under: no operation, but for whoever remembers them once it is applied
    moved     user → place after this change: no operation, but for whoever remembers places (`streams.places`) once it is applied
    """

    room: str
    position: Position
    add: dict[str, dict[str, int]] = field(default_factory=dict)
    people: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    put: dict[str, dict[str, str]] = field(default_factory=dict)
    remove: dict[str, list[str]] = field(default_factory=dict)
    raised: dict[str, dict[str, int]] = field(default_factory=dict)
    best: set[tuple[str, str, str, str]] = field(default_factory=set)
    push: dict[str, tuple[list[str], int]] = field(default_factory=dict)
    score: dict[str, dict[str, int]] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    expire: dict[str, int] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    guards: dict[str, int] = field(default_factory=dict)
    bumps: set[str] = field(default_factory=set)
    naming: Naming = field(default_factory=Naming)
    moved: dict[str, Place] = field(default_factory=dict)

    def work(self) -> float:
        """About how many µs the store needs for it, nobody else served meanwhile: a bound of that is kept by folding fewer events."""
        people = sum(len(keys) * len(users) for keys, users in self.people.items())
        fields = sum(len(names) for names in self.remove.values()) + sum(map(len, self.put.values())) + sum(map(len, self.raised.values()))
        fields += sum(map(len, self.add.values())) + len(self.expire) + 3 * len(self.best) + 2 * len(self.touched)
        return 0.3 * people + 1.5 * fields + 10 * sum(map(len, self.score.values()))

    def count(self, key: str, name: str, amount: int = 1) -> None:
        """Adds `amount` to one field, and marks its key as touched."""
        self.touched.add(key)
        self.count_quietly(key, name, amount)

    def count_quietly(self, key: str, name: str, amount: int = 1) -> None:
        """Adds `amount` to one field of a key that no reader follows."""
        fields = self.add.setdefault(key, {})
        fields[name] = fields.get(name, 0) + amount

    def meet(self, keys: tuple[str, ...], users: Iterable[str]) -> None:
        """Counts people in each of the given HyperLogLogs."""
        known = self.people.get(keys)
        if known is None:
            self.people[keys] = set(users)
        else:
            known.update(users)

    def drop(self, key: str, names: Iterable[str]) -> None:
        """Removes fields of a hash, those among them that this change sets."""
        for name in names:
            self.put.get(key, {}).pop(name, None)
            self.remove.setdefault(key, []).append(name)
            self.touched.add(key)

    def set(self, key: str, name: str, value: str) -> None:
        """Sets one field, and marks its key as touched."""
        self.put.setdefault(key, {})[name] = value
        self.touched.add(key)
