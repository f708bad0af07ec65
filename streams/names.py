"""How many different names a room holds: products, sources, profile values, minutes, scenes (contract, section 2, person).

Senders choose names, and a room must not grow by them without end. Beyond a bound what is counted under a name stands together, under
`OVERFLOW`: totals stay exact, who stands there depends on who came first. Each partition's part of a room has bounds of its own, so what
is known of one stands behind its fence and needs no other guard.

A name that was taken up, or refused when its kind was full, stays so for ever: what one event adds under a name another takes back there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import nsmallest

from streams import keys
from streams.audience import DIMENSIONS, unpack

OVERFLOW = "overflow"
#: The dimensions whose values are free text; the others are closed lists.
FREE = tuple((number, name) for number, name in enumerate(DIMENSIONS) if name in ("age", "province", "crowd"))
PRODUCT, SOURCE, MINUTE = "product", "source", "minute"
#: Kinds of which the newest are kept, instead of the first.
SCENE, ON_AIR, NOTE = "scene", "on_air", "note"

#: So many profiles are remembered as they are counted.
_MOST_PROFILES = 10_000
_FULL = "full"
_NONE: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many names of each kind one partition's part of a room holds. `values`: of each dimension of a profile."""

    products: int = 5_000
    sources: int = 256
    values: int = 64
    minutes: int = 14 * 24 * 60
    scenes: int = 5_000
    on_air: int = 500
    notes: int = 10_000

    def of(self, kind: str) -> int:
        """The bound of a kind; a dimension is one."""
        return _KINDS[kind](self) if kind in _KINDS else self.values


_KINDS = {
    PRODUCT: lambda bounds: bounds.products,
    SOURCE: lambda bounds: bounds.sources,
    MINUTE: lambda bounds: bounds.minutes,
    SCENE: lambda bounds: bounds.scenes,
    ON_AIR: lambda bounds: bounds.on_air,
    NOTE: lambda bounds: bounds.notes,
}
DEFAULTS = Bounds()


class Names:
    """The names that a partition's part of a room has taken up: kind → name, or a stand-in for it → when (ms; 0 where nobody asks).

    Changed by nobody but `take_over`, once what was folded against it is in the store.
    """

    __slots__ = ("_profiles", "bounds", "full", "kinds")

    def __init__(self, fields: Mapping[str, str] | None = None, bounds: Bounds = DEFAULTS) -> None:
        self.bounds = bounds
        self.kinds: dict[str, dict[str, int]] = {}
        self.full: set[str] = set()
        self._profiles: dict[str, str] = {}
        for joined, value in (fields or {}).items():
            kind, _, name = joined.partition(keys.SEP)
            if kind == _FULL:
                self.full.add(name)
            else:
                self.kinds.setdefault(kind, {})[name] = int(value)

    @property
    def count(self) -> int:
        """How many names are remembered, and profiles."""
        return sum(map(len, self.kinds.values())) + len(self._profiles)

    def may_overflow(self, kind: str, new: int) -> bool:
        """Whether some of so many names may find no room."""
        return len(self.kinds.get(kind, _NONE)) + new > self.bounds.of(kind)

    def take_over(self, naming: "Naming") -> int:
        """What a change that is in the store has taken up and dropped; how many names it took up."""
        if not (naming.taken or naming.profiles or naming.dropped or naming.full):
            return 0
        for kind, names in naming.taken.items():
            self.kinds.setdefault(kind, {}).update(names)
        for kind, dropped in naming.dropped.items():
            for name in dropped:
                self.kinds.get(kind, {}).pop(name, None)
        self.full |= naming.full
        if len(self._profiles) > _MOST_PROFILES:
            self._profiles.clear()
        self._profiles |= naming.profiles
        return sum(map(len, naming.taken.values())) + len(naming.profiles)


@dataclass(slots=True)
class Naming:
    """Names while one change is folded: `known` are not changed, what is new is kept apart until the change is in the store."""

    known: Names = field(default_factory=Names, compare=False)
    taken: dict[str, dict[str, int]] = field(default_factory=dict)
    dropped: dict[str, list[str]] = field(default_factory=dict)
    #: Kinds that were found full, and are known as such from now on.
    full: set[str] = field(default_factory=set)
    profiles: dict[str, str] = field(default_factory=dict)
    _minutes: dict[int, bool] = field(default_factory=dict)

    def product(self, name: str) -> str:
        """The name that a product is counted under."""
        return name if name == OVERFLOW or self._has_room(PRODUCT, keys.digest(name)) else OVERFLOW

    def source(self, name: str) -> str:
        """The name that a source is counted under."""
        return name if name == OVERFLOW or self._has_room(SOURCE, keys.digest(name)) else OVERFLOW

    def minute(self, number: int) -> bool:
        """Whether the minute has figures of its own."""
        found = self._minutes.get(number)
        if found is None:
            found = self._minutes[number] = self._has_room(MINUTE, str(number))
        return found

    def profile(self, packed: str) -> str:
        """The profile as it is counted, packed as it was (`streams.audience`)."""
        found = self.known._profiles.get(packed) or self.profiles.get(packed)
        if found is None:
            found = self.profiles[packed] = self._profile(packed)
        return found

    def _profile(self, packed: str) -> str:
        values, changed = unpack(packed), {}
        for number, dimension in FREE:
            value = values[number]
            known = self.known.kinds.get(dimension)
            if (known is None or value not in known) and value != OVERFLOW and not self._has_room(dimension, value):
                changed[number] = OVERFLOW
        return keys.SEP.join(changed.get(number, value) for number, value in enumerate(values)) if changed else packed

    def _has_room(self, kind: str, name: str) -> bool:
        known, taken = self.known.kinds.get(kind, _NONE), self.taken.get(kind)
        if name in known or (taken is not None and name in taken):
            return True
        if len(known) + len(taken or _NONE) >= self.known.bounds.of(kind):
            if kind not in self.known.full:
                self.full.add(kind)
            return False
        self.taken.setdefault(kind, {})[name] = 0
        return True

    def keep_newest(self, kind: str, name: str, at_ms: int) -> None:
        """Notes a name of a kind that drops its oldest when it is full; see `drop_oldest`."""
        self.taken.setdefault(kind, {})[name] = at_ms
        if name in self.dropped.get(kind, ()):
            self.dropped[kind].remove(name)

    def forget(self, kind: str, name: str) -> None:
        """Notes that the name is gone."""
        self.taken.get(kind, {}).pop(name, None)
        dropped = self.dropped.setdefault(kind, [])
        if name not in dropped:
            dropped.append(name)

    def drop_oldest(self, kind: str) -> list[str]:
        """The names that are too many, the oldest ones; they are forgotten."""
        names = {**self.known.kinds.get(kind, _NONE), **self.taken.get(kind, _NONE)}
        for name in self.dropped.get(kind, ()):
            names.pop(name, None)
        too_many = len(names) - self.known.bounds.of(kind)
        if too_many <= 0:
            return []
        oldest = nsmallest(too_many, names, key=lambda name: (names[name], name))
        for name in oldest:
            self.forget(kind, name)
        if kind not in self.known.full:
            self.full.add(kind)
        return oldest

    def fields(self) -> dict[str, str]:
        """What is to be written into the hash of names."""
        if not (self.taken or self.full):
            return {}
        found = {f"{kind}{keys.SEP}{name}": str(at) for kind, names in self.taken.items() for name, at in names.items()}
        return found | {f"{_FULL}{keys.SEP}{kind}": "1" for kind in self.full}

    def gone(self) -> list[str]:
        """The fields that are to be removed from it."""
        return [f"{kind}{keys.SEP}{name}" for kind, names in self.dropped.items() for name in names]
