from collections.abc import Callable
from typing import Any

import pytest

from streams.alerts import Rule, State, Unknown
from streams.alerts.facts import Facts, Named
from streams.alerts.verdict import judge
from tests.rooms.build import NOW

Shown = Callable[..., dict[str, Any]]
Make = Callable[..., Rule]


def verdict(rule: Rule, board: dict[str, Any], status: str | None = None) -> bool | Unknown:
    facts = Facts(board, [], NOW)
    state = State(rule.id, "", status=status) if status else None  # type: ignore[arg-type]
    names = Named(facts, "room", {})
    return judge(rule, state, facts, names, rule.when.holds(names))


@pytest.mark.parametrize(("entries", "holds"), [(49, True), (50, False)])
@pytest.mark.parametrize("status", [None, "inactive", "pending", "firing", "acknowledged", "resolved"])
def test_a_plain_condition(rule: Make, shown: Shown, entries: int, holds: bool, status: str | None) -> None:
    assert verdict(rule(), shown(last_5m={"entries": entries}), status) is holds


@pytest.mark.parametrize(
    ("status", "entries", "holds"),
    [
        (None, 60, False),
        ("pending", 60, False),
        ("firing", 60, True),
        ("acknowledged", 60, True),
        ("firing", 80, False),
        ("firing", 40, True),
    ],
)
def test_hysteresis_is_for_active_alerts(rule: Make, shown: Shown, status: str | None, entries: int, holds: bool) -> None:
    made = rule(resolve_when="last_5m.entries >= 80")
    assert verdict(made, shown(last_5m={"entries": entries}), status) is holds


def test_the_minimum_counts_only_where_the_condition_holds(rule: Make, shown: Shown) -> None:
    made = rule(minimum="previous_5m.entries >= 100")
    assert verdict(made, shown(last_5m={"entries": 1}, previous_5m={"entries": 99}), "firing") == Unknown("low_volume")
    assert verdict(made, shown(last_5m={"entries": 60}, previous_5m={"entries": 99}), "firing") is False
    assert verdict(made, shown(last_5m={"entries": 1}, previous_5m={"entries": 100})) is True


def test_a_minimum_that_is_unknown_is_not_enough(rule: Make, shown: Shown) -> None:
    made = rule(minimum="last_5m.pay_rate > 0")
    assert verdict(made, shown(last_5m={"entries": 1})) == Unknown("no_value", "last_5m.pay_rate")


@pytest.mark.parametrize("status", ["pending", "firing"])
def test_stale_figures_say_neither_yes_nor_no(rule: Make, shown: Shown, status: str) -> None:
    made = rule(needs="{live.views: 60s, live.orders: any}")
    for entries in (40, 60):
        board = shown(last_5m={"entries": entries})
        board["as_of"]["live.views"] = NOW - 60_001
        assert verdict(made, board, status) == Unknown("silent", "live.views")
        board = shown(last_5m={"entries": entries})
        board["as_of"]["live.orders"] = None
        board["backlog"] = {"live.orders": 15_001}
        assert verdict(made, board, status) == Unknown("behind", "live.orders")
    board["backlog"] = {"live.orders": 15_000}
    assert verdict(made, board, status) is False


def test_where_nothing_goes_on_a_false_condition_asks_no_more(rule: Make, shown: Shown) -> None:
    board = shown(last_5m={"entries": 60})
    board["as_of"]["live.views"] = None
    assert verdict(rule(needs="{live.views: 60s}"), board) is False
