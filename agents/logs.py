"""A worker's log: plain lines on stderr."""

import logging

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

#: What these say below a warning is about themselves. Faust logs under the names of our modules where we subclass it.
_CHATTY = ("faust", "mode", "aiokafka", "asyncio", "agents.app", "agents.transport")


def configure(level: str) -> None:
    """Logs lines of `level` ("debug", "info", …) and above; of the libraries warnings, unless everything is wanted."""
    logging.basicConfig(format=_FORMAT, level=level.upper(), force=True)
    if level != "debug":
        for name in _CHATTY:
            logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
