"""How much work one payload may cause: what strangers send must not keep a worker busy.

A value costs as many units as it has parts. Each evaluation costs what it is given, each call of a function of ours its arguments.
"""

from typing import Any

#: For one payload; a unit is about 1 µs.
MAX_UNITS = 300_000
#: Of one list: CEL copies a list for each turn of a loop over it.
MAX_ENTRIES = 5_000
MAX_DEPTH = 32


class TooMuch(Exception):
    """The payload would cost too much; the text says what of it."""


class Work:
    """What is left for one payload. Values are counted once; they must not change, and must live as long as this does."""

    def __init__(self, units: int = MAX_UNITS) -> None:
        self._left = units
        self._sizes: dict[int, tuple[int, Any]] = {}

    def charge(self, value: Any) -> None:
        """Takes the value's cost. Raises `TooMuch`."""
        self._left -= self._size(value, 0)
        if self._left < 0:
            raise TooMuch("the payload is too large for what the mapping asks of it")

    def charge_once(self, value: Any) -> None:
        """The same for a value that will be gone soon: nothing of it is remembered."""
        self._left -= 1 + len(value) // 64 if isinstance(value, str) else 1
        if isinstance(value, dict | list):
            for part in value.values() if isinstance(value, dict) else value:
                self.charge_once(part)
        if self._left < 0:
            raise TooMuch("the payload is too large for what the mapping asks of it")

    def _size(self, value: Any, depth: int) -> int:
        if not isinstance(value, dict | list):
            return 1 + len(value) // 64 if isinstance(value, str) else 1
        if (known := self._sizes.get(id(value))) is not None:
            return known[0]
        if depth == MAX_DEPTH:
            raise TooMuch(f"nested deeper than {MAX_DEPTH}")
        if isinstance(value, list) and len(value) > MAX_ENTRIES:
            raise TooMuch(f"a list of {len(value)} entries, at most {MAX_ENTRIES}")
        parts = value.values() if isinstance(value, dict) else value
        size = 1 + sum(self._size(part, depth + 1) for part in parts)
        self._sizes[id(value)] = size, value  # the value is kept, so that its id stays its own
        return size
