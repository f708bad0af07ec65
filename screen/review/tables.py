"""The tables of a review: what a page, a CSV file and a workbook show alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from screen.review.words import Language, word
from streams import money
from streams.metrics import DICTIONARY

#: A time is ms; money is minor units. "word" is one of ours, "text" is from outside.
Sort = Literal["text", "word", "time", "money", "count", "ratio", "number"]
Row = Mapping[str, Any]
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, and what it holds."""

    heading: str
    sort: Sort


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title; cells are plain values in the units people read (money in whole units), text from outside untouched."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Writing:
    """How a review is written: language, time zone, currency."""

    language: Language
    zone: ZoneInfo
    currency: str

    def word(self, name: str) -> str:
        """One of our words."""
        return word(name, self.language)

    def cell(self, value: Any, sort: Sort) -> Cell:
        """A value as people read it; None stays None."""
        if value is None:
            return None
        if sort == "time":
            return datetime.fromtimestamp(value / 1000, self.zone).strftime("%Y-%m-%d %H:%M:%S")
        if sort == "money":
            places = money.digits(self.currency)
            return round(money.whole(value, self.currency), places) if places else round(money.whole(value, self.currency))
        if sort in ("ratio", "number", "count") and isinstance(value, float):
            return round(value, 2 if sort == "count" else 4)
        cell: Cell = self.word(value) if sort == "word" else value
        return cell

    def table(
        self, name: str, columns: Iterable[tuple[str, Sort]], rows: Iterable[Row], headings: Mapping[str, str] | None = None
    ) -> Table:
        """The table `name` of the rows' fields."""
        fields = list(columns)
        heads = [Column((headings or {}).get(field) or self.word(field), sort) for field, sort in fields]
        return Table(name, self.word(name), heads, [[self.cell(row.get(field), sort) for field, sort in fields] for row in rows])


def sort_of(metric: str) -> Sort:
    """How a metric's values are written."""
    unit = DICTIONARY[metric].unit
    if unit == "money":
        return "money"
    return "count" if unit in ("count", "people") else "ratio" if unit == "ratio" else "number"


def metrics(names: Iterable[str]) -> list[tuple[str, Sort]]:
    """Columns of these metrics."""
    return [(name, sort_of(name)) for name in names]
