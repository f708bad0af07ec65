"""A made-up room in which every fact has a value: rules are tried on it when they are read. Made by the same code as the real facts."""

from functools import lru_cache
from math import isfinite
from typing import Any

from streams import board, shelf, topics, windows
from streams.alerts.expression import Expression, Unknown
from streams.alerts.facts import REACH_MS, Facts, Named
from streams.alerts.syntax import Path
from streams.board_rules import BoardRules
from streams.material import Material

_NOW_MS = 10_000 * windows.MINUTE_MS
_NAMES = ("room", "total", "last_5m", "previous_5m", "last_15m", "minutes", "online", "unpaid", "limits", "products", "sources")


def unknown(subject: str, path: Path) -> str | None:
    """The part of a path that names no fact of this subject's rules; None where it names one."""
    value: Any = _facts(subject)
    for length, name in enumerate(path, 1):
        if not isinstance(value, dict) or name not in value:
            return ".".join(path[:length])
        value = value[name]
    return None


def failure(subject: str, expression: Expression, condition: bool) -> str | None:
    """Why the expression can work with no figures at all; None when it works on the sample, or only its numbers are to blame."""
    found = expression.holds(_facts(subject)) if condition else expression.execute(_facts(subject))
    if not isinstance(found, Unknown) or found.reason != "error":
        return None
    # An index past the sample's rows, or a division by 0 may well work on a real room.
    harmless = ("index out of bounds", "division by zero", "modulo by zero", "overflow")
    return None if any(text in found.detail for text in harmless) else found.detail


@lru_cache(maxsize=8)
def _facts(subject: str) -> dict[str, Any]:
    material = _material()
    minutes = board.minutes(material, _NOW_MS - REACH_MS, _NOW_MS + 1, _NOW_MS)
    shown = {**board.build(material, _NOW_MS, BoardRules()), "backlog": dict.fromkeys(topics.INPUTS, 0)}
    facts = Facts(shown, minutes, _NOW_MS)
    names = Named(facts, subject, facts.subjects(subject)[0][1])
    filled = _Filled()
    return {name: filled.value(names[name]) for name in (*_NAMES, *({subject} - {"room"}))}


def _material() -> Material:
    return Material(
        "sample",
        facts={"title": "", "host": ""},
        minutes={_NOW_MS // windows.MINUTE_MS - age: {"entries": 1} for age in range(30)},
        products={"sample": {}},
        sources={"sample": {}},
        shelf={"sample": shelf.Row(set_at=0, listed_at=0)},
        scenes=[
            {"id": "sample", "kind": "violated", "at": 0, "violation": "sample", "reason": ""},
            {"id": "opened", "kind": "opened", "at": 0, "title": ""},
        ],
        violations=[{"id": "sample", "at": _NOW_MS, "user": "", "nickname": "", "text": "", "rule": "", "term": "", "count": 1}],
    )


class _Filled:
    """Gives every number another value, so that no difference of two is 0, and puts one where there is none."""

    def __init__(self) -> None:
        self._next = 0

    def value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self.value(field) for name, field in value.items()}
        if isinstance(value, list):
            return [self.value(row) for row in value]
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            self._next += 1
            return float(self._next) if not isinstance(value, float) or isfinite(value) else value
        return value
