"""What a change must fulfil before it is sent: a store does not roll back, so nothing in it may fail half-way."""

from collections.abc import Iterable, Sequence

from streams.change import Change
from streams.room_names import is_room

#: Lua computes in doubles, which are exact up to here; only counters go further.
EXACT = 2**53
INT64 = 2**63
#: Redis refuses expiries that leave its range of ms.
LONGEST_SECONDS = 2**31 - 1


def check(changes: Sequence[Change]) -> None:
    """Raises ValueError when a change cannot be applied as a whole, or when two are of one room.

    Of two of one room, the first could be refused and the second pass its fence: the first would then count as applied.
    """
    if len({change.room for change in changes}) < len(changes):
        raise ValueError("one call takes at most one change of each room")
    for change in changes:
        _check(change)


def desk(subscription: str) -> str:
    """The scope of a subscription's lease."""
    return f"~{subscription}"


def check_scopes(scopes: Iterable[str]) -> None:
    """Raises ValueError when one of them can be no room and no other scope of a lease."""
    for scope in scopes:
        if not is_room(scope.removeprefix("~")):
            raise ValueError(f"{scope!r} cannot be a scope")


def _check(change: Change) -> None:
    if not is_room(change.room):
        raise ValueError(f"{change.room!r} cannot be a room's name")
    if not 0 <= change.position.first <= change.position.last < EXACT:
        raise ValueError(f"{change.position} is no range of offsets")
    for fields in change.add.values():
        _check_range(fields.values(), -INT64, INT64 - 1)
    for values in (change.raised, change.score):
        for fields in values.values():
            _check_range(fields.values(), -EXACT, EXACT)
    _check_range(change.guards.values(), 0, EXACT)
    _check_range((keep for _, keep in change.push.values()), 1, EXACT)
    _check_range(change.most.values(), 1, EXACT)
    _check_range(change.expire.values(), 0, LONGEST_SECONDS)


def _check_range(values: Iterable[int], low: int, high: int) -> None:
    for value in values:
        if not low <= value <= high:
            raise ValueError(f"{value} is not between {low} and {high}")
