"""The figures of a sentence and of the board beside it are the same."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from streams import alert_rows, topics
from streams.alerts import Rule, evaluate
from streams.alerts.live import Live
from streams.material import Material
from tests.rooms.build import NOW

Shown = Callable[..., dict[str, Any]]
Make = Callable[..., Rule]


def stored(rules: list[Rule], board: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The states of alerts that fired on this board, as the store has them."""
    states, told = evaluate(rules, board, [], {}, NOW)
    assert told
    return {key: {**msgspec.to_builtins(state), **fields} for key, state in states.items()}


def messages(states: dict[str, Any], board: dict[str, Any], now_ms: int = NOW) -> list[str]:
    return [row["message_en"] for row in alert_rows.rows(states, now_ms, Live(board, list, now_ms))]


def test_a_product_has_as_many_left_as_its_row_says(rule: Make, shown: Shown) -> None:
    made = rule(subject="product", when="product.total.gmv < 100", message="{zh: '{product.total.gmv}', en: '{product.total.gmv} left'}")
    states = stored([made], shown(Material("room", products={"p": {"gmv": 27}})))
    board = shown(Material("room", products={"p": {"gmv": 32}}))
    assert messages(states, board) == [f"{board['products'][0]['total']['gmv']} left"] == ["32 left"]
    assert [row["message_en"] for row in alert_rows.rows(states, NOW)] == ["27 left"]


def test_a_topic_is_silent_as_long_as_it_is(rule: Make, shown: Shown) -> None:
    texts = "{zh: '{topic.name:text} {topic.silent_seconds:duration}', en: '{topic.name} {topic.silent_seconds:duration}'}"
    made = rule(subject="topic", when="topic.silent_seconds > 60", message=texts)
    board = {**shown(), "as_of": {topics.VIEWS: NOW - 67_700}}
    states = stored([made], board)
    shown_rows = alert_rows.rows(states, NOW + 180_000, Live(board, list, NOW + 180_000))
    assert [(row["message_zh"], row["message_en"]) for row in shown_rows] == [("观看数据 4 分 8 秒", "viewing data 4 min 8 s")]


@pytest.mark.parametrize(
    "fields", [{"status": "resolved", "resolved_ms": NOW}, {"clear_ms": NOW}, {"unknown": "silent:live.views"}, {"subject": "gone"}]
)
def test_what_is_over_or_cannot_be_judged_stays_as_it_was_last(rule: Make, shown: Shown, fields: dict[str, Any]) -> None:
    made = rule(subject="product", when="product.total.gmv < 100", message="{zh: a, en: '{product.total.gmv}'}")
    states = stored([made], shown(Material("room", products={"p": {"gmv": 27}})), **fields)
    assert messages(states, shown(Material("room", products={"p": {"gmv": 32}}))) == ["27"]


def test_the_figures_of_one_sentence_are_of_one_moment(rule: Make, shown: Shown) -> None:
    texts = "{zh: a, en: '{last_5m.entries}, {change:percent} fewer'}"
    made = rule(values="{change: 1 - last_5m.entries / previous_5m.entries}", message=texts)
    states = stored([made], shown(last_5m={"entries": 40}, previous_5m={"entries": 160}))
    assert messages(states, shown(last_5m={"entries": 80}, previous_5m={"entries": 160})) == ["40, 75% fewer"]


def test_what_the_board_does_not_know_is_what_was_written_down(rule: Make, shown: Shown) -> None:
    made = rule(subject="topic", when="topic.behind_seconds > 15", message="{zh: a, en: '{topic.behind_seconds:duration}'}")
    states = stored([made], {**shown(), "backlog": {topics.ORDERS: 20_000}})
    assert messages(states, shown()) == ["20 s"]
