"""A CEL expression over facts: compiled once, executed with only what it names, and never able to break its caller."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Protocol

from streams.alerts.syntax import NotAllowed, Path, outline
from streams.cel_source import NotCompiled, compiled

if TYPE_CHECKING:
    pass

#: Rows of a list that an expression is given; the rest are left out.
MAX_ROWS = 200
#: Longer texts are cut.
MAX_TEXT = 500
_MAX_DETAIL = 200


class Names(Protocol):
    """Facts by their outermost name. KeyError: there is none of this name."""

    def __getitem__(self, name: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Unknown:
    """Not to be told, and why.

    reason  "no_value", "error", "low_volume", "silent" or "behind"     detail  which fact or topic, or what went wrong
    """

    reason: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.reason}:{self.detail}" if self.detail else self.reason


#: name → what is wanted below it; nothing below: the whole value
_Tree = dict[str, "_Tree"]


class Expression:
    """Raises NotCompiled when the source is no expression, or holds what `streams.alerts.syntax` refuses."""

    def __init__(self, source: str) -> None:
        try:
            found = outline(source)
        except NotAllowed as refusal:
            raise NotCompiled(str(refusal)) from refusal
        compiled(source)  # for the place of an error; what runs is the text with doubles
        self.source = source
        self.paths: tuple[Path, ...] = tuple(dict.fromkeys(found.paths))
        self.words = frozenset(found.words)
        self._tree = _tree(self.paths)
        self._inputs = [(name, _getter(below)) for name, below in self._tree.items()]
        self._program = compiled(found.text)

    def execute(self, names: Names) -> Any:
        """The value, or Unknown: a fact has no value (yet), a type does not fit, a number is too big …"""
        try:
            context = {name: _pick(names[name], below, self.words) for name, below in self._tree.items()}
            return self._program.execute(context)
        except Exception as error:  # noqa: BLE001 - whatever a rule's text leads to is its own failure, said as its reason
            return self._why(names, error)

    def inputs(self, names: Names) -> list[Any] | None:
        """All that its value depends on, to be compared: equal inputs, equal values. None: something that it names is not there."""
        try:
            return [get(names[name]) for name, get in self._inputs]
        except (KeyError, TypeError):
            return None

    def holds(self, names: Names) -> "bool | Unknown":
        """The same for a condition: anything but true and false is Unknown."""
        value = self.execute(names)
        if isinstance(value, bool | Unknown):
            return value
        return Unknown("error", f"neither true nor false but {type(value).__name__}")

    def facts(self, names: Names) -> dict[str, Any]:
        """The facts it names, as they are: "last_5m.gmv" → 1200. Lists and groups of facts are left out."""
        found = {".".join(path): look_up(names, path) for path in self.paths}
        return {name: value for name, value in found.items() if not isinstance(value, dict | list)}

    def _why(self, names: Names, error: Exception) -> Unknown:
        for path in self.paths:
            if look_up(names, path) is None:
                return Unknown("no_value", ".".join(path)[:_MAX_DETAIL])
        if isinstance(error, KeyError):
            return Unknown("error", f"no fact {error.args[0]}"[:_MAX_DETAIL])
        return Unknown("error", " ".join(str(error).split())[:_MAX_DETAIL])


def look_up(names: Names, path: Path) -> Any:
    """The fact at a path; None where it has no value or is not there."""
    value: Any = names
    for name in path:
        try:
            value = value[name]
        except (KeyError, TypeError):
            return None
    return value


def _tree(paths: tuple[Path, ...]) -> _Tree:
    tree: _Tree = {}
    whole = set(paths)
    for path in paths:
        branch = tree
        for length, name in enumerate(path, 1):
            branch = branch.setdefault(name, {})
            if path[:length] in whole:  # wanted whole by another path
                branch.clear()
                break
    return tree


def _getter(below: _Tree) -> Callable[[Any], Any]:
    """What takes a value's named parts from it. KeyError, TypeError: it has not all of them."""
    if not below:
        return lambda value: value
    if not any(below.values()):
        return itemgetter(*below)
    parts = [(name, _getter(rest)) for name, rest in below.items()]
    return lambda value: [get(value[name]) for name, get in parts]


def _pick(value: Any, below: _Tree, words: frozenset[str]) -> Any:
    """What the expression names of a value. Whole numbers become doubles: CEL knows no arithmetic between the two."""
    if below and isinstance(value, dict):
        return {name: _pick(value[name], rest, words) for name, rest in below.items() if name in value}
    return _whole(value, words)


def _whole(value: Any, words: frozenset[str]) -> Any:
    """A group or list that is named itself: of its rows only the fields that occur anywhere in the expression."""
    if type(value) is int:
        return float(value)
    if isinstance(value, dict):
        return {name: _whole(field, words) for name, field in value.items() if name in words}
    if isinstance(value, list):
        return [_whole(row, words) for row in value[:MAX_ROWS]]
    return value[:MAX_TEXT] if isinstance(value, str) else value
