"""The review of a broadcast, after it or while it goes on: what a report shows, made from the room's material. Ready for JSON."""

from collections.abc import Iterable, Mapping
from typing import Any

from streams import board, effects, hosts, on_air, windows
from streams.board_rules import BoardRules
from streams.effects import Minutes
from streams.material import Material

Row = dict[str, Any]
_OF_BOARD = (
    "room", "title", "status", "platform", "host", "currency", "goal_gmv", "opened_at", "closed_at", "spans", "minutes_on_air", "at",
    "as_of", "total", "funnel", "sources", "audience", "violation_counts",
)  # fmt: skip


def wanted(material: Material, now_ms: int) -> dict[str, set[int]]:
    """Product → the minutes of it that the review compares: around notes about it and its explanations."""
    found: dict[str, set[int]] = {}
    for note in _notes(material):
        if note.get("product"):
            found.setdefault(note["product"], set()).update(effects.within(effects.around(note["at"]), material.minutes.keys()))
    for product in _explained(material):
        for start, end in effects.explanations(material.scenes, product):
            span = effects.touched(start, _end(material, start, end, now_ms))
            found.setdefault(product, set()).update(effects.within(span, material.minutes.keys()))
    return found


def build(material: Material, product_minutes: Mapping[str, Minutes], now_ms: int, rules: BoardRules) -> Row:
    """The review as of `now_ms`; `product_minutes`: what `wanted` asked for. Money in minor units, times in ms."""
    whole = board.build(material, now_ms, rules)
    rows = board.minutes(material, 0, now_ms + 1, now_ms)
    room = {row["at"] // windows.MINUTE_MS: row for row in rows}
    return {
        **{name: whole[name] for name in _OF_BOARD},
        "products": [_product(material, row, room, product_minutes, now_ms) for row in whole["products"]],
        "hosts": hosts.figures(_shifts(material, whole, now_ms), material.minutes),
        "notes": notes(material, room, product_minutes, now_ms),
        "minutes": rows,
    }


def notes(material: Material, room: Minutes, product_minutes: Mapping[str, Minutes], now_ms: int) -> list[Row]:
    """The notes, oldest first, each with `effect` (`streams.effects.after`): of its product, where it has one, else of the room."""
    rows = []
    for note in sorted(_notes(material), key=lambda note: (note["at"], note["id"])):
        clicked = product_minutes.get(note["product"], {}) if note.get("product") else room
        shelved = material.shelf.get(note.get("product") or "")
        effect = effects.after(note["at"], now_ms, room, clicked, on_air.around(material, note["at"]))
        rows.append({**note, "number": None if shelved is None else shelved.number, "effect": effect})
    return rows


def explained(material: Material, product: str, room: Minutes, own: Minutes, now_ms: int) -> list[Row]:
    """The explanations of a product, oldest first, each with what it did (`streams.effects.effect`); `own`: the product's minutes."""
    return [
        {"start": start, "end": end, **effects.effect(start, _end(material, start, end, now_ms), room, own, on_air.around(material, start))}
        for start, end in effects.explanations(material.scenes, product)
    ]


def _product(material: Material, row: Row, room: Minutes, product_minutes: Mapping[str, Minutes], now_ms: int) -> Row:
    name = row["product"]
    return {**row, "explained": explained(material, name, room, product_minutes.get(name, {}), now_ms)}


def _shifts(material: Material, whole: Row, now_ms: int) -> list[hosts.Shift]:
    end_ms = whole["closed_at"] or now_ms
    found = hosts.shifts(material.scenes, end_ms)
    opened = whole["opened_at"]
    if not found and whole["host"] and opened is not None and opened < end_ms:
        return [hosts.Shift(whole["host"], opened, end_ms)]
    return found


def _end(material: Material, start: int, end: int | None, now_ms: int) -> int:
    """An explanation that was not ended goes on until the room is closed, or until now; one that began after that has only begun."""
    if end is not None:
        return end
    said: list[tuple[int, str]] = sorted((scene["at"], scene["kind"]) for scene in material.scenes if scene["kind"] in on_air.KINDS)
    closed = next((at for at, kind in said if kind == "closed" and at >= start), None)
    if closed is None:
        return start if said and said[-1][1] == "closed" else max(start, now_ms)
    return closed


def _notes(material: Material) -> Iterable[Row]:
    return [scene for scene in material.scenes if scene["kind"] == "noted"]


def _explained(material: Material) -> Iterable[str]:
    return {scene["product"] for scene in material.scenes if scene["kind"] == "explain_started"}
