"""A room that was read only as far as the rules ask stands as one that was read whole."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from streams import board, topics
from streams import events as ev
from streams.alerts import REACH_MS, Rule, asked, examine, parse
from streams.board_rules import BoardRules
from streams.metrics import PRODUCT, PRODUCT_PART, ROOM, ROOM_PART
from streams.store.view import RoomView
from tests.rooms.build import MINUTE, NOW, event
from tests.rooms.drive import Room

DEFAULTS, _ = parse(files("streams.alerts").joinpath("defaults.yaml").read_text("utf-8"))


async def busy() -> Room:
    """A room in which something of every kind happened, in both windows."""
    room = Room()
    await room.send(event(ev.Opened, at=NOW - 20 * MINUTE), event(ev.Listed, stock=5), event(ev.Listed, product="q", stock=50))
    await room.send(event(ev.ExplainStarted, at=NOW - 8 * MINUTE, product="q"), event(ev.ExplainEnded, at=NOW - 7 * MINUTE, product="q"))
    await room.send(event(ev.Violated), event(ev.Spent, source="ads_feed"))
    for at in (NOW - 7 * MINUTE, NOW - 2 * MINUTE, NOW):
        people = [f"u{at}{number}" for number in range(5)]
        views = [event(sort, at=at, user=user) for user in people for sort in (ev.RoomExposed, ev.Entered, ev.Liked, ev.Followed)]
        await room.send(*views)
        await room.send(*(event(sort, at=at, user=user, product="q") for user in people for sort in (ev.ProductExposed, ev.Clicked)))
        await room.send(*(event(ev.Commented, at=at, user=user, text="加我微信 wx12345678") for user in people))
        await room.send(*(event(sort, at=at, user=user, product="q", order=user) for user in people[:2] for sort in (ev.Created, ev.Paid)))
    return room


async def stands(room: Room, rules: list[Rule], view: RoomView) -> list[tuple[str, str, Any, Any]]:
    await view.refresh(NOW)
    whole = {**board.judged(view.material, NOW, BoardRules()), "backlog": dict.fromkeys(topics.INPUTS, 0)}
    minutes = board.minutes(view.material, NOW - REACH_MS, NOW + 1, NOW)
    found = examine(rules, whole, minutes, {}, NOW)
    return [(each.rule.id, each.subject, each.truth, each.rule.when.facts(each.names)) for each in found]


async def test_the_shipped_rules_see_all_they_name() -> None:
    room = await busy()
    part = await stands(room, DEFAULTS, RoomView(room.store, room.name, asked(DEFAULTS)))
    assert part == await stands(room, DEFAULTS, room.view)
    assert {subject for _, subject, _, _ in part} > {"", "p", "q"}


@pytest.mark.parametrize(
    ("subject", "group", "metrics"),
    [
        ("room", "total", ROOM),
        ("room", "last_5m", ROOM_PART),
        ("room", "previous_5m", ROOM_PART),
        ("product", "product.total", PRODUCT),
        ("product", "product.last_5m", PRODUCT_PART),
    ],
)
async def test_whatever_metric_a_rule_names_is_read(rule: Callable[..., Rule], subject: str, group: str, metrics: tuple[str, ...]) -> None:
    room = await busy()
    rules = [rule(id=metric, subject=subject, when=f"{group}.{metric} > 0.1") for metric in metrics]
    for one in rules:
        part = await stands(room, [one], RoomView(room.store, room.name, asked([one])))
        assert part == await stands(room, [one], room.view)
    assert any(truth is True for _, _, truth, _ in await stands(room, rules, room.view))


@pytest.mark.parametrize(
    "when",
    [
        "minutes.exists(m, m.follow_rate > 0.5)",
        'products.exists(p, "encore" in p.badges)',
        "products.exists(p, p.last_5m.product_click_users > 2)",
        "sources.exists(s, s.cost > 1)",
    ],
)
async def test_lists_are_read_with_what_their_loops_name(rule: Callable[..., Rule], when: str) -> None:
    room, rules = await busy(), [rule(when=f"'{when}'")]
    part = await stands(room, rules, RoomView(room.store, room.name, asked(rules)))
    assert part == await stands(room, rules, room.view)
    assert part[0][2] is True


def test_what_no_rule_names_is_not_counted(rule: Callable[..., Rule]) -> None:
    found = asked([rule(when="last_5m.entries > 5")])
    assert not (found.total | found.minute | found.window | found.product | found.product_window)
    assert not any(map(found.reads, ("s:1", "p:1", "p:1:m:5", "comments", "feed:views", "said:7", "watching:9")))
    assert all(map(found.reads, ("b:7", "m:7", "total", "facts", "scenes", "paid:7")))
