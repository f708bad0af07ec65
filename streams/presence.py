"""Who is in the room: the online figures, and who watched in the last 5 minutes (contract, section 3: `online`, Audience).

A user is heard of by every event on live.views but `exposed`; each such event but `left` shows that the user is in the room.

    buckets        k-1   k   k+1            k+11  k+12
    heard in k            ├───── online ──────┤            12 buckets = 60 s
    left in k+1           ├──┤                             the rest is taken back

Two sums follow from it. Both only ever add and take back ones, so a room's order of records decides them and nothing else:
    m:<minute>, o0 … o11   people online in each 5-s step
    watching:<bucket>      people by profile value whose last sign of life is in that bucket; 60 of them make "the last 5 minutes"

    late in k+14   k   k+12 k+14        k+30        a sign of life that comes late fills the gap that it lies in; a leaving that comes late
                    ├────┤   ├── fills ──┤├───      ends what the sign before it began. Within a bucket `at` decides, then the log; only a
                                                    leaving late in a bucket where the user also showed a sign of life counts as before that

The newest *known* profile of a user holds, by `at`, whatever order it arrives in.

Where a user is stands in presence:<epoch>, the 10 minutes of the last sign of life. An event looks at its own epoch and both neighbours:
somebody not heard of for longer counts as new, which changes no sum, and lets old epochs go. A record that comes more than an epoch behind
the newest of its room is left out of both sums: it cannot tell who is there now, and what one would have to know may be gone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from streams import audience, keys, windows
from streams.change import Change
from streams.events import NOBODY, Entered, Left, RoomExposed
from streams.places import EPOCH_BUCKETS, Place, Places, before, epoch_of, text

#: A safety net for rooms that fall silent; while a room lives its old epochs are dropped by event time.
_KEEP_SECONDS = 7 * 86_400

_NOBODY = audience.pack(NOBODY)


class Presence:
    """The places of the users in one chunk of one room, and what the chunk does to the two sums.

    `profile`: from a packed profile to that which it is counted as.
    """

    def __init__(self, places: Places, profile: Callable[[str], str] = str) -> None:
        self._profile = profile
        self._known = places.known
        self._before = places.newest
        #: Users who are elsewhere, or otherwise, after this chunk.
        self.moved: dict[str, Place] = {}
        #: (first bucket, bucket after the last) → people that are online there more, or less, than was written so far
        self._covered: dict[tuple[int, int], int] = {}
        #: What watches no more, and what does now; each as often as it stands there.
        self._gone: list[Place] = []
        self._come: list[Place] = []
        self._reach(max(0, places.newest))

    def _reach(self, epoch: int) -> int:
        """The newest event of the room so far is in `epoch`; returns the first bucket behind it."""
        self._newest = epoch
        self._first = (epoch - 1) * EPOCH_BUCKETS
        return (epoch + 1) * EPOCH_BUCKETS

    def take(self, events: Iterable[Any]) -> None:  # noqa: PLR0912 (one loop, without calls: it runs for most of what a room is sent)
        """Takes events of live.views in the order of the log."""
        known, moved, covered, profile_of = self._known, self.moved, self._covered, self._profile
        end, first = (self._newest + 1) * EPOCH_BUCKETS, self._first
        for event in events:
            bucket = event.at // windows.BUCKET_MS
            if bucket >= end:
                end, first = self._reach(epoch_of(bucket)), self._first
            sort = type(event)
            if bucket < first or sort is RoomExposed:
                continue
            user = event.user
            place = moved.get(user) or known.get(user)
            if place is not None and place[0] < first and epoch_of(place[0]) < epoch_of(bucket) - 1:
                place = None
            said = profile_of(audience.pack(event.person)) if sort is Entered else _NOBODY
            if place is None:
                moved[user] = place = Place(bucket, sort is not Left, said, -1 if said == _NOBODY else event.at, event.at)
                self._come.append(place)
                if sort is not Left:
                    covered[bucket, bucket + windows.ONLINE_BUCKETS] = covered.get((bucket, bucket + windows.ONLINE_BUCKETS), 0) + 1
                continue
            heard, inside, profile, said_at, at, signs, lefts = place
            if said != _NOBODY and event.at >= said_at:
                profile, said_at = said, event.at
            if bucket < heard:
                (signs, lefts), span, one = _late(place, bucket, event.at, sort is Left)
            elif bucket == heard and event.at < at:
                span, one = (0, 0), 0
            else:
                until = heard + windows.ONLINE_BUCKETS
                if bucket != heard:
                    signs, lefts = before(place, bucket)
                if sort is not Left:
                    span, one = (max(bucket, until) if inside else bucket, bucket + windows.ONLINE_BUCKETS), 1
                else:
                    span, one = (bucket, until) if inside else (0, 0), -1
                heard, inside, at = bucket, sort is not Left, event.at
            after = Place(heard, inside, profile, said_at, at, signs, lefts)
            if after == place:
                continue
            if span[0] < span[1]:
                covered[span] = covered.get(span, 0) + one
            if heard != place[0] or profile != place[2]:
                self._gone.append(place)
                self._come.append(after)
            moved[user] = after

    def write(self, change: Change, oldest: int) -> None:
        """Writes all of it into the change; buckets before `oldest` are in no window any more."""
        change.moved = self.moved
        online: dict[int, int] = {}
        for (start, stop), people in self._covered.items():
            for bucket in range(start, stop):
                online[bucket] = online.get(bucket, 0) + people
        for bucket, people in online.items():
            if people:
                minute, slot = divmod(bucket, windows.BUCKETS_PER_MINUTE)
                if not change.naming.minute(minute):
                    continue
                change.count(keys.minute(minute), f"o{slot}", people)
        self._write_watching(change, oldest)
        self._write_places(change)

    def _write_watching(self, change: Change, oldest: int) -> None:
        watching = _people(self._come)
        for cell, people in _people(self._gone).items():
            watching[cell] = watching.get(cell, 0) - people
        sums: dict[int, dict[str, int]] = {}
        for (bucket, profile), people in watching.items():
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
        for user, place in self.moved.items():
            epoch = epoch_of(place[0])
            if epoch >= oldest:
                if epoch not in found:
                    found[epoch] = {}
                found[epoch][user] = text(place)
        for epoch, places in found.items():
            change.put[keys.presence(epoch)] = places
            change.expire[keys.presence(epoch)] = _KEEP_SECONDS
        for epoch in range(self._before - 2, min(self._before + 1, oldest)) if self._before >= 0 else ():
            change.expire[keys.presence(epoch)] = 0


def _late(place: Place, bucket: int, at: int, left: bool) -> tuple[tuple[int, tuple[int, ...]], tuple[int, int], int]:
    """An event in a bucket before the user's newest: the `signs` and `lefts` with it, and what it covers (1) or uncovers (-1)."""
    behind, signs, lefts = place[0] - bucket, place[5], place[6]
    bit = 1 << (behind - 1)
    ended = {each // windows.BUCKET_MS: each for each in lefts}
    before_it, next_bucket = _beside(place, bucket, ended)
    until = bucket if before_it is None or before_it in ended else before_it + windows.ONLINE_BUCKETS
    if signs & bit or at < ended.get(bucket, at):
        return (signs, lefts), (0, 0), 0
    rest = tuple(each for each in lefts if each // windows.BUCKET_MS != bucket)
    if left:
        return (signs, tuple(sorted((*rest, at)))), (0, 0) if bucket in ended else (bucket, min(next_bucket, until)), -1
    start = bucket if bucket in ended else max(bucket, until)
    return (signs | bit, rest), (start, min(next_bucket, bucket + windows.ONLINE_BUCKETS)), 1


def _beside(place: Place, bucket: int, ended: Mapping[int, int]) -> tuple[int | None, int]:
    """The user's buckets next before (None: none is known) and next after an earlier one than the newest."""
    behind, signs = place[0] - bucket, place[5]
    older, newer = signs >> behind, signs & ((1 << (behind - 1)) - 1)
    lower = [bucket - (older & -older).bit_length()] if older else []
    higher = [place[0] - newer.bit_length()] if newer else []
    lower += [each for each in ended if each < bucket]
    higher += [each for each in ended if each > bucket]
    return max(lower, default=None), min(higher, default=place[0])


def _people(places: list[Place]) -> dict[tuple[int, str], int]:
    """(bucket, profile) → how many of the places have them."""
    return Counter([(place[0], place[2]) for place in places])
