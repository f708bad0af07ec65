"""What is still to happen, in order of time.

A calendar of short slots instead of one heap: putting something into a later slot is one append, and a slot is sorted once, when its
time comes.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Callable
from operator import itemgetter
from typing import Any

SLOT_MS = 250

#: What happens: called with its time in ms and whom or what it concerns.
Act = Callable[[int, Any], None]
_Entry = tuple[int, Act, Any]
_time = itemgetter(0)


class Agenda:
    """Acts by time, up to `end` (ms, exclusive): what would come later is dropped.

    Acts of the same millisecond happen in the order in which they were added, so a run can be repeated exactly.
    """

    def __init__(self, end: int) -> None:
        self._end = end
        self._later: defaultdict[int, list[_Entry]] = defaultdict(list)
        self._now: list[_Entry] = []
        self._slot = -1
        self._next = 0

    def add(self, at: int, act: Act, subject: Any = None) -> None:
        """Puts `act(at, subject)` on the agenda. `at` must not lie before the act that is happening now."""
        if at >= self._end:
            return
        slot = at // SLOT_MS
        if slot == self._slot:
            insort(self._now, (at, act, subject), lo=self._next, key=_time)
        else:
            self._later[slot].append((at, act, subject))

    def play(self, slot: int) -> None:
        """Lets everything of one slot (`[slot × SLOT_MS, (slot + 1) × SLOT_MS)`) happen, with what it adds to the same slot."""
        self._now = self._later.pop(slot, [])
        self._now.sort(key=_time)
        self._slot = slot
        self._next = 0
        while self._next < len(self._now):
            at, act, subject = self._now[self._next]
            self._next += 1
            act(at, subject)
