"""The figures in an alert's sentence as they are in the board beside it, for whoever shows both."""

from collections.abc import Callable, Mapping
from typing import Any

from streams.alerts.evaluation import plain
from streams.alerts.expression import look_up
from streams.alerts.facts import Board, Facts, Minutes, Named
from streams.alerts.life import ACTIVE


class Live:
    """Facts of one board, by name, for states as stored. `minutes`: as `streams.alerts.facts.Facts` takes them.

    Nothing where the sentence is to stay as it was written down last: the alert is over, its condition does not hold now or cannot be
    judged, or the rule computes a value of its own, which only the evaluator does: the figures of one sentence are of one moment.
    """

    def __init__(self, board: Board, minutes: Callable[[], Minutes], now_ms: int) -> None:
        self._board, self._minutes, self._now_ms = board, minutes, now_ms
        self._facts: Facts | None = None

    def __call__(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """What the state's texts name, as far as the board has a value for it."""
        written = state.get("facts", {})
        if not _goes_on(state) or not all("." in name for name in written):
            return {}
        names = self._named(state["said"].get("about", "room"), state["subject"])
        if names is None:
            return {}
        found = {name: plain(look_up(names, tuple(name.split(".")))) for name in written}
        return {name: value for name, value in found.items() if value is not None}

    def _named(self, about: str, subject: str) -> Named | None:
        if self._facts is None:
            self._facts = Facts(self._board, self._minutes(), self._now_ms)
        row = dict(self._facts.subjects(about)).get(subject)
        return None if row is None else Named(self._facts, about, row)


def _goes_on(state: Mapping[str, Any]) -> bool:
    return state["status"] in ACTIVE and state.get("clear_ms") is None and state.get("unknown") is None
