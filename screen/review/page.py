"""A review as one HTML page that needs nothing else, for reading and printing."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from typing import Any

from screen.review.tables import Cell, Column, Row, Sort, Table, Writing, sort_of

_STYLE = """
:root{color-scheme:light}
body{font:14px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;color:#1a1c20;margin:0 auto;max-width:100rem;padding:1.5rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
.facts{color:#555;margin:.25rem 0 1rem}.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.85rem}
th,td{border-bottom:1px solid #ddd;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#f4f5f7;font-weight:600;overflow-wrap:normal}
.n{text-align:right;font-variant-numeric:tabular-nums}td.n,.time{white-space:nowrap}.text{min-width:6rem}th.n,.word{min-width:3.6rem}
.totals dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.5rem;margin:0}
.totals div{border:1px solid #ddd;border-radius:.4rem;padding:.4rem .6rem}
.totals dt{font-size:.85rem}.totals dd{margin:0;font-size:1.15rem;font-weight:600}
.none{color:#666}
svg{width:100%;height:12rem}
svg path{fill:none;stroke-width:1.5;vector-effect:non-scaling-stroke}
.online{stroke:#2563eb}.gmv{stroke:#c2410c}
.key span{margin-right:1rem}.key .online,.key .gmv{font-weight:600}.key .online{color:#2563eb}.key .gmv{color:#c2410c}
@media print{body{max-width:none;padding:0}h2{break-after:avoid}tr{break-inside:avoid}.wide{overflow:visible}table{font-size:7pt}}
"""
_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
#: What the page may load: its own style, and nothing else.
CONTENT_SECURITY_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_LANGUAGES = {"zh": "zh-CN", "en": "en"}
_HEIGHT = 100
_NUMBERS = ("money", "count", "ratio", "number")


def render(review: Row, tables: list[Table], writing: Writing) -> str:
    """The page; the first of the tables is that of the totals. All text from outside is escaped where it is written."""
    title = f"{review['title']} · {writing.word('review')}"
    sections = "".join(_section(table, writing, _chart(review, writing) if table.name == "trend" else "") for table in tables[1:])
    return (
        f'<!doctype html><html lang="{_LANGUAGES[writing.language]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(title)}</h1><p class=facts>{_facts(review, writing)}</p>{_totals(review, writing)}{sections}</main></body></html>"
    )


def _facts(review: Row, writing: Writing) -> str:
    facts = [writing.word(review["status"])]
    if review["platform"] == "simulated":
        facts.append(writing.word("simulated"))
    if review["host"]:
        facts.append(f"{writing.word('host')} {review['host']}")
    for name, value in (("opened_at", review["opened_at"]), ("closed_at", review["closed_at"]), ("as_of", review["at"])):
        if value is not None:
            facts.append(f"{writing.word(name)} {writing.cell(value, 'time')}")
    facts += [str(writing.zone), writing.currency]
    return escape(" · ".join(facts))


def _totals(review: Row, writing: Writing) -> str:
    """The first table as cards, each figure in its own unit."""
    cards = "".join(
        f"<div><dt>{escape(writing.word(name))}</dt><dd>{_cell(writing.cell(value, sort_of(name)), sort_of(name))}</dd></div>"
        for name, value in review["total"].items()
    )
    return f"<section class=totals><h2>{escape(writing.word('totals'))}</h2><dl>{cards}</dl></section>"


def _section(table: Table, writing: Writing, above: str) -> str:
    heading = f"<section class={table.name}><h2>{escape(table.title)}</h2>"
    if not table.rows:
        return f"{heading}<p class=none>{escape(writing.word('none'))}</p></section>"
    head = "".join(f"<th scope=col{_class(column)}>{escape(column.heading)}</th>" for column in table.columns)
    body = "".join(f"<tr>{_row(row, table.columns)}</tr>" for row in table.rows)
    return f"{heading}{above}<div class=wide><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></section>"


def _row(row: Sequence[Cell], columns: Sequence[Column]) -> str:
    return "".join(f"<td{_class(column)}>{_cell(cell, column.sort)}</td>" for cell, column in zip(row, columns, strict=True))


def _class(column: Column) -> str:
    return f" class={'n' if column.sort in _NUMBERS else column.sort}"


def _cell(cell: Cell, sort: Sort) -> str:
    if cell is None:
        return "—"
    if isinstance(cell, str):
        return escape(cell)
    if sort == "ratio":
        return f"{cell:.2%}"
    return f"{cell:,.2f}" if sort == "money" or isinstance(cell, float) else f"{cell:,}"


def _chart(review: Row, writing: Writing) -> str:
    """Online people and GMV by the minute, each on its own scale; the table below has the figures."""
    minutes: list[dict[str, Any]] = review["minutes"]
    if len(minutes) < 2:
        return ""
    start, end = minutes[0]["at"], minutes[-1]["at"]
    lines = []
    for name in ("online", "gmv"):
        top = max(row[name] or 0 for row in minutes) or 1
        points = " ".join(
            f"{(row['at'] - start) * 1000 / (end - start):.1f},{_HEIGHT - (row[name] or 0) * _HEIGHT / top:.1f}" for row in minutes
        )
        lines.append(f'<path class={name} d="M{points}"/>')
    keys = "".join(f"<span class={name}>{escape(writing.word(name))}</span>" for name in ("online", "gmv"))
    return f'<svg viewBox="0 0 1000 {_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">{"".join(lines)}</svg><p class=key>{keys}</p>'
