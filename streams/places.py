"""Where the users of a room are, as far as it is known: read from the store, or remembered by a worker since it read it."""

from collections.abc import Iterable, Mapping, Sequence

from streams import keys, topics, windows
from streams.events import Event, RoomExposed, ViewEvent

#: Ten minutes. An event looks at its own epoch and both neighbours, see `streams.presence`.
EPOCH_BUCKETS = 120
EPOCH_MS = EPOCH_BUCKETS * windows.BUCKET_MS

AS_OF = keys.as_of(topics.VIEWS)

#: Where one user is: the bucket of the last sign of life, in the room or not, and the profile as packed text.
Place = tuple[int, bool, str]


def epoch_of(bucket: int) -> int:
    """The epoch that a bucket lies in."""
    return bucket // EPOCH_BUCKETS


def text(place: Place) -> str:
    """As a field's value."""
    bucket, inside, profile = place
    return f"{bucket} {'i' if inside else 'o'} {profile}"


def parse(value: str) -> Place:
    """From what `text` made."""
    bucket, inside, profile = value.split(" ", 2)
    return int(bucket), inside == "i", profile


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
