"""The rules that come with livescreen."""

from importlib.resources import files

from streams.alerts import Rule, parse
from streams.wording import Template

TEXT = (files("streams.alerts") / "defaults.yaml").read_text()
RULES, PROBLEMS = parse(TEXT)


def test_every_one_is_whole() -> None:
    assert PROBLEMS == []
    assert len(RULES) == TEXT.count("\n- id:")


def test_they_cover_what_a_room_is_warned_of() -> None:
    kinds = {
        kind: {rule.id for rule in RULES if rule.kind == kind} for kind in ("traffic", "trade", "stock", "orders", "violation", "data")
    }
    assert kinds["traffic"] == {
        "online_falling", "online_collapsing", "online_surging", "entries_falling", "entries_collapsing", "entries_surging",
        "view_rate_falling", "negative_feedback",
    }  # fmt: skip
    assert kinds["trade"] == {"gmv_falling", "uv_value_falling", "pay_rate_low", "no_orders", "refund_surge"}
    assert kinds["stock"] == {"stock_urgent", "stock_running_out", "sold_out_explaining"}
    assert kinds["orders"] == {"unpaid_many", "unpaid_old", "product_unpaid"}
    assert kinds["violation"] == {"platform_violation", "found_violation", "comment_flood"}
    assert kinds["data"] == {"topic_silent", "topic_behind"}


def test_what_compares_figures_has_a_minimum_and_needs_its_topics() -> None:
    for rule in RULES:
        if rule.kind in ("traffic", "trade"):
            assert rule.minimum is not None, rule.id
            assert rule.needs, rule.id


def test_both_languages_name_the_same_facts() -> None:
    def facts(*texts: Template) -> set[tuple[str, ...]]:
        return {tuple(name.removesuffix("_zh").removesuffix("_en") for name in path) for text in texts for path in text.paths}

    def chinese(rule: Rule) -> set[tuple[str, ...]]:
        return facts(rule.title_zh, rule.message_zh)

    assert [rule.id for rule in RULES if chinese(rule) != facts(rule.title_en, rule.message_en)] == []
