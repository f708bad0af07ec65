"""What of a room a reader asks for: a screen for everything, a watcher for what its rules name. Counting people costs the most."""

from dataclasses import dataclass

from streams.metrics import PRODUCT_PEOPLE, ROOM_PEOPLE


@dataclass(frozen=True, slots=True)
class Asked:
    """The people metrics to be counted of each part of a room, and the keys to be left out.

    total minute window     of the whole broadcast, of each minute, of both 5-minute windows
    product product_window  of each product over the whole broadcast, and in the last 5 minutes
    ignored                 keys by their name, or by their kind, what stands before the first colon: "s" are all sources
    """

    total: frozenset[str] = frozenset(ROOM_PEOPLE)
    minute: frozenset[str] = frozenset(ROOM_PEOPLE)
    window: frozenset[str] = frozenset(ROOM_PEOPLE)
    product: frozenset[str] = frozenset(PRODUCT_PEOPLE)
    product_window: frozenset[str] = frozenset(PRODUCT_PEOPLE)
    ignored: frozenset[str] = frozenset()

    def reads(self, key: str) -> bool:
        """Whether a key is to be read."""
        return key not in self.ignored and key.partition(":")[0] not in self.ignored


EVERYTHING = Asked()
