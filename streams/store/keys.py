"""The full names of the keys in Redis: prefix, version of the state, and a hash tag that keeps a room on one node of a cluster."""

import re
from dataclasses import dataclass

#: Raised whenever old state can no longer be read; the new version starts empty and is rebuilt from the log.
STATE_VERSION = 2

#: So many logs of a topic are remembered.
MOST_LOGS = 8

#: The claims of so many rooms are kept for each partition; then they begin anew.
MOST_CLAIMS = 10_000

PREFIX = re.compile(r"[A-Za-z0-9_.-]{1,32}")


@dataclass(frozen=True, slots=True)
class DeskKeys:
    """The keys of one subscription: ids that were posted, what waits and its counter, what is being sent, open alerts, the log."""

    seen: str
    queue: str
    counter: str
    sending: str
    open: str
    log: str

    @property
    def all(self) -> tuple[str, ...]:
        """Every one of them."""
        return self.seen, self.queue, self.counter, self.sending, self.open, self.log


class Keys:
    """Names under one prefix, `ls:2:{room}:total`.

    The store's own keys of a room have no colon behind the tag, so that no other key of the room meets them.
    """

    def __init__(self, prefix: str) -> None:
        if not PREFIX.fullmatch(prefix):
            raise ValueError(f"the key prefix {prefix!r} must be 1 to 32 of A-Z a-z 0-9 _ . -")
        self._stem = f"{prefix}:{STATE_VERSION}:"
        self.rooms = f"{self._stem}{{rooms}}"
        self.subscriptions = f"{self._stem}{{subscriptions}}"
        self.rules = f"{self._stem}{{rules}}"
        #: Sorted set: watchers by when they count as gone.
        self.watchers = f"{self._stem}{{watchers}}"

    @property
    def workers(self) -> str:
        """Hash: agent worker → what it said last."""
        return f"{self._stem}{{agents}}#workers"

    def alive(self, worker: str) -> str:
        """String that is there while the worker is. Beside what it said, on one node."""
        return f"{self._stem}{{agents}}#alive:{worker}"

    def progress(self, log: str) -> str:
        """Hash: partition → next offset to read of that log."""
        return f"{self._stem}{{progress:{log}}}"

    def claims(self, log: str, partition: object) -> str:
        """Hash: room → the last offset it must have if the partition's progress is true. Beside the progress, on one node."""
        return f"{self._stem}{{progress:{log}}}#claims:{partition}"

    def logs(self, topic: str) -> str:
        """List: the logs that the topic has been, newest first."""
        return f"{self._stem}{{logs:{topic}}}"

    def fence(self, room: str) -> str:
        """Hash: the room's fences, the versions of its guards, and its revision `rev`."""
        return f"{self._stem}{{{room}}}#fence"

    def touched(self, room: str) -> str:
        """Sorted set: key within the room → the last revision that touched it."""
        return f"{self._stem}{{{room}}}#touched"

    def lease(self, scope: str) -> str:
        """Hash: who has the lease, until when, and the newest token. Beside what it guards, on one node."""
        return f"{self._stem}{{{scope}}}#lease"

    def untold(self, room: str) -> str:
        """Sorted set: the room's transitions that are still to be told, by number."""
        return f"{self._stem}{{{room}}}#untold"

    def holding(self, watcher: str) -> str:
        """String: the rules that a watcher holds to."""
        return f"{self.watchers}#rules:{watcher}"

    def desk(self, subscription: str) -> DeskKeys:
        """What belongs to a subscription. No room's name begins like its tag."""
        stem = f"{self._stem}{{~{subscription}}}#"
        return DeskKeys(*(stem + part for part in ("seen", "queue", "counter", "sending", "open", "log")))

    def stem(self, room: str) -> str:
        """What stands in front of a key within the room."""
        return f"{self._stem}{{{room}}}:"


def fence_field(log: str, partition: object) -> str:
    """The field of a room's fence for one partition of one log."""
    return f"{log}|{partition}"


def guard_field(guard: str) -> str:
    """The field of a guard's version, beside the fences."""
    return f"guard:{guard}"
