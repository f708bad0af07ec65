"""Log lines: how ours look, and what becomes of those that the stack's children write."""

import logging
import re
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Never

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
MAX_FILE_BYTES = 16 * 1024 * 1024
KEPT_FILES = 3
MAX_LINE_BYTES = 16 * 1024

# aiokafka repeats at each attempt what our own line says once: "Kafka is away". And Kafka's own classes call it an error when a busy
# machine keeps the broker waiting for itself; should it end, the stack says so, with its last line. All of it stands in the parts' logs.
_URGENT = re.compile(r"\S+ \S+ (?:WARNING|ERROR|CRITICAL) (?!aiokafka[.:]|org\.apache\.kafka\.|kafka\.)")


def configure(level: str) -> None:
    """Sends the log of this process to its standard error, from `level` ("info", …) on."""
    logging.basicConfig(level=level.upper(), format=FORMAT, force=True)
    if level != "debug":  # what a command can't do for want of Kafka it says itself, in one line
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


def is_urgent(line: str) -> bool:
    """Whether a line in our format is a warning or worse, that a person should see now."""
    return _URGENT.match(line) is not None


def printable(raw: bytes) -> str:
    """A line as text that cannot move a terminal's cursor, at most `MAX_LINE_BYTES` long."""
    text = raw[:MAX_LINE_BYTES].decode("utf-8", "replace").rstrip()
    return "".join(c if c.isprintable() or c == "\t" else "?" for c in text)


class _Handler(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> Never:  # noqa: N802 (logging's name)
        """Lets the caller have the error, instead of a traceback at the terminal for each line."""
        raise  # noqa: PLE0704 (it is called where the error was caught)


class LogFile:
    """A child's log file, started anew at 16 MiB, with three older ones kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handler = _Handler(path, maxBytes=MAX_FILE_BYTES, backupCount=KEPT_FILES, encoding="utf-8")

    def write(self, line: str) -> None:
        """Adds one line. Raises OSError where it cannot: the disk may be full."""
        self._handler.emit(logging.makeLogRecord({"msg": line}))

    def close(self) -> None:
        """Closes the file."""
        with suppress(OSError):  # what could not be written was said when it came
            self._handler.close()
