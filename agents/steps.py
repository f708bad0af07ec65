"""Cuts what one room has in a chunk into steps that the store can do without anybody waiting long.

How much work an event makes is its sender's choice: a comment may have two words or hundreds. The work of a change is known only when it
is folded, so a change that is too large is folded again from fewer events, and the next step begins with about as many.
"""

from collections.abc import Callable

from agents.chunk import Events
from streams.change import Change

#: What one step may cost the store, in µs (`Change.work`); a usual chunk of thousands of events is far below.
MOST_WORK = 50_000.0
#: So many events are folded at once, however little they make: a fold must not keep a worker from its rebalances.
MOST_EVENTS = 10_000
_MARGIN = 0.8
#: So few events can't be too much, whatever they are: what each may ask for has its own bounds.
_FEW = 50


class Steps:
    """How many events of each room one step takes, while one chunk is applied."""

    def __init__(self, most_work: float = MOST_WORK, most_events: int = MOST_EVENTS, few: int = _FEW) -> None:
        self._few = few
        self._most_work = most_work
        self._most_events = most_events
        self._lengths: dict[str, int] = {}

    def next(self, room: str, events: Events, fold: Callable[[Events], Change]) -> tuple[Change, Events]:
        """The change of as many of the events, from the first on, as one step may have; and these events."""
        length = min(self._lengths.get(room, self._most_events), len(events))
        while True:
            change = fold(events[:length])
            if length <= self._few or (work := change.work()) <= self._most_work or length == 1:
                break
            length = max(1, int(length * _MARGIN * self._most_work / work))
            self._lengths[room] = length
        if room in self._lengths:  # the next ones may be lighter
            self._lengths[room] = min(2 * length, self._most_events)
        return change, events[:length]
