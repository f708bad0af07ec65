"""The lists that violations are found by: files an operator edits, `<name>.txt`. The shipped ones stand in for missing ones."""

import logging
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from streams import violations
from streams.violations import LISTS, Inspector

log = logging.getLogger(__name__)


def read(folder: str | None) -> Inspector:
    """The inspector by the lists in `folder` (None: the shipped ones). What cannot be used is logged and left out; nothing is raised."""
    shipped = resources.files(violations) / "lists"
    texts = {name: _read(shipped / f"{name}.txt") or "" for name in LISTS}
    if folder is not None:
        own = {path.stem: _read(path) for path in sorted(Path(folder).glob("*.txt"))}
        texts |= {name: text for name, text in own.items() if text is not None}
        log.info("violation lists from %s: %s", folder, ", ".join(own) or "none, so the shipped ones")
    inspector = Inspector(texts)
    for problem in inspector.problems:
        log.warning("violation list %s.txt, line %d is left out: %s", problem.list, problem.line, problem.reason)
    return inspector


def _read(path: Traversable) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        log.warning("violation list %s cannot be read (%s); the shipped one is used", path.name, type(error).__name__)
        return None
