"""One CEL expression of a mapping. Whole numbers stay whole: ids of 64 bits are not to become doubles, as alert rules make them.

What an expression may hold is limited as in rules (`streams.alerts.syntax`): known functions, no loop inside another.
"""

import logging
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from streams.alerts.syntax import MAX_CHARACTERS, NotAllowed, Path, Token, tokens
from streams.cel_source import NotCompiled, compiled
from streams.mapping.functions import FUNCTIONS
from streams.mapping.work import TooMuch, Work

if TYPE_CHECKING:
    pass

MAX_LOOPS = 3
_LOOPS = frozenset({"all", "exists", "exists_one", "filter", "map"})
_CALLS = frozenset({"size", "has", "double", "int", "string", "bool"}) | set(FUNCTIONS)
_METHODS = _LOOPS | {"size", "contains", "startsWith", "endsWith"}
_WORDS = frozenset({"true", "false", "null", "in"})
#: How the library tells what one of our functions said.
_OURS = re.compile(r"Python function call failed: \w+: (.*?)\. Check function arguments", re.DOTALL)
_MAX_DETAIL = 200

logging.getLogger("cel").setLevel(logging.CRITICAL)  # it would log what our functions say, with words of strangers in it


class Wrong(Exception):
    """It has no value for these inputs; the text says why."""


class Expression:
    """Raises `NotCompiled`."""

    def __init__(self, source: str) -> None:
        if len(source) > MAX_CHARACTERS:
            raise NotCompiled(f"longer than {MAX_CHARACTERS} characters")
        if '"""' in source or "'''" in source:
            raise NotCompiled("texts in triple quotes are not supported")
        read = list(tokens(source))
        try:
            self._bound = frozenset(_bound(read))
        except NotAllowed as refusal:
            raise NotCompiled(str(refusal)) from None
        self.source = source
        self._program = compiled(source)
        self._paths = tuple(dict.fromkeys(_paths(read)))

    @property
    def free(self) -> frozenset[str]:
        """The outermost names that it uses and does not bind itself."""
        return frozenset(path[0] for path in self._paths) - self._bound

    def value(self, given: Mapping[str, Any], work: Work) -> Any:
        """Its value: text, number, bool, None, or lists and dicts of them. Raises `Wrong` and `TooMuch`."""
        import cel  # noqa: PLC0415 (as in `streams.cel_source`)

        picked: dict[str, Any] = {}
        for path in self._paths:
            for taken in _take(picked, given, path):
                work.charge(taken)
        try:
            return self._program.execute(cel.Context(picked, _charged(work)))
        except TooMuch:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a mapping's text leads to is its own failure, said as its reason
            raise Wrong(_said(error)) from None


def _charged(work: Work) -> dict[str, Callable[..., Any]]:
    def charged(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            for each in arguments:
                work.charge_once(each)
            return function(*arguments)

        return call

    return {name: charged(function) for name, function in FUNCTIONS.items()}


def _said(error: Exception) -> str:
    text = str(error)
    if isinstance(error, KeyError):
        text = f"there is no {error.args[0]}" if error.args else "a field is not there"
    elif found := _OURS.search(text):
        text = found[1]
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:_MAX_DETAIL]


def _bound(read: list[Token]) -> list[str]:
    """The names that loops bind. Refuses functions that are not known, and loops inside loops: `NotAllowed`."""
    names, inside = list[str](), list[bool]()
    for index, token in enumerate(read):
        if token.kind != "mark" or token.text not in "()":
            continue
        if token.text == ")":
            if inside:
                inside.pop()
            continue
        looping = _is_loop(read, index - 1)
        if looping and any(inside):
            raise NotAllowed("one loop inside another")
        if looping and index + 1 < len(read):
            names.append(read[index + 1].text)
        inside.append(looping)
    if len(names) > MAX_LOOPS:
        raise NotAllowed(f"more than {MAX_LOOPS} loops")
    return names


def _is_loop(read: list[Token], index: int) -> bool:
    """Whether the name before a bracket is a loop's."""
    if index < 0 or read[index].kind != "name" or read[index].text in _WORDS:
        return False
    method = index > 0 and read[index - 1].text == "."
    if read[index].text not in (_METHODS if method else _CALLS):
        raise NotAllowed(f"no function {read[index].text}")
    return method and read[index].text in _LOOPS


def _paths(read: list[Token]) -> list[Path]:
    """Every chain of names: a.b.c; a function's or method's own name is left out."""

    def text(index: int) -> str:
        return read[index].text if 0 <= index < len(read) else ""

    found = []
    for index, token in enumerate(read):
        if token.kind != "name" or text(index - 1) == "." or token.text in _WORDS or text(index + 1) == "(":
            continue
        path, at = [token.text], index
        while text(at + 1) == "." and text(at + 3) != "(" and read[at + 2].kind == "name":
            at += 2
            path.append(text(at))
        found.append(tuple(path))
    return found


def _take(into: dict[str, Any], value: Mapping[str, Any], path: Path) -> list[Any]:
    """Takes what a path needs, and no more: CEL is handed a copy of it. What was taken, to be charged."""
    name, rest = path[0], path[1:]
    if name not in value:
        return []  # has() may ask for it; else CEL says that it is not there
    part = value[name]
    if not rest or not isinstance(part, dict):
        into[name] = part
        return [part]
    before = into.get(name)
    if before is part:
        return []  # another path wants all of it
    branch: dict[str, Any] = {} if before is None else before
    into[name] = branch
    return _take(branch, part, rest)
