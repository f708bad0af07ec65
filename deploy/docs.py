"""The parts of docs/ that follow from the code: `python -m deploy.docs` writes them, and a test fails where they have drifted.

A part stands between `<!-- NAME: … -->` and `<!-- /NAME -->`; what is around it is written by hand.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from deploy.settings import Settings, variable
from screen import close
from streams import metrics
from streams.metrics import DICTIONARY, Group, Metric

DOCS = Path(__file__).resolve().parent.parent / "docs"
_UNITS = {
    "count": "count",
    "people": "people",
    "money": "minor units",
    "seconds": "s",
    "ratio": "ratio, 1 = 100 %",
    "rate": "number",
}
_PRODUCT_GPM = "; of a product: ÷ `product_impressions`"


def settings() -> str:
    """Each variable with its default and meaning."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"
        rows.append((f"`{variable(name)}`", default, field.description or ""))
    return _table(("variable", "default", "meaning"), rows)


def metrics_of(group: Group) -> str:
    """The metrics of one group of the dictionary."""
    rows = [_metric(metric) for metric in DICTIONARY.values() if metric.group == group]
    return _table(("name", "screen label", "unit", "of", "definition", "formula"), rows)


def _metric(metric: Metric) -> Sequence[str]:
    slices = {"room": metrics.ROOM, "window": metrics.ROOM_PART, "product": metrics.PRODUCT, "source": metrics.SOURCE}
    of = ", ".join(name for name, names in slices.items() if metric.name in names)
    return f"`{metric.name}`", f"{metric.zh} · {metric.en}", _UNITS[metric.unit], of, metric.definition_en, _formula(metric)


def _formula(metric: Metric) -> str:
    if metric.formula is None:
        return ""
    above, below, times = metric.formula
    text = f"`{above}`{f' × {times}' if times != 1 else ''} ÷ `{below}`"
    part = metrics.PART.get(metric.name)
    text += f"; over a window: `{part.above}` ÷ `{part.below}`" if part else ""
    return text + (_PRODUCT_GPM if metric.name == "gpm" else "")


def close_codes() -> str:
    """Why the server closes a websocket."""
    rows = [(str(each.code), f"`{each.name}`", "yes" if each.reconnect else "no", each.when) for each in close.ALL]
    return _table(("code", "reason", "come back", "when"), rows)


#: File → part → what stands in it.
PARTS: dict[str, dict[str, Callable[[], str]]] = {
    "configuration.md": {"settings": settings},
    "metrics.md": {
        "traffic": lambda: metrics_of("traffic"),
        "interaction": lambda: metrics_of("interaction"),
        "trade": lambda: metrics_of("trade"),
    },
    "websocket.md": {"close codes": close_codes},
}


def renewed(text: str, parts: dict[str, Callable[[], str]]) -> str:
    """A page with its parts as the code has them now; ValueError where a part has no place in it."""
    for name, make in parts.items():
        found = re.search(rf"(<!-- {name}: [^\n]* -->\n)(.*?)\n<!-- /{name} -->", text, re.DOTALL)
        if found is None:
            raise ValueError(f"there is no place for the part {name!r}")
        begin, end = found.span(2)
        text = text[:begin] + make() + text[end:]
    return text


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("|" + "|".join(f" {cell} " if cell != "---" else cell for cell in line) + "|" for line in lines)


def main() -> None:
    """Writes the pages whose parts have changed, and says which."""
    for name, parts in PARTS.items():
        page = DOCS / name
        text = page.read_text("utf-8")
        after = renewed(text, parts)
        if after != text:
            page.write_text(after, "utf-8")
            print(f"docs/{name}")


if __name__ == "__main__":
    main()
