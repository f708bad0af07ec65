"""The rules in force: from a file, from the store, or those that come with livescreen; whichever it is, they may change at any time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path

from agents.patience import Patience
from streams.alerts import Problem, Rule, parse, reload

log = logging.getLogger(__name__)

_EVERY_SECONDS = 2.0
_MAX_BYTES = 1024 * 1024


class NoRules(Exception):
    """The operator's file cannot be read, and nothing was read before."""


class Rulebook:
    """`rules` are those in force, `problems` say what was refused.

    path     the operator's file; where there is one, nothing else counts      stored   asks for the rules that were put into the store
    """

    def __init__(self, path: Path | None, stored: Callable[[], Awaitable[str | None]]) -> None:
        self._path = path
        self._stored = stored
        self._text: str | None = None
        self.rules: list[Rule] = []
        self.problems: list[Problem] = []

    async def load(self) -> bool:
        """Reads the rules, if they are others than before; whether they were. What cannot be read changes nothing; `NoRules` at first."""
        text = await self._read()
        if text is None or text == self._text:
            return False
        self.rules, self.problems = await asyncio.to_thread(self._parsed, text)
        self._text = text
        for problem in self.problems:
            log.error("rules, line %d: %s is refused: %s", problem.line, problem.rule or "a rule", problem.reason)
        log.info("%d rules in force, %d refused", len(self.rules), len(self.problems))
        return True

    async def follow(self) -> None:
        """Loads the rules again whenever they change; never returns."""
        patience = Patience()
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            await patience.until_done(self.load)

    def _parsed(self, text: str) -> tuple[list[Rule], list[Problem]]:
        return parse(text) if self._text is None else reload(text, self.rules)

    async def _read(self) -> str | None:
        if self._path is not None:
            return await asyncio.to_thread(self._read_file, self._path)
        text = await self._stored()
        return files("streams.alerts").joinpath("defaults.yaml").read_text("utf-8") if text is None else text

    def _read_file(self, path: Path) -> str | None:
        try:
            if path.stat().st_size > _MAX_BYTES:
                raise OSError(f"larger than {_MAX_BYTES} bytes")
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            if self._text is None:
                raise NoRules(f"the rules {path} cannot be read: {error}") from None
            log.warning("the rules stay as they are: %s cannot be read (%s)", path, error)
            return None
