"""What an expression's text holds, read before it is compiled: the facts it names, its loops and functions, and its numbers.

CEL runs in microseconds and cannot loop for ever, but it can be made to work hard: one loop inside another, whole lists copied at every
turn of a loop or added up, regular expressions. Those are refused here, so that an expression costs at most its length times the rows that
it looks at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

#: Longer expressions are refused; the longest default has 120 characters.
MAX_CHARACTERS = 1_000
MAX_LOOPS = 4

_LOOPS = frozenset({"all", "exists", "exists_one", "filter"})
_FUNCTIONS = frozenset({"size", "has", "double", "int", "string"})
_METHODS = _LOOPS | {"size", "contains", "startsWith", "endsWith"}
_WORDS = frozenset({"true", "false", "null", "in"})
_TOKEN = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
      | (?P<number>0[xX][0-9a-fA-F]+[uU]?|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?[uU]?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<space>\s+|//[^\n]*)
      | (?P<mark>&&|\|\||[=!<>]=|.)""",
    re.VERBOSE,
)

#: A fact by its names, outermost first: ("last_5m", "gmv")
Path = tuple[str, ...]


class NotAllowed(Exception):
    """The expression holds something that is refused; the text says what."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; `kind` is string, number, name or mark."""

    kind: str
    text: str


@dataclass(slots=True)
class Outline:
    """paths: the facts named. words: every name that occurs. loop_names: those that loops bind. text: with doubles for whole numbers."""

    paths: list[Path] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    loop_names: set[str] = field(default_factory=set)
    text: str = ""


def outline(source: str) -> Outline:
    """Reads an expression. Raises NotAllowed."""
    if len(source) > MAX_CHARACTERS:
        raise NotAllowed(f"longer than {MAX_CHARACTERS} characters")
    if '"""' in source or "'''" in source:
        raise NotAllowed("texts in triple quotes are not supported")
    read = list(tokens(source))
    reading = _Reading(read)
    found = Outline(words={token.text for token in read if token.kind == "name"}, text=" ".join(reading.numbers()))
    found.loop_names = reading.loops()
    found.paths = [path for path in reading.paths() if path[0] not in found.loop_names]
    return found


def tokens(source: str) -> Iterator[Token]:
    """The pieces of an expression, without what is blank."""
    for match in _TOKEN.finditer(source):
        if match.lastgroup and match.lastgroup != "space":
            yield Token(match.lastgroup, match.group())


class _Reading:
    """One pass for each question over the same tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens

    def text(self, index: int) -> str:
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def loops(self) -> set[str]:
        """The names that loops bind; refuses unknown functions, loops inside loops, and lists where they could be copied."""
        names: list[str] = []
        inside: list[bool] = []
        for index, token in enumerate(self.tokens):
            if token.text == "(" and token.kind == "mark":
                looping = self._call(index - 1)
                if looping and any(inside):
                    raise NotAllowed("one loop inside another")
                if looping:
                    names.append(self.text(index + 1))
                inside.append(looping)
            elif token.text == ")" and token.kind == "mark" and inside:
                inside.pop()
            elif token.kind == "name" and token.text not in names and self._is_group(index):
                self._group(index, any(inside))
        if len(names) > MAX_LOOPS:
            raise NotAllowed(f"more than {MAX_LOOPS} loops")
        return set(names)

    def _is_group(self, index: int) -> bool:
        """A name by itself, no part of a chain: a list or a group of facts, unless a loop binds it."""
        alone = self.text(index - 1) != "." and self.text(index + 1) != "(" and self.text(index) not in _WORDS
        return alone and not (self.text(index + 1) == "." and self.text(index + 3) != "(")

    def _group(self, index: int, looping: bool) -> None:
        counted = self.text(index - 2) == "size" and self.text(index + 1) == ")"
        if looping or not (counted or self.text(index + 1) in {".", "["}):
            raise NotAllowed(f"{self.text(index)} stands for all its facts here: name one of them")

    def _call(self, index: int) -> bool:
        """Whether the name before a bracket is a loop. Refuses names that are no function here."""
        if index < 0 or self.tokens[index].kind != "name" or self.text(index) in _WORDS:
            return False
        method = self.text(index - 1) == "."
        if self.text(index) not in (_METHODS if method else _FUNCTIONS):
            raise NotAllowed(f"no function {self.text(index)}")
        return method and self.text(index) in _LOOPS

    def paths(self) -> Iterator[Path]:
        """Every chain of names: a.b.c; a function's or method's own name is left out."""
        for index, token in enumerate(self.tokens):
            if token.kind == "name" and self.text(index - 1) != "." and token.text not in _WORDS and self.text(index + 1) != "(":
                yield self._path(index)

    def _path(self, index: int) -> Path:
        found = [self.text(index)]
        while self.text(index + 1) == "." and self.text(index + 3) != "(" and self._is(index + 2, "name"):
            found.append(self.text(index + 2))
            index += 2
        return tuple(found)

    def _is(self, index: int, kind: str) -> bool:
        return index < len(self.tokens) and self.tokens[index].kind == kind

    def numbers(self) -> Iterator[str]:
        """The tokens, whole numbers as doubles: CEL does not multiply a double by an integer, and all facts are doubles.

        An index stays whole: minutes[0].
        """
        indexing: list[bool] = []
        for index, token in enumerate(self.tokens):
            if token.kind == "mark" and token.text in "([":
                indexing.append(token.text == "[" and self._indexes(index))
            elif token.kind == "mark" and token.text in ")]" and indexing:
                indexing.pop()
            whole = token.kind == "number" and token.text.isdigit() and not any(indexing)
            yield f"{token.text}.0" if whole else token.text

    def _indexes(self, bracket: int) -> bool:
        before = self.tokens[bracket - 1] if bracket else None
        return before is not None and (before.text in {")", "]"} or (before.kind == "name" and before.text not in _WORDS))
