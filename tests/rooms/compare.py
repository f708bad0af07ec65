"""What a board shows against what the brute-force count says."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from streams import events as ev
from streams import hotwords
from tests.rooms.count import MINUTE_MS, STEP_MS, Count, Presence, figures

_ESTIMATED = {
    "exposed_users", "viewers", "watching_users", "interacting_users", "new_fans", "club_joins",
    "product_exposed_users", "product_click_users",
    "average_watch_seconds", "interaction_rate", "follow_rate", "club_rate", "pay_rate", "click_pay_rate", "uv_value", "click_rate",
    "exposure_pay_rate",
}  # fmt: skip


class Comparison:
    """Compares with a count; with `exact_people` people must be equal, else within max(3, 3 %) (ratios of people are then left out)."""

    def __init__(self, count: Count, now_ms: int, exact_people: bool = True) -> None:
        self.count, self.now_ms, self.exact = count, now_ms, exact_people

    def differences(self, board: Mapping[str, Any], minutes: Mapping[int, Mapping[str, Any]]) -> list[str]:
        """What differs, a line each."""
        return [
            *self._room(board),
            *self._minutes(minutes),
            *self._products(board),
            *self._audience(board),
            *self._online(board, minutes),
            *self._said(board),
        ]

    def _figures(self, where: str, want: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[str]:
        for name, value in want.items():
            shown = got.get(name, "missing")
            if not self._same(name, value, shown):
                yield f"{where}.{name}: want {value}, got {shown}"

    def _same(self, name: str, want: Any, got: Any) -> bool:
        if not self.exact and name in _ESTIMATED:
            return not isinstance(want, int) or abs(want - got) <= max(3, 0.03 * want)
        if isinstance(want, float) and isinstance(got, int | float):
            return math.isclose(want, got, rel_tol=1e-9)
        return bool(want == got)

    def _room(self, board: Mapping[str, Any]) -> Iterator[str]:
        yield from self._figures("total", self.count.total(self.now_ms), board["total"])
        for back, name in enumerate(("last_5m", "previous_5m")):
            yield from self._figures(name, self.count.part(self.now_ms, back), board[name])
        sources = self.count.sources()
        yield from self._figures("sources", dict.fromkeys(sources, True), dict.fromkeys(board["sources"], True))
        for source, want in sources.items():
            yield from self._figures(f"source {source!r}", want, board["sources"].get(source, {}))

    def _minutes(self, minutes: Mapping[int, Mapping[str, Any]]) -> Iterator[str]:
        want = self.count.minutes(self.now_ms)
        for at in {*want, *minutes}:
            yield from self._figures(f"minute {at}", want.get(at) or figures([], 0), minutes.get(at, {}))

    def _products(self, board: Mapping[str, Any]) -> Iterator[str]:
        rows = {row["product"]: row for row in board["products"]}
        want = self.count.products(self.now_ms)
        for product, figures_of in want.items():
            row = rows.get(product)
            if row is None:
                yield f"product {product!r}: missing"
                continue
            for part in ("total", "last_5m"):
                yield from self._figures(f"product {product!r}.{part}", figures_of[part], row[part])
            if (row["stock"], row["campaign_stock"]) != figures_of["stock"]:
                yield f"product {product!r}.stock: want {figures_of['stock']}, got {row['stock'], row['campaign_stock']}"

    def _audience(self, board: Mapping[str, Any]) -> Iterator[str]:
        audience, part = board["audience"], board["audience"]["last_5m"]
        presence, payers = self.count.presence(), self.count.payers(self.now_ms)
        watching, paid, left = presence.watching(self.now_ms), self.count.paid(self.now_ms), presence.watching(self.now_ms, but=payers)
        yield from self._profiles("viewers", self.count.viewers(), audience["viewers"], exact=self.exact)
        yield from self._profiles("buyers", self.count.buyers(), audience["buyers"])
        for name, want in (("watching", watching), ("paid", paid), ("unpaid", left)):
            yield from self._profiles(f"last_5m {name}", want, part[name])

    def _profiles(self, where: str, want: Mapping[str, Any], got: Mapping[str, Any], exact: bool = True) -> Iterator[str]:
        for dimension in got:
            wanted = {value: people for value, people in want.get(dimension, {}).items() if people}
            shown = {value: people for value, people in got[dimension].items() if people}
            for value in {*wanted, *shown}:
                a, b = wanted.get(value, 0), shown.get(value, 0)
                if abs(a - b) > (0 if exact else max(3, 0.03 * a)):
                    yield f"{where}.{dimension}[{value!r}]: want {a}, got {b}"

    def _online(self, board: Mapping[str, Any], minutes: Mapping[int, Mapping[str, Any]]) -> Iterator[str]:
        presence: Presence = self.count.presence()
        steps = {at: people for at, people in presence.online().items() if at <= self.now_ms}
        total = {"online": steps.get(self.now_ms // STEP_MS * STEP_MS, 0), "online_peak": max(steps.values(), default=0)}
        mean: dict[int, float] = {}
        for at in {at // MINUTE_MS * MINUTE_MS for at in steps}:
            begun = range(at, min(at + MINUTE_MS, self.now_ms + 1), STEP_MS)
            mean[at] = sum(steps.get(step, 0) for step in begun) / len(begun)
        yield from self._figures("total", total, board["total"])
        average = sum(mean.values()) / ((max(mean) - min(mean)) / MINUTE_MS + 1) if mean else None
        for name, want, got in [
            ("online_average", average, board["total"]["online_average"]),
            *((f"minute {at}.online", mean.get(at, 0), row["online"]) for at, row in minutes.items()),
        ]:
            if (want is None) != (got is None) or (want is not None and abs(want - got) > 1e-9 * want):
                yield f"{name}: want {want}, got {got}"

    def _said(self, board: Mapping[str, Any]) -> Iterator[str]:
        said = [event for event in self.count.events if isinstance(event, ev.Commented)]
        if [row["id"] for row in board["comments"]] != [event.id for event in reversed(said[-100:])]:
            yield "comments: not the newest hundred"
        words = Counter(word for event in said for word in set(hotwords.words(event.text)))
        want = sorted(words.items(), key=lambda row: (-row[1], row[0]))[:60]
        if [(row["word"], row["count"]) for row in board["words"]] != want:
            yield f"words: want {want}, got {board['words']}"
