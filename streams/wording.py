"""Titles and messages of alerts: texts with {places} for facts. What stands in a fact is never read as a place, markup or line.

An alert is stored with its texts as they are written and its facts by name; the sentence is made where it is read, in the language of
who reads it.

{last_5m.gmv:money}     a fact, or one of the rule's own values, in a format:
number   12,345 or 4.2 (what a place without format gives)     percent   0.123 → 12.3%
money    minor units in the room's currency, with its digits: ¥1,234.50, JPY 1,234         text      as it is
duration seconds: 3 分 5 秒, 3 min 5 s
The name of a topic is said in words, whatever its format: 观看数据, viewing data.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any, Literal

from streams import money, topics

#: A fact by its names, outermost first: ("last_5m", "gmv"); a rule's own value: ("change",).
Path = tuple[str, ...]
Language = Literal["zh", "en"]
CURRENCY: Path = ("room", "currency")
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
    """A text in pieces: plain ones, and places (path, format). source: as it is written."""

    pieces: tuple[str | tuple[Path, str], ...]
    source: str = ""

    @property
    def paths(self) -> list[Path]:
        """The facts and values it names."""
        return [piece[0] for piece in self.pieces if not isinstance(piece, str)]

    def fill(self, facts: Mapping[str, Any], language: Language) -> str:
        """The text with its facts, by name ("last_5m.gmv"); one without value, or that is no single value, is a dash."""
        return "".join(piece if isinstance(piece, str) else _place(*piece, facts, language) for piece in self.pieces)


def _place(path: Path, form: str, facts: Mapping[str, Any], language: Language) -> str:
    value = facts.get(".".join(path))
    if value is None or isinstance(value, dict | list):
        return _NONE
    if path == ("topic", "name"):
        return topic_name(str(value), language)
    if form == "duration":
        return _duration(value, language)
    return clean(_FORMATS[form](value, facts.get(".".join(CURRENCY))))


def topic_name(topic: str, language: Language) -> str:
    """What people call the events of a topic."""
    return clean(_TOPICS.get(topic, {}).get(language, topic))


@lru_cache(maxsize=1_024)
def _read(text: str) -> Template:
    try:
        return template(text)
    except BadTemplate:
        return Template((text,), text)


def filled(text: str, facts: Mapping[str, Any], language: Language) -> str:
    """A stored text with its facts; one that is no template stands as it is."""
    return _read(text).fill(facts, language)


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
        if (form or "number") not in FORMATS:
            raise BadTemplate(f"no format {form}: one of {', '.join(FORMATS)}")
        pieces += [text[end : match.start()], (tuple(name.split(".")), form or "number")]
        end = match.end()
    pieces.append(text[end:])
    if any(isinstance(piece, str) and ("{" in piece or "}" in piece) for piece in pieces):
        raise BadTemplate("a brace without its other half")
    return Template(tuple(piece for piece in pieces if piece), text)


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
    return f"{sign}{_SIGNS.get(str(currency), f'{currency} ')}{money.written(abs(value), str(currency))}"


def _text(value: Any, _currency: Any) -> str:
    return str(value)


_FORMATS: dict[str, Callable[[Any, Any], str]] = {"number": _number, "percent": _percent, "money": _money, "text": _text}
FORMATS = (*_FORMATS, "duration")

_TOPICS: dict[str, dict[Language, str]] = {
    topics.VIEWS: {"zh": "观看数据", "en": "viewing data"},
    topics.CLICKS: {"zh": "商品点击数据", "en": "product click data"},
    topics.ORDERS: {"zh": "订单数据", "en": "order data"},
    topics.COMMENTS: {"zh": "评论数据", "en": "comment data"},
    topics.SCENES: {"zh": "场控数据", "en": "scene data"},
}
_UNITS: dict[Language, tuple[str, str, str]] = {"zh": (" 小时", " 分", " 秒"), "en": (" h", " min", " s")}


def _duration(value: Any, language: Language) -> str:
    """The two largest units."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return _number(value, None)
    seconds = max(0, round(value))
    parts = (seconds // 3600, seconds // 60 % 60, seconds % 60)
    first = next((place for place, part in enumerate(parts) if part), 2)
    return " ".join(f"{part}{unit}" for part, unit in zip(parts[first : first + 2], _UNITS[language][first : first + 2], strict=True))
