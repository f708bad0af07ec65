"""Titles and messages of alerts: texts with {places} for facts. What stands in a fact is never read as a place, markup or line.

{last_5m.gmv:money}     a fact, or one of the rule's own values, in a format:
number   12,345 or 4.2 (what a place without format gives)     percent   0.123 → 12.3%
money    minor units in the room's currency: ¥1,234.50         text      as it is
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from streams.alerts.expression import Names, Unknown, look_up
from streams.alerts.syntax import Path

MAX_TEMPLATE = 500
_MAX_VALUE = 80
_NONE = "–"
_PLACE = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*", re.ASCII)
#: Control characters, lines and what turns the reading direction around: a product's title may hold them.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$"}


class BadTemplate(Exception):
    """A text whose places cannot be filled; the message says which."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text in pieces: plain ones, and places (path, format)."""

    pieces: tuple[str | tuple[Path, str], ...]

    @property
    def paths(self) -> list[Path]:
        """The facts and values it names."""
        return [piece[0] for piece in self.pieces if not isinstance(piece, str)]

    def render(self, names: Names, values: Mapping[str, Any]) -> str:
        """The text, with what the facts are now; a fact without value is a dash."""
        return "".join(piece if isinstance(piece, str) else self._place(*piece, names, values) for piece in self.pieces)

    def _place(self, path: Path, form: str, names: Names, values: Mapping[str, Any]) -> str:
        value = values[path[0]] if len(path) == 1 and path[0] in values else look_up(names, path)
        if value is None or isinstance(value, Unknown | dict | list):
            return _NONE
        return clean(_FORMATS[form](value, look_up(names, ("room", "currency"))))


def template(text: str) -> Template:
    """Raises BadTemplate."""
    if len(text) > MAX_TEMPLATE:
        raise BadTemplate(f"longer than {MAX_TEMPLATE} characters")
    pieces: list[str | tuple[Path, str]] = []
    end = 0
    for match in _PLACE.finditer(text):
        name, _, form = match.group(1).partition(":")
        if not _NAME.fullmatch(name):
            raise BadTemplate(f"no name of a fact: {{{match.group(1)}}}")
        if (form or "number") not in _FORMATS:
            raise BadTemplate(f"no format {form}: one of {', '.join(_FORMATS)}")
        pieces += [text[end : match.start()], (tuple(name.split(".")), form or "number")]
        end = match.end()
    pieces.append(text[end:])
    if any(isinstance(piece, str) and ("{" in piece or "}" in piece) for piece in pieces):
        raise BadTemplate("a brace without its other half")
    return Template(tuple(piece for piece in pieces if piece))


def clean(text: str) -> str:
    """One short line of plain characters."""
    line = " ".join(_UNSEEN.sub(" ", text).split())
    return line if len(line) <= _MAX_VALUE else line[: _MAX_VALUE - 1] + "…"


def _number(value: Any, _currency: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if not isfinite(value):
        return _NONE
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:,.1f}" if abs(value) >= 1 else f"{value:.3g}"


def _percent(value: Any, currency: Any) -> str:
    if not isinstance(value, int | float) or not isfinite(value):
        return _number(value, currency)
    return f"{value * 100:,.1f}".removesuffix(".0") + "%"


def _money(value: Any, currency: Any) -> str:
    if not isinstance(value, int | float) or not isfinite(value):
        return _number(value, currency)
    sign = "-" if value < 0 else ""
    return f"{sign}{_SIGNS.get(str(currency), f'{currency} ')}{abs(value) / 100:,.2f}"


def _text(value: Any, _currency: Any) -> str:
    return str(value)


_FORMATS: dict[str, Callable[[Any, Any], str]] = {"number": _number, "percent": _percent, "money": _money, "text": _text}
