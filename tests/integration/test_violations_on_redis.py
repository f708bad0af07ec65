"""Violations and floods on a real server, with chunks that come again as after a crash: each comment counts once."""

import asyncio
from collections import Counter
from random import Random

from agents import lists
from streams import board as boards
from streams import events as ev
from streams.board_rules import BoardRules
from streams.store.redis import RedisStore
from streams.store.view import RoomView
from streams.topics import COMMENTS, Partition
from tests.rooms.build import NOW, ROOM, event
from tests.rooms.drive import Worker

TEXTS = ["加我微信 abc12345", "傻逼主播", "去淘宝搜同款", "这个多少钱", "大家晚上好今天也很开心呀"]
RULES = ["contact", "abuse", "trade", None, None]


def test_counts_and_floods_are_exact_though_chunks_come_again(redis_url: str) -> None:
    rng = Random(3)
    said = [event(ev.Commented, user=f"u{rng.randrange(4)}", text=rng.choice(TEXTS), at=NOW + n * 100) for n in range(400)]

    async def run() -> dict[str, object]:
        store = RedisStore.connect(redis_url, prefix="violations")
        try:
            worker, end = Worker(store, NOW + 40_000), 0
            worker.inspector = lists.read(None)
            while end < len(said):
                start = max(0, end - rng.randrange(30))  # what was applied already comes again
                end = min(len(said), max(start + rng.randrange(1, 60), end))
                await worker.deliver(Partition(COMMENTS, 0), [(offset, said[offset]) for offset in range(start, end)])
            assert worker.refusals["Fenced"] > 1
            view = RoomView(store, ROOM)
            await view.refresh(worker.now_ms)
            return boards.build(view.material, worker.now_ms, BoardRules())
        finally:
            await store.close()

    board = asyncio.run(run())
    rule_of = dict(zip(TEXTS, RULES, strict=True))
    found = [event for event in said if rule_of[event.text]]
    rows = board["violations"]
    assert isinstance(rows, list)
    assert board["violation_counts"] == Counter(rule_of[event.text] for event in found)
    assert [row["id"] for row in rows if row["count"] == 1] == [event.id for event in reversed(found)][: 50 - len(_floods(rows))]
    assert len(rows) == 50
    users, pairs, texts = (Counter(map(key, said)) for key in (lambda e: e.user, lambda e: (e.user, e.text), lambda e: e.text))
    assert _floods(rows) == sorted(
        [
            *(("flood_user", str(number)) for number in users.values() if number >= 20),
            *(("flood_repeats", str(number)) for number in pairs.values() if number >= 6),
            *(("flood_text", str(number)) for text, number in texts.items() if len(set(text) - {" "}) >= 8),
        ]
    )


def _floods(rows: list[dict[str, object]]) -> list[tuple[str, str]]:
    return sorted((str(row["rule"]), str(row["count"])) for row in rows if str(row["rule"]).startswith("flood"))
