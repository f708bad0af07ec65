"""The numbers of a rule that an operator turns: found in its conditions, each with its unit, and changed in the file's text alone.

A condition is shown as a sentence with fields in it: pieces of text, facts and numbers, in their order. What stands around a number,
comments and other rules stay as they are written.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from streams.alerts.syntax import Token, tokens
from streams.alerts.written import Piece, Written, duration_ms, pieces, written
from streams.metrics import DICTIONARY

CONDITIONS = ("when", "minimum", "resolve_when")
DURATIONS = ("for", "keep_firing_for", "cooldown")
Unit = Literal["count", "people", "money", "ratio", "rate", "seconds", "minutes", "factor"]
_COMPARISONS = frozenset({"<", ">", "<=", ">=", "==", "!="})
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """What to turn. numbers: condition → all its numbers, in their order; durations: field → "30s"; severity: another one."""

    numbers: dict[str, list[float]] = {}
    durations: dict[str, str] = {}
    severity: Literal["info", "warning", "critical"] | None = None


class CannotChange(Exception):
    """The rule is written in a way that a form cannot change; the message says what."""


def form(made: Written) -> dict[str, Any]:
    """What a form shows: {condition: pieces}, of those that there are, and the durations.

    A piece is {"text"}, {"fact"} or {"number", "unit"}; a factor is a share of what it multiplies.
    """
    conditions = {name: source for name in CONDITIONS if (source := getattr(made, name)) is not None}
    durations = {"for": made.for_, "keep_firing_for": made.keep_firing_for, "cooldown": made.cooldown}
    return {"conditions": {name: list(_pieces(source)) for name, source in conditions.items()}, "durations": durations}


def _pieces(source: str) -> Iterator[dict[str, Any]]:
    found = list(tokens(source))
    place = 0
    while place < len(found):
        token = found[place]
        if token.kind == "name" and token.text not in ("in", "true", "false", "null"):
            path, place = _path(found, place)
            yield {"fact": path}
            continue
        if token.kind == "number":
            yield {"number": float(token.text.rstrip("uU")), "unit": _unit(found, place)}
        else:
            yield {"text": token.text}
        place += 1


def _path(found: list[Token], place: int) -> tuple[str, int]:
    names = [found[place].text]
    while place + 2 < len(found) and found[place + 1].text == "." and found[place + 2].kind == "name":
        names.append(found[place + 2].text)
        place += 2
    return ".".join(names), place + 1


def _unit(found: list[Token], place: int) -> Unit:
    """By what the number multiplies, else by the fact that it is compared with."""

    def text(at: int) -> str:
        return found[at].text if 0 <= at < len(found) else ""

    if "*" in (text(place - 1), text(place + 1)):
        return "factor"
    if text(place - 1) in _COMPARISONS:
        return _unit_of(text(place - 2))
    return _unit_of(text(place + 2)) if text(place + 1) in _COMPARISONS else "count"


def _unit_of(name: str) -> Unit:
    """A fact's unit, by its own name."""
    if name in DICTIONARY:
        return DICTIONARY[name].unit
    return "seconds" if name.endswith("_seconds") else "minutes" if name.startswith("minutes_") or name.endswith("_minutes") else "count"


def changed(text: str, rule: str, wish: Change) -> str | None:
    """The file's text with the rule's numbers turned; None where there is no such rule. Raises CannotChange."""
    piece = next((piece for piece in pieces(text) if isinstance(made := written(piece), Written) and made.id == rule), None)
    if piece is None:
        return None
    after = _turned(piece, wish)
    start = sum(len(line) + 1 for line in text.split("\n")[: piece.line - 1])
    return text[:start] + after + text[start + len(piece.text) :]


def _turned(piece: Piece, wish: Change) -> str:
    text = piece.text
    for name, numbers in wish.numbers.items():
        if name not in CONDITIONS:
            raise CannotChange(f"no condition {name[:40]}: one of {', '.join(CONDITIONS)}")
        text = _with_numbers(text, name, numbers)
    for name, duration in wish.durations.items():
        if name not in DURATIONS or duration_ms(duration) is None:
            raise CannotChange(f"no duration {name[:40]}: {duration[:20]} (as in 30s, 5m, 1h)")
        text = _with_value(text, name, duration)
    return _with_value(text, "severity", wish.severity) if wish.severity else text


def _field(text: str, name: str) -> re.Match[str] | None:
    """A field and its value as they are written, with the lines that belong to it."""
    return re.search(rf"^(?P<head>(?:- |  ){name}:)(?P<value>.*(?:\n(?:   .*|[ \t]*(?=\n)))*)", text, re.MULTILINE)


def _with_numbers(text: str, name: str, numbers: list[float]) -> str:
    field = _field(text, name)
    if field is None:
        raise CannotChange(f"there is no {name} in the text of this rule; change it there")
    value, pieces_, end, at = field["value"], [], 0, 0
    for token, first, last in _numbers(value):
        if at >= len(numbers):
            break
        pieces_ += [value[end:first], token if float(token.rstrip("uU")) == numbers[at] else _plain(numbers[at])]
        end, at = last, at + 1
    if at != len(numbers) or sum(1 for _ in _numbers(value)) != len(numbers):
        raise CannotChange(f"{name} has other numbers in the text of this rule; change it there")
    return text[: field.start("value")] + "".join(pieces_) + value[end:] + text[field.end("value") :]


def _numbers(value: str) -> Iterator[tuple[str, int, int]]:
    """The numbers of a condition as it is written, and where they stand."""
    place = 0
    for token in tokens(value):
        place = value.index(token.text, place)
        if token.kind == "number":
            yield token.text, place, place + len(token.text)
        place += len(token.text)


def _with_value(text: str, name: str, value: str) -> str:
    field = _field(text, name)
    if field is not None:
        return f"{text[: field.start('value')]} {value}{text[field.end('value') :]}"
    when = _field(text, "when")
    if when is None:
        raise CannotChange("the text of this rule is laid out in another way; change it there")
    return f"{text[: when.end()]}\n  {name}: {value}{text[when.end() :]}"


def _plain(number: float) -> str:
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    if not _NUMBER.fullmatch(text):
        raise CannotChange("a number has 15 digits at most")
    return text


def same(before: Written, after: Written, wish: Change) -> bool:
    """Whether the form did what it was to do and nothing else: every check that a text's layout could slip through."""
    old, new = form(before)["conditions"], form(after)["conditions"]
    for name, parts in new.items():
        wanted = wish.numbers.get(name, [part["number"] for part in old[name] if "number" in part])
        if [part["number"] for part in parts if "number" in part] != wanted:
            return False
        if [{**part, "number": 0} if "number" in part else part for part in parts] != [
            {**part, "number": 0} if "number" in part else part for part in old[name]
        ]:
            return False
    durations: Mapping[str, str] = form(before)["durations"] | wish.durations
    return form(after)["durations"] == durations and after.severity == (wish.severity or before.severity)
