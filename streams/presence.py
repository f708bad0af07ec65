"""Who is in the room: the online figures, and who watched in the last 5 minutes (contract, section 3: `online`, Audience).

A user is heard of by every event on live.views but `exposed`; each such event but `left` shows that the user is in the room.

    buckets        k-1   k   k+1            k+11  k+12
    heard in k            ├───── online ──────┤            12 buckets = 60 s
    left in k+1           ├──┤                             the rest is taken back

Two sums follow from it. Both only ever add and take back ones, so a room's order of records decides them and nothing else:
    m:<minute>, o0 … o11   people online in each 5-s step
    watching:<bucket>      people by profile value whose last sign of life is in that bucket; 60 of them make "the last 5 minutes"

Where a user is stands in presence:<epoch>, the 10 minutes of the last sign of life. An event looks at its own epoch and both neighbours:
somebody not heard of for longer counts as new, which changes no sum, and lets old epochs go. A record that comes more than an epoch behind
the newest of its room is left out of both sums: it cannot tell who is there now, and what one would have to know may be gone.
"""

from collections.abc import Iterable

from streams import audience, keys, topics, windows
from streams.change import Change
from streams.events import NOBODY, Entered, Event, Left, RoomExposed, ViewEvent

EPOCH_BUCKETS = 120
_EPOCH_MS = EPOCH_BUCKETS * windows.BUCKET_MS
#: A safety net for rooms that fall silent; while a room lives its old epochs are dropped by event time.
_KEEP_SECONDS = 7 * 86_400

_AS_OF = keys.as_of(topics.VIEWS)
_NOBODY = audience.pack(NOBODY)


def epoch_of(bucket: int) -> int:
    """The epoch that a bucket lies in."""
    return bucket // EPOCH_BUCKETS


def wants(events: Iterable[Event]) -> dict[str, list[str]]:
    """What `fold` needs for these events: how far the room is, and the presence rows, key → users."""
    users: dict[int, set[str]] = {}
    for event in events:
        if type(event) is not RoomExposed and isinstance(event, ViewEvent):
            epoch = event.at // _EPOCH_MS
            if epoch in users:
                users[epoch].add(event.user)
            else:
                users[epoch] = {event.user}
    rows: dict[str, set[str]] = {keys.FACTS: {_AS_OF}}
    for epoch, heard in users.items():
        for near in (epoch - 1, epoch, epoch + 1):
            rows.setdefault(keys.presence(near), set()).update(heard)
    return {key: list(heard) for key, heard in rows.items()}


class Place:
    """Where one user is: the bucket of the last sign of life, in the room or not, and the profile as packed text."""

    __slots__ = ("bucket", "inside", "profile")

    def __init__(self, bucket: int, inside: bool, profile: str) -> None:
        self.bucket, self.inside, self.profile = bucket, inside, profile

    @classmethod
    def parse(cls, text: str) -> "Place":
        """From what `text` made."""
        bucket, inside, profile = text.split(" ", 2)
        return cls(int(bucket), inside == "i", profile)

    def text(self) -> str:
        """As a field's value."""
        return f"{self.bucket} {'i' if self.inside else 'o'} {self.profile}"


class Presence:
    """The places of the users in one chunk of one room, and what the chunk does to the two sums."""

    def __init__(self, rows: dict[str, dict[str, str]]) -> None:
        self._places: dict[str, Place] = {}
        self._moved: set[str] = set()
        #: (first bucket, bucket after the last) → people that are online there more, or less, than was written so far
        self._covered: dict[tuple[int, int], int] = {}
        self._watching: dict[tuple[int, str], int] = {}
        as_of = rows.get(keys.FACTS, {}).get(_AS_OF)
        self._before = None if as_of is None else int(as_of) // _EPOCH_MS
        self._reach(self._before or 0)
        for key, users in rows.items():
            for user, text in users.items() if key != keys.FACTS else ():
                place = Place.parse(text)
                known = self._places.get(user)
                if known is None or known.bucket < place.bucket:
                    self._places[user] = place

    def _reach(self, epoch: int) -> None:
        """The newest event of the room so far is in `epoch`."""
        self._newest = epoch
        self._first, self._next = (epoch - 1) * EPOCH_BUCKETS, (epoch + 1) * EPOCH_BUCKETS

    def step(self, event: ViewEvent, bucket: int) -> None:
        """Takes one event, in the order of the log; `bucket` holds it."""
        if bucket >= self._next:
            self._reach(epoch_of(bucket))
        if bucket < self._first or type(event) is RoomExposed:
            return
        place = self._places.get(event.user)
        if place is not None and place.bucket // EPOCH_BUCKETS < bucket // EPOCH_BUCKETS - 1:
            place = None
        if type(event) is Left:
            if place is not None and place.inside and bucket >= place.bucket:
                self._cover(bucket, place.bucket + windows.ONLINE_BUCKETS, -1)
                place.inside = False
                self._hear(event.user, place, bucket)
            return
        profile = audience.pack(event.person) if isinstance(event, Entered) else None
        if place is None:
            self._places[event.user] = place = Place(bucket, True, profile or _NOBODY)
            self._cover(bucket, bucket + windows.ONLINE_BUCKETS, 1)
            self._watch(bucket, place.profile, 1)
            self._moved.add(event.user)
        elif bucket >= place.bucket:
            start = max(bucket, place.bucket + windows.ONLINE_BUCKETS) if place.inside else bucket
            self._cover(start, bucket + windows.ONLINE_BUCKETS, 1)
            if not place.inside:
                place.inside = True
                self._moved.add(event.user)
            self._hear(event.user, place, bucket, profile)

    def _hear(self, user: str, place: Place, bucket: int, profile: str | None = None) -> None:
        profile = profile or place.profile
        if bucket == place.bucket and profile == place.profile:
            if not place.inside:
                self._moved.add(user)
            return
        self._watch(place.bucket, place.profile, -1)
        self._watch(bucket, profile, 1)
        place.bucket, place.profile = bucket, profile
        self._moved.add(user)

    def _cover(self, start: int, stop: int, one: int) -> None:
        if start < stop:
            self._covered[start, stop] = self._covered.get((start, stop), 0) + one

    def _watch(self, bucket: int, profile: str, one: int) -> None:
        self._watching[bucket, profile] = self._watching.get((bucket, profile), 0) + one

    def write(self, change: Change, oldest: int) -> None:
        """Writes all of it into the change; buckets before `oldest` are in no window any more."""
        online: dict[int, int] = {}
        for (start, stop), people in self._covered.items():
            for bucket in range(start, stop):
                online[bucket] = online.get(bucket, 0) + people
        for bucket, people in online.items():
            if people:
                minute, slot = divmod(bucket, windows.BUCKETS_PER_MINUTE)
                change.count(keys.minute(minute), f"o{slot}", people)
        self._write_watching(change, oldest)
        self._write_places(change)

    def _write_watching(self, change: Change, oldest: int) -> None:
        sums: dict[int, dict[str, int]] = {}
        for (bucket, profile), people in self._watching.items():
            if people and bucket >= oldest:
                values = sums.setdefault(bucket, {})
                for name in audience.fields(profile):
                    values[name] = values.get(name, 0) + people
        for bucket, values in sums.items():
            key = keys.watching(bucket)
            change.expire[key] = windows.KEEP_BUCKET_SECONDS
            change.touched.add(key)
            change.add[key] = values

    def _write_places(self, change: Change) -> None:
        oldest = self._newest - 2  # what an event of the oldest epoch that still counts looks at
        found: dict[int, dict[str, str]] = {}
        for user in self._moved:
            place = self._places[user]
            epoch = place.bucket // EPOCH_BUCKETS
            if epoch >= oldest:
                found.setdefault(epoch, {})[user] = place.text()
        for epoch, places in found.items():
            change.put[keys.presence(epoch)] = places
            change.expire[keys.presence(epoch)] = _KEEP_SECONDS
        if self._before is not None:
            for epoch in range(self._before - 2, min(self._before + 1, oldest)):
                change.expire[keys.presence(epoch)] = 0
