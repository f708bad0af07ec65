"""One payload (and its detail) through a mapping: drafts of events, or what went wrong at which line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import msgspec

from streams.mapping.document import Cell, Entries, Listing, Mapping, Rule, Value
from streams.mapping.expression import Wrong
from streams.mapping.work import TooMuch, Work

#: Of one payload.
MAX_EVENTS = 2_000
_MOST_ID = 64


@dataclass(frozen=True, slots=True)
class Source:
    """Who sends: what expressions see as `source`. `account`: whose open room is meant where a payload names none; `room`: a fixed one."""

    name: str = ""
    account: str = ""
    room: str = ""
    zone: str = "+08:00"


@dataclass(frozen=True, slots=True)
class Draft:
    """An event to be. Where `room` is None it is the room that `account` had open at `bound_at` (Unix ms)."""

    line: int
    topic: str
    kind: str
    id: str
    at: int
    room: str | None
    account: str = ""
    bound_at: int = 0
    fields: dict[str, Any] = field(default_factory=dict)

    def event(self, room: str) -> dict[str, Any]:
        """The event in that room, as it is written."""
        return {"id": self.id, "room": room, "at": self.at, "kind": self.kind, **self.fields}


class Failed(Exception):
    """The payload cannot be mapped: `line` of the mapping, and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}" if line else reason)
        self.line, self.reason = line, reason


def apply(
    mapping: Mapping,
    payload: Any,
    detail: Any = None,
    headers: dict[str, str] | None = None,
    source: Source | None = None,
    push: dict[str, Any] | None = None,
) -> list[Draft]:
    """The drafts of a payload, in the order of the rules; none where it is nothing to us. Raises `Failed`.

    push   what is known of the push itself: `id` and `at` (Unix ms, when it came)
    """
    given = {
        "payload": payload,
        "detail": detail,
        "headers": headers or {},
        "source": msgspec.to_builtins(source or Source()),
        "push": push or {},
    }
    run = _Run()
    drafts: list[Draft] = []
    for rule in mapping.rules:
        for draft in run.drafts(rule, given):
            drafts.append(draft)
            if len(drafts) > MAX_EVENTS:
                raise Failed(rule.line, f"more than {MAX_EVENTS} events of one payload")
    return drafts


Names = dict[str, Any]


class _Run:
    def __init__(self) -> None:
        self._work = Work()

    def drafts(self, rule: Rule, given: Names) -> Iterator[Draft]:
        if rule.when is not None and not self._holds(rule.when, given):
            return
        names = dict(given)
        for name, cell in rule.let:
            names[name] = self._of(cell, names)
        if rule.entries is None:
            yield self._draft(rule, names)
            return
        for inner in self._entries(rule.entries, names):
            yield self._draft(rule, inner)

    def _draft(self, rule: Rule, names: Names) -> Draft:
        at = self._time(rule.at, names)
        ident = self._text(rule.id, names)
        fields = {name: made for name, value in rule.fields.items() if (made := self._make(value, names)) is not None}
        room = self._text(rule.room, names) if rule.room else None
        account = self._text(rule.bound, names) if rule.bound else ""
        bound_at = self._time(rule.bound_at, names) if rule.bound_at else at
        return Draft(rule.line, rule.topic, rule.kind, _short(ident), at, room, account, bound_at, fields)

    def _make(self, value: Value, names: Names) -> Any:
        if isinstance(value, Cell):
            return self._of(value, names)
        if isinstance(value, Listing):
            return [self._make(value.item, inner) for inner in self._entries(value.entries, names)]
        return {name: made for name, part in value.items() if (made := self._make(part, names)) is not None}

    def _entries(self, entries: Entries, names: Names) -> Iterator[Names]:
        found = self._of(entries.each, names)
        if not isinstance(found, list):
            raise Failed(entries.each.line, "`each` must give a list")
        groups: dict[Any, list[Any]] = {}
        for index, item in enumerate(found):
            key = index if entries.group is None else self._key(entries.group, names | {"item": item, "items": [item], "index": index})
            groups.setdefault(key, []).append(item)
        for index, items in enumerate(groups.values()):
            inner = names | {"item": items[0], "items": items, "index": index}
            if entries.where is None or self._holds(entries.where, inner):
                yield inner

    def _key(self, cell: Cell, names: Names) -> Any:
        key = self._of(cell, names)
        if isinstance(key, dict | list):
            raise Failed(cell.line, "`group` must give a text or a number")
        return key

    def _of(self, cell: Cell, names: Names) -> Any:
        try:
            return cell.expression.value(names, self._work)
        except (Wrong, TooMuch) as error:
            raise Failed(cell.line, str(error)) from None

    def _holds(self, cell: Cell, names: Names) -> bool:
        value = self._of(cell, names)
        if not isinstance(value, bool):
            raise Failed(cell.line, "a condition must be true or false")
        return value

    def _time(self, cell: Cell, names: Names) -> int:
        value = self._of(cell, names)
        if type(value) is not int:
            raise Failed(cell.line, "a time must be a whole number of milliseconds: use ms() or time()")
        return value

    def _text(self, cell: Cell, names: Names) -> str:
        value = self._of(cell, names)
        if not isinstance(value, str) or not value:
            raise Failed(cell.line, "this must be a text with something in it: use id() for numbers")
        return value


def _short(ident: str) -> str:
    """An id that an event may have: a longer one's hash is as much its own."""
    return ident if len(ident) <= _MOST_ID else blake2b(ident.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()
