"""The rules in force, from a file that may change at any time."""

import asyncio
import logging
from importlib.resources import files
from pathlib import Path

from streams.alerts import Problem, Rule, parse, reload

log = logging.getLogger(__name__)

_EVERY_SECONDS = 2.0
_MAX_BYTES = 1024 * 1024


class RulesFile:
    """`rules` are those in force, `problems` say what of the file was refused. Without a path: the rules that come with livescreen."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._text: str | None = None
        self.rules: list[Rule] = []
        self.problems: list[Problem] = []

    def load(self) -> bool:
        """Reads the file, if it is another than before; whether it was. A file that cannot be read changes nothing."""
        text = self._read()
        if text is None or text == self._text:
            return False
        self.rules, self.problems = parse(text) if self._text is None else reload(text, self.rules)
        self._text = text
        for problem in self.problems:
            log.error("rules, line %d: %s is refused: %s", problem.line, problem.rule or "a rule", problem.reason)
        log.info("%d rules in force, %d refused", len(self.rules), len(self.problems))
        return True

    async def follow(self) -> None:
        """Loads the file again whenever it changes; never returns."""
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            await asyncio.to_thread(self.load)

    def _read(self) -> str | None:
        if self._path is None:
            return files("streams.alerts").joinpath("defaults.yaml").read_text("utf-8")
        try:
            if self._path.stat().st_size > _MAX_BYTES:
                raise OSError(f"larger than {_MAX_BYTES} bytes")
            return self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            if self._text is None:
                raise
            log.warning("the rules stay as they are: %s cannot be read (%s)", self._path, error)
            return None
