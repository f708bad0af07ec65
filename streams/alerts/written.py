"""A file of rules as it is written: YAML, one list, each rule read by itself, so that a broken one takes no other with it.

A rule starts with "-" and a blank, or the end of the line, at the very beginning of a line and ends before the next one; its line numbers
are those of the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from typing import Any, Literal

import msgspec
import yaml
from msgspec import Struct

from streams import strict_yaml

MAX_BYTES = 256 * 1024
#: Each rule is read by itself, which takes half a millisecond even where it is empty.
MAX_PIECES = 1_000
_DURATION = re.compile(r"(\d{1,6})(ms|s|m|h)")
_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000}
_ID = re.compile(r"^(?:- |  )id: *[\"']?([a-z0-9_-]{1,64})", re.MULTILINE)
_START = re.compile(r"^-(?=\s)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a rule is refused. line: in the file, from 1. rule: its id as far as it could be read, else ""."""

    line: int
    rule: str
    reason: str


class Both(Struct, frozen=True, forbid_unknown_fields=True):
    """A text in both languages."""

    zh: str
    en: str


class Written(Struct, frozen=True, forbid_unknown_fields=True, rename={"for_": "for"}):
    """A rule's fields; what they mean stands with `streams.alerts.rules.Rule`."""

    id: str
    kind: Literal["traffic", "trade", "stock", "orders", "violation", "data"]
    when: str
    title: Both
    message: Both
    subject: Literal["room", "product", "source", "violation", "finding", "topic"] = "room"
    severity: Literal["info", "warning", "critical"] = "warning"
    minimum: str | None = None
    resolve_when: str | None = None
    values: dict[str, str] = {}
    needs: dict[str, str] = {}
    for_: str = "0s"
    keep_firing_for: str = "0s"
    cooldown: str = "0s"
    rooms: tuple[str, ...] = ("*",)
    after_end: bool = False
    enabled: bool = True


@dataclass(slots=True)
class Piece:
    """One rule of the file: its first line, its fields, and each field's own line (of a nested one: "title.zh")."""

    line: int
    text: str = ""
    fields: Any = None
    lines: dict[str, int] = field(default_factory=dict)
    problem: Problem | None = None

    @property
    def id(self) -> str:
        """As far as it can be read: also where the rule is no YAML as a whole."""
        match = _ID.search(self.text)
        return match[1] if match else ""

    def refuse(self, place: str, reason: str, offset: int = 0) -> Problem:
        """A problem at a field, `offset` lines below where its text starts."""
        return Problem(self.lines.get(place, self.lines.get(place.partition(".")[0], self.line)) + offset, self.id, reason)


def version(text: str) -> str:
    """A short name of a file's text: another for any other text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def pieces(text: str) -> Iterator[Piece]:
    """The rules of a file, each read or with its problem."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        yield Piece(1, problem=Problem(1, "", f"more than {MAX_BYTES // 1024} KiB"))
        return
    starts = [match.start() for match in _START.finditer(text)]
    head = text[: starts[0]] if starts else text
    for number, line in enumerate(head.splitlines(), 1):
        if line.strip() and not line.startswith(("#", "---")):
            yield Piece(number, problem=Problem(number, "", 'a rule starts with "- " at the beginning of a line'))
            break
    first, last = 1, 0
    for start, end in pairwise([*starts[:MAX_PIECES], starts[MAX_PIECES] if len(starts) > MAX_PIECES else len(text)]):
        first, last = first + text.count("\n", last, start), start
        yield _piece(text[start:end], first)
    if len(starts) > MAX_PIECES:
        first += text.count("\n", last, starts[MAX_PIECES])
        yield Piece(first, problem=Problem(first, "", f"more than {MAX_PIECES} rules, switched off ones and refused ones too"))


def written(piece: Piece) -> Written | Problem:
    """The rule's fields, each of its type."""
    if piece.problem:
        return piece.problem
    try:
        return msgspec.convert(piece.fields, Written)
    except (msgspec.ValidationError, RecursionError) as error:
        reason, _, place = str(error).partition(" - at `$")
        field = place.strip(".`")
        return piece.refuse(field, f"{field}: {reason}" if field else reason)


def duration_ms(text: str) -> int | None:
    """ "90s" → 90 000; units ms, s, m, h. None: no duration."""
    match = _DURATION.fullmatch(text)
    return int(match[1]) * _MS[match[2]] if match else None


def _piece(text: str, first: int) -> Piece:
    piece = Piece(first, text)
    try:
        node = strict_yaml.compose(text)
        rule = node.value[0] if isinstance(node, yaml.SequenceNode) and len(node.value) == 1 else None
        if not isinstance(rule, yaml.MappingNode):
            piece.problem = Problem(first, "", "a rule is a list of fields")
            return piece
        piece.lines = dict(_lines(rule, first))
        piece.fields = strict_yaml.construct(rule)
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "no YAML"
        piece.problem = Problem(first + (mark.line if mark else 0), piece.id, str(reason)[:200])
    return piece


def _lines(rule: yaml.MappingNode, first: int) -> Iterator[tuple[str, int]]:
    """Field → the line its text starts on; a block's text starts below its mark."""
    for key, value in rule.value:
        yield str(key.value), first + _text_line(value)
        if isinstance(value, yaml.MappingNode):
            for inner, below in value.value:
                yield f"{key.value}.{inner.value}", first + _text_line(below)


def _text_line(node: yaml.Node) -> int:
    line: int = node.start_mark.line
    return line + 1 if getattr(node, "style", None) in ("|", ">") else line
