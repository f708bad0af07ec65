"""stack.json: where the parts of a running stack listen, and the lock that says whether it runs.

The lock is the kernel's (flock), held by the stack as long as it lives: a file without it was left behind by a stack that died.
"""

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from deploy.private import write_private
from deploy.problem import Problem
from streams.topics import PREFIX

LOCK_SECONDS = 1.0  # readers hold the lock for an instant; a running stack for ever


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a stack's parts listen. `redis` holds the password. `pid` is the stack's own.

    `kafka_open`: Kafka lets in whoever knows its address. What else it may want is nobody's to write down.
    """

    pid: int
    kafka: str
    redis: str
    screen: str
    kafka_open: bool = True
    topic_prefix: str = PREFIX


@contextmanager
def only_stack(data: Path) -> Iterator[None]:
    """Makes this process the one stack on `data`; a `Problem` when another one is running there."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _lock_path(data).open("a", encoding="utf-8") as lock:
        end = time.monotonic() + LOCK_SECONDS
        while not _try_lock(lock.fileno(), fcntl.LOCK_EX):
            if time.monotonic() > end:
                running = _parse(_path(data))
                which = f" (process {running.pid}, {running.screen})" if running else ""
                raise Problem(f"a stack is already running on {data}{which}: stop it, or give this one another --data DIR")
            time.sleep(0.05)
        _path(data).unlink(missing_ok=True)
        try:
            yield
        finally:
            _path(data).unlink(missing_ok=True)


def write(data: Path, listening: Listening) -> None:
    """Writes stack.json in one step, readable by this user only."""
    write_private(_path(data), json.dumps(asdict(listening), indent=2) + "\n")


def read(data: Path) -> Listening | None:
    """What the stack running on `data` wrote; None when none is running, whatever file one may have left."""
    try:
        lock = _lock_path(data).open("rb")
    except OSError:
        return None
    with lock:
        if _try_lock(lock.fileno(), fcntl.LOCK_SH):
            return None
        return _parse(_path(data))


def _path(data: Path) -> Path:
    return data / "stack.json"


def _lock_path(data: Path) -> Path:
    return data / "stack.lock"


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _parse(path: Path) -> Listening | None:
    """The file's content; None when there is none yet. Only a stack writes it, so anything else in it is a fault worth a crash.

    A stack of an older release leaves out what it does not know; what a newer one says besides is passed over.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Listening(**{field.name: content[field.name] for field in fields(Listening) if field.name in content})
