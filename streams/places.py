"""Where the users of a room are, as far as it is known: read from the store, or remembered by a worker since it read it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from streams import keys, topics, windows
from streams.events import Event, RoomExposed, ViewEvent

#: Ten minutes. An event looks at its own epoch and both neighbours, see `streams.presence`.
EPOCH_BUCKETS = 120
EPOCH_MS = EPOCH_BUCKETS * windows.BUCKET_MS

AS_OF = keys.as_of(topics.VIEWS)


class Place(NamedTuple):
    """Where one user is, by their newest sign of life, and what is needed to put in one that comes late.

    bucket inside   of the newest event: its bucket, and whether it shows that the user is in the room
    profile said_at packed text; the `at` of the event that told it, -1: nobody has
    at              of the newest event, ms
    signs           buckets before: bit d - 1 is set where the user was in the room d buckets before, by the newest event in that one
    lefts           the `at` of what ended it there instead, oldest first
    """

    bucket: int
    inside: bool
    profile: str
    said_at: int
    at: int
    signs: int = 0
    lefts: tuple[int, ...] = ()


#: So many buckets before the newest are remembered of a user: two epochs, and what was online when they began.
SIGNS = 2 * EPOCH_BUCKETS + windows.ONLINE_BUCKETS
_MASK = (1 << SIGNS) - 1


def epoch_of(bucket: int) -> int:
    """The epoch that a bucket lies in."""
    return bucket // EPOCH_BUCKETS


def before(place: Place, bucket: int) -> tuple[int, tuple[int, ...]]:
    """The `signs` and `lefts` of a user whose newest sign of life is in `bucket` now: a later one than the place's."""
    _, inside, _, _, at, signs, lefts = place
    if not inside:
        lefts = (*lefts, at)
    if lefts and lefts[0] // windows.BUCKET_MS < bucket - SIGNS:
        lefts = tuple(left for left in lefts if left // windows.BUCKET_MS >= bucket - SIGNS)
    return (signs << 1 | inside) << min(bucket - place[0] - 1, SIGNS) & _MASK, lefts


def text(place: Place) -> str:
    """As a field's value."""
    bucket, inside, profile, said_at, at, signs, lefts = place
    return f"{bucket} {'i' if inside else 'o'} {said_at} {at} {signs:x} {','.join(map(str, lefts))} {profile}"


def parse(value: str) -> Place:
    """From what `text` made."""
    bucket, inside, said_at, at, signs, lefts, profile = value.split(" ", 6)
    ended = tuple(map(int, lefts.split(","))) if lefts else ()
    return Place(int(bucket), inside == "i", profile, int(said_at), int(at), int(signs, 16), ended)


class Seen(NamedTuple):
    """Of a place, what readers look at: the bucket of the newest event, and the profile."""

    bucket: int
    profile: str


def seen(rows: Mapping[str, Mapping[str, str]]) -> dict[str, Seen]:
    """User → where they were last heard of. `rows`: presence rows, key → user → value."""
    found: dict[str, Seen] = {}
    for users in rows.values():
        for user, value in users.items():
            bucket, *_, profile = value.split(" ", 6)
            if user not in found or found[user].bucket < int(bucket):
                found[user] = Seen(int(bucket), profile)
    return found


class Places:
    """User → place, or None for one who is in none of the epochs that count; of users who are not in `known` nothing is known.

    newest    the epoch of the room's newest event on live.views; -1: there was none
    since     from this epoch on `known` says all there is of its users
    whole     nobody is anywhere but where `known` says: all epochs that still count began after this knowledge did
    lasting   whether it can serve other events than those it was read for
    """

    __slots__ = ("_begun", "known", "lasting", "newest", "since", "whole")

    def __init__(self, rows: Mapping[str, Mapping[str, str]], asked: Mapping[str, Iterable[str]]) -> None:
        as_of = rows.get(keys.FACTS, {}).get(AS_OF)
        self.newest = self._begun = -1 if as_of is None else int(as_of) // EPOCH_MS
        self.known: dict[str, Place | None] = {}
        epochs = [keys.epoch_of_presence(key) for key in asked if key != keys.FACTS]
        self.whole = as_of is None
        # Each user was asked for in the epochs of their own events, and both beside them.
        self.since = max(epochs, default=2) - 2
        self.lasting = self.whole or self.newest <= min(epochs, default=self.newest) + 2
        self.read(rows, asked)

    def read(self, rows: Mapping[str, Mapping[str, str]], asked: Mapping[str, Iterable[str]]) -> None:
        """Adds what the store said of the users that it was asked for."""
        known = self.known
        for key, users in asked.items():
            if key != keys.FACTS:
                for user in users:
                    known.setdefault(user)
        for key, found in rows.items():
            for user, value in found.items() if key != keys.FACTS else ():
                place = parse(value)
                before = known.get(user)
                if before is None or before[0] < place[0]:
                    known[user] = place

    def move(self, moved: Mapping[str, Place], newest_at: int) -> None:
        """Takes over where a change has put users, and the newest event in it (Unix ms)."""
        self.known.update(moved)
        newest = newest_at // EPOCH_MS
        if newest <= self.newest:
            return
        self.newest = newest
        self.whole = self.whole or newest - 2 > self._begun
        if self.whole:  # who was heard of before is as good as unknown, see `streams.presence`
            first = (newest - 2) * EPOCH_BUCKETS
            self.known = {user: place for user, place in self.known.items() if place is not None and place[0] >= first}

    def serves(self, events: Sequence[Event]) -> bool:
        """Whether what is known, and what `wants` asks for besides, is all that these events look at."""
        if self.whole:
            return True
        epochs = [event.at // EPOCH_MS for event in events]
        return min(epochs) > self.since and max(epochs) <= self.newest + 1


def wants(events: Iterable[Event], places: Places | None = None) -> dict[str, list[str]]:
    """What a fold needs to read for these events: how far the room is, and the presence rows, key → users.

    `places`: what is known already, and serves these events.
    """
    if places is not None and places.whole:
        return {}
    heard: dict[int, set[str]] = {}
    for event in events:
        if type(event) is not RoomExposed and isinstance(event, ViewEvent):
            epoch = event.at // EPOCH_MS
            if epoch in heard:
                heard[epoch].add(event.user)
            else:
                heard[epoch] = {event.user}
    if places is not None:
        return _wants_more(heard, places)
    rows: dict[str, set[str]] = {keys.FACTS: {AS_OF}}
    for epoch, users in heard.items():
        for near in (epoch - 1, epoch, epoch + 1):
            rows.setdefault(keys.presence(near), set()).update(users)
    return {key: list(users) for key, users in rows.items()}


def _wants_more(heard: Mapping[int, set[str]], places: Places) -> dict[str, list[str]]:
    """The users that nothing is known of, in every epoch that an event could look at."""
    unknown = list(set().union(*heard.values()).difference(places.known))
    if not unknown:
        return {}
    last = max(max(heard) + 1, places.newest)
    return {keys.presence(epoch): unknown for epoch in range(max(places.since, places.newest - 2), last + 1)}
