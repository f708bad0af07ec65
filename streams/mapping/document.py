"""A mapping's file: read strictly, each part with its line, every expression compiled. What is wrong is said by line.

mapping: 1
events:
  - kind: paid                     # and topic: live.orders, as plain words
    topic: live.orders
    when: payload.tag == "101"     # all that follows are CEL expressions
    let: {order: detail.order}     # names for the ones below, in their order
    each: order.lines              # one event for each entry, called `item` (`index` counts from 0)
    group: item.room               # entries of one value together: `items`, the first of them is `item`
    where: item.room != ""         # which of them
    id: '"paid-" + id(order.id)'
    room: id(item.room)            # or bound: whose open room it is, and bound_at: when (else the event's own time)
    at: ms(order.pay_time)
    fields:                        # the event's other fields: expressions, objects, and lists
      lines: {each: items, group: item.sku, item: {product: id(item.product)}}
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from streams import strict_yaml, topics
from streams.cel_source import NotCompiled
from streams.mapping.expression import Expression

MAX_BYTES = 256 * 1024
MAX_RULES = 100
_WORDS = {"topic", "kind", "when", "let", "each", "group", "where", "id", "room", "bound", "bound_at", "at", "fields"}
_LIST_WORDS = {"each", "group", "where", "item"}
#: What expressions can name, beside `let` and what loops bind.
NAMES = frozenset({"payload", "detail", "headers", "source", "push"})
_OF_ENTRIES = frozenset({"item", "items", "index"})


class BadMapping(Exception):
    """A file that is no mapping. Each of `faults` is (line from 1, what is wrong there)."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(f"line {line}: {text}" for line, text in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Cell:
    """An expression and the line it stands in."""

    line: int
    expression: Expression


@dataclass(frozen=True, slots=True)
class Entries:
    """Which entries of a list, and which of them together."""

    each: Cell
    group: Cell | None
    where: Cell | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A field that is a list: one value for each entry."""

    entries: Entries
    item: "Value"


Value = Cell | Listing | dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class Rule:
    """How events of one kind are made. Either `room` or `bound` is there."""

    line: int
    topic: str
    kind: str
    when: Cell | None
    let: tuple[tuple[str, Cell], ...]
    entries: Entries | None
    id: Cell
    at: Cell
    room: Cell | None
    bound: Cell | None
    bound_at: Cell | None
    fields: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A file that was read."""

    rules: tuple[Rule, ...]


def parse(text: str) -> Mapping:
    """Reads a mapping. Raises `BadMapping` with everything that is wrong."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise BadMapping([(1, f"longer than {MAX_BYTES} bytes")])
    try:
        node = strict_yaml.compose(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadMapping([(line, error.problem or "no YAML")]) from None
    except yaml.YAMLError as error:
        raise BadMapping([(1, " ".join(str(error).split())[:200])]) from None
    reader = _Reader()
    rules = list(reader.rules(node))
    if reader.faults:
        raise BadMapping(sorted(reader.faults))
    return Mapping(tuple(rules))


class _Reader:
    """Reads nodes, and goes on behind what is wrong so that all of it is said."""

    def __init__(self) -> None:
        self.faults: list[tuple[int, str]] = []

    def rules(self, node: yaml.Node | None) -> Iterator[Rule]:
        if not isinstance(node, yaml.MappingNode):
            self.faults.append((1, "a mapping is fields: `mapping: 1` and `events:`"))
            return
        fields = self._fields(node, {"mapping", "events"}, {"mapping", "events"})
        version, events = fields.get("mapping"), fields.get("events")
        if version is not None and (not isinstance(version, yaml.ScalarNode) or version.value != "1"):
            self._refuse(version, "this reads `mapping: 1`")
        if events is None:
            return
        if not isinstance(events, yaml.SequenceNode) or not 1 <= len(events.value) <= MAX_RULES:
            self._refuse(events, f"`events` is a list of 1 to {MAX_RULES}")
            return
        for each in events.value:
            if (rule := self._rule(each)) is not None:
                yield rule

    def _rule(self, node: yaml.Node) -> Rule | None:
        before = len(self.faults)
        fields = self._fields(node, _WORDS, {"topic", "kind", "id", "at"})
        topic, kind = self._word(fields.get("topic")), self._word(fields.get("kind"))
        if topic not in topics.WRITABLE and "topic" in fields:
            self._refuse(fields["topic"], f"`topic` must be one of {', '.join(topics.WRITABLE)}")
        if ("room" in fields) == ("bound" in fields):
            self._refuse(node, "say either `room` or `bound`")
        let = self._let(fields.get("let"))
        names = NAMES | {name for name, _ in let}
        entries = self._entries(fields, names) if "each" in fields else None
        if entries is None and ("group" in fields or "where" in fields):
            self._refuse(node, "`group` and `where` go with `each`")
        inner = names | _OF_ENTRIES if entries is not None else names
        cells = {name: self._cell(fields[name], inner) for name in ("id", "at", "room", "bound", "bound_at") if name in fields}
        when = self._cell(fields["when"], NAMES) if "when" in fields else None
        values = self._value(fields["fields"], inner) if "fields" in fields else {}
        if not isinstance(values, dict):
            self._refuse(fields["fields"], "`fields` are names with an expression each")
        if len(self.faults) > before or not isinstance(values, dict):
            return None
        some = {name: cells.get(name) for name in ("room", "bound", "bound_at")}
        ident, at = cells["id"], cells["at"]
        assert ident is not None and at is not None  # noqa: S101 (asked for above)
        return Rule(_line(node), topic, kind, when, tuple(let), entries, id=ident, at=at, fields=values, **some)

    def _let(self, node: yaml.Node | None) -> list[tuple[str, Cell]]:
        if node is None:
            return []
        found: list[tuple[str, Cell]] = []
        known = NAMES
        for name, value in self._fields(node, None, set()).items():
            if name in known | _OF_ENTRIES or not name.isidentifier():
                self._refuse(value, f"{name[:40]} cannot be given as a name")
            elif (cell := self._cell(value, known)) is not None:
                found.append((name, cell))
            known = known | {name}
        return found

    def _entries(self, fields: dict[str, yaml.Node], names: frozenset[str]) -> Entries | None:
        each = self._cell(fields["each"], names)
        inner = names | _OF_ENTRIES
        group, where = (self._cell(fields[name], inner) if name in fields else None for name in ("group", "where"))
        return None if each is None else Entries(each, group, where)

    def _value(self, node: yaml.Node, names: frozenset[str]) -> Value | None:
        if not isinstance(node, yaml.MappingNode):
            return self._cell(node, names)
        if "each" not in (keys := {key.value for key, _ in node.value}):
            found = {name: self._value(value, names) for name, value in self._fields(node, None, set()).items()}
            return {name: value for name, value in found.items() if value is not None}
        if "item" not in keys:
            self._refuse(node, "a list has `each` and `item`")
            return None
        fields = self._fields(node, _LIST_WORDS, {"each", "item"})
        entries, item = self._entries(fields, names), self._value(fields["item"], names | _OF_ENTRIES)
        return None if entries is None or item is None else Listing(entries, item)

    def _cell(self, node: yaml.Node, names: frozenset[str]) -> Cell | None:
        if not isinstance(node, yaml.ScalarNode):
            self._refuse(node, "an expression is a text")
            return None
        first = _line(node) + (node.style in ("|", ">"))
        try:
            expression = Expression(node.value)
        except NotCompiled as error:
            self.faults.append((first + max(0, error.line - 1), f"{error.reason}{f' (column {error.column})' if error.column else ''}"))
            return None
        if unknown := sorted(expression.free - names):
            self.faults.append((first, f"nothing is called {', '.join(unknown)[:80]} here"))
            return None
        return Cell(first, expression)

    def _fields(self, node: yaml.Node, allowed: set[str] | None, needed: set[str]) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self._refuse(node, "this must be fields with names")
            return {}
        found: dict[str, yaml.Node] = {key.value: value for key, value in node.value}
        for key, _ in node.value:
            if allowed is not None and key.value not in allowed:
                self._refuse(key, f"no field {key.value[:40]}: one of {', '.join(sorted(allowed))}")
        if missing := sorted(needed - found.keys()):
            self._refuse(node, f"{', '.join(missing)} must be there")
        return found

    def _word(self, node: yaml.Node | None) -> str:
        return str(node.value) if isinstance(node, yaml.ScalarNode) else ""

    def _refuse(self, node: yaml.Node, why: str) -> None:
        self.faults.append((_line(node), why))


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1
