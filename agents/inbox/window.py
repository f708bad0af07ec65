"""What of a partition is under way, so that the offset moves past nothing that is not done."""

from collections import deque
from collections.abc import Callable


class Window:
    """Records that began in the order of their offsets, and end in any. `done` is called for each, in order, once all before it ended."""

    def __init__(self, done: Callable[[object], None]) -> None:
        self._done = done
        self._under_way: deque[object] = deque()
        self._ended: set[int] = set()

    def begin(self, record: object) -> None:
        """The next record."""
        self._under_way.append(record)

    def end(self, record: object) -> None:
        """It is done: written, or a dead letter."""
        self._ended.add(id(record))
        while self._under_way and id(self._under_way[0]) in self._ended:
            first = self._under_way.popleft()
            self._ended.discard(id(first))
            self._done(first)

    def __len__(self) -> int:
        return len(self._under_way)
