"""The text of the rules as operators see it: where it comes from, what each rule says, and one rule switched on or off in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from streams.alerts import Problem, Rule, parse, thresholds
from streams.alerts.in_chinese import in_chinese
from streams.alerts.written import Piece, Written, pieces, version, written
from streams.store.port import Store

_ENABLED = re.compile(r"^  enabled:.*\n?", re.MULTILINE)
_MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Book:
    """text: the rules. origin: the watchers' own file, an operator's text in the store, or those that come with livescreen.

    unread  why the file cannot be read; then the text is empty
    """

    text: str
    origin: Literal["file", "store", "shipped"]
    path: str = ""
    unread: str = ""

    @property
    def version(self) -> str:
        """Another for any other text."""
        return version(self.text)


async def find(store: Store, path: str | None) -> Book:
    """The rules that the watchers hold to. `path`: the file that they were given, before which nothing else counts."""
    if path is not None:
        return _from_file(Path(path))
    stored = await store.alerts.rules()
    return shipped() if stored is None else Book(stored, "store")


def shipped() -> Book:
    """The rules that come with livescreen."""
    return Book(files("streams.alerts").joinpath("defaults.yaml").read_text("utf-8"), "shipped")


def _from_file(path: Path) -> Book:
    try:
        if path.stat().st_size > _MAX_BYTES:
            return Book("", "file", str(path), f"larger than {_MAX_BYTES} bytes")
        return Book(path.read_text("utf-8"), "file", str(path))
    except (OSError, UnicodeDecodeError) as error:
        return Book("", "file", str(path), str(error))


def shown(book: Book) -> dict[str, Any]:
    """The page of the rules: those in force, those switched off, and by line what is refused and why."""
    rules, problems = parse(book.text) if not book.unread else ([], [Problem(0, "", book.unread)])
    lines = {piece.id: (piece.line, made) for piece, made in _written(book.text)}
    held = {rule.id for rule in rules}
    off = [_off(piece, made) for piece, made in _written(book.text) if not made.enabled and made.id not in held]
    return {
        "shipped": book.origin == "shipped",
        "origin": book.origin,
        "path": book.path,
        "version": book.version,
        "text": book.text,
        "rules": [_rule(rule, *lines[rule.id]) for rule in rules],
        "off": off,
        "problems": [refusal(problem) for problem in problems],
    }


def refusal(problem: Problem) -> dict[str, Any]:
    """Why a rule cannot be, in English and Chinese, and where it stands; line 0: the whole file."""
    return {"line": problem.line, "rule": problem.rule, "reason": problem.reason, "reason_zh": in_chinese(problem.reason)}


def switched(text: str, name: str, on: bool) -> str | None:
    """The text with one rule switched on or off, and nothing else changed in it; None where there is no such rule."""
    piece = next((piece for piece, made in _written(text) if made.id == name), None)
    if piece is None:
        return None
    start = sum(len(line) + 1 for line in text.split("\n")[: piece.line - 1])
    head, _, rest = _ENABLED.sub("", piece.text).partition("\n")
    rule = f"{head}\n{rest}" if on else f"{head}\n  enabled: false\n{rest}"
    return text[:start] + rule + text[start + len(piece.text) :]


def _written(text: str) -> Iterator[tuple[Piece, Written]]:
    for piece in pieces(text):
        made = written(piece)
        if isinstance(made, Written):
            yield piece, made


def _rule(rule: Rule, line: int, made: Written) -> dict[str, Any]:
    names = ("id", "kind", "subject", "severity", "for_ms", "keep_firing_ms", "cooldown_ms", "rooms")
    told = {"when": rule.when.source, "line": line, "title_zh": made.title.zh, "title_en": made.title.en}
    return {name: getattr(rule, name) for name in names} | told | {"form": thresholds.form(made)}


def _off(piece: Piece, made: Written) -> dict[str, Any]:
    told = {"when": made.when, "line": piece.line, "title_zh": made.title.zh, "title_en": made.title.en}
    return {name: getattr(made, name) for name in ("id", "kind", "subject", "severity", "rooms")} | told | {"form": thresholds.form(made)}


def turned(text: str, name: str, wish: thresholds.Change) -> str | None:
    """The text with one rule's numbers turned, and nothing else; None where there is no such rule. Raises `CannotChange`."""
    after = thresholds.changed(text, name, wish)
    if after is None:
        return None
    before, now = ({made.id: made for _, made in _written(each)} for each in (text, after))
    others = [{**each, name: None} for each in (before, now)]
    if name not in now or others[0] != others[1] or not thresholds.same(before[name], now[name], wish):
        raise thresholds.CannotChange("this rule is laid out in a way that the form cannot change; change it in the text")
    return after
