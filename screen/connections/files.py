"""The limit of open files, of which each connection is one."""

import logging
import resource

log = logging.getLogger(__name__)

#: Files that are no browsers: Redis, Kafka, logs, the files of the web screen.
OTHERS = 256
#: Where the system names no bound, this is enough.
_UNBOUNDED = 1 << 20


def raised() -> int:
    """Raises the limit as far as the system lets us; what it is then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _UNBOUNDED if hard == resource.RLIM_INFINITY else hard
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return _UNBOUNDED if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError) as error:
        log.warning("the limit of open files stays at %d: %s", soft, error)
        return soft
    return wanted


def most_connections(files: int, watchers: int) -> int:
    """How many connections so many files allow; a warning where that is fewer than the watchers who are to be let in."""
    most = max(files - OTHERS, files // 2)
    if most < watchers:
        log.warning(
            "at most %d connections: this process may open %d files only, too few for LIVESCREEN_MAX_WATCHERS=%d; raise it (ulimit -n %d)",
            most, files, watchers, watchers + 2 * OTHERS,
        )  # fmt: skip
    return most
