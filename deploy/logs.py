"""Log lines: how ours look, and what becomes of those that the stack's children write."""

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
MAX_FILE_BYTES = 16 * 1024 * 1024
KEPT_FILES = 3
MAX_LINE_BYTES = 16 * 1024

_URGENT = re.compile(r"\S+ \S+ (?:WARNING|ERROR|CRITICAL) ")


def configure(level: str) -> None:
    """Sends the log of this process to its standard error, from `level` ("info", …) on."""
    logging.basicConfig(level=level.upper(), format=FORMAT, force=True)


def is_urgent(line: str) -> bool:
    """Whether a line in our format is a warning or worse."""
    return _URGENT.match(line) is not None


def printable(raw: bytes) -> str:
    """A line as text that cannot move a terminal's cursor, at most `MAX_LINE_BYTES` long."""
    text = raw[:MAX_LINE_BYTES].decode("utf-8", "replace").rstrip()
    return "".join(c if c.isprintable() or c == "\t" else "?" for c in text)


class LogFile:
    """A child's log file, started anew at 16 MiB, with three older ones kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handler = RotatingFileHandler(path, maxBytes=MAX_FILE_BYTES, backupCount=KEPT_FILES, encoding="utf-8")

    def write(self, line: str) -> None:
        """Adds one line."""
        self._handler.emit(logging.makeLogRecord({"msg": line}))

    def close(self) -> None:
        """Closes the file."""
        self._handler.close()
