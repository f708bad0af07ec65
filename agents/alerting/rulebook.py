"""The rules in force: from a file, from the store, or those that come with livescreen; whichever it is, they may change at any time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path

import msgspec

from agents.patience import Patience
from streams.alerts import Problem, Rule, parse, reload
from streams.alerts.written import version

log = logging.getLogger(__name__)

_EVERY_SECONDS = 2.0
#: What a watcher holds to is said anew each time, and forgotten after this.
SAID_MS = 30_000
_MAX_BYTES = 1024 * 1024


class NoRules(Exception):
    """The operator's file cannot be read, and nothing was read before."""


class Rulebook:
    """`rules` are those in force, `problems` say what was refused, and `unread` why the file cannot be read now.

    path     the operator's file; where there is one, nothing else counts      stored   asks for the rules that were put into the store
    """

    def __init__(self, path: Path | None, stored: Callable[[], Awaitable[str | None]]) -> None:
        self._path = path
        self._stored = stored
        self._text: str | None = None
        self.rules: list[Rule] = []
        self.problems: list[Problem] = []
        self.unread = ""

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

    async def follow(self, say: Callable[[str], Awaitable[None]]) -> None:
        """Loads the rules again whenever they change, and says what holds; never returns."""
        patience = Patience()
        while True:
            await patience.until_done(lambda: say(self.said()))
            await asyncio.sleep(_EVERY_SECONDS)
            await patience.until_done(self.load)

    def said(self) -> str:
        """What holds here, as JSON, for the page of the rules. `version`: of the text it comes from; `path`: of the operator's file."""
        problems = [{"line": each.line, "rule": each.rule, "reason": each.reason} for each in self.problems]
        path = "" if self._path is None else str(self._path)
        held = {"path": path, "version": version(self._text or ""), "rules": [rule.id for rule in self.rules]}
        return msgspec.json.encode({**held, "problems": problems, "unread": self.unread}).decode()

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
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            if self._text is None:
                raise NoRules(f"the rules {path} cannot be read: {error}") from None
            if not self.unread:
                log.warning("the rules stay as they are: %s cannot be read (%s)", path, error)
            self.unread = str(error)
            return None
        self.unread = ""
        return text
