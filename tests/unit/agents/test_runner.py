import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest
from aiokafka.structs import ConsumerRecord

from agents import claims
from agents import patience as patience_module
from agents.chunk import Chunk
from agents.ending import RESTART, Ending
from agents.gauges import Gauges
from agents.patience import Patience
from agents.rejects.dead_letters import DeadLetters
from agents.rejects.quota import Quota
from agents.runner import Runner
from streams.change import Change
from streams.store.memory import MemoryStore
from streams.store.port import Outcome, StoreAway
from streams.topics import CLICKS, VIEWS, Partition

NOW = 1_760_000_000_000
CLICKS_0 = Partition(CLICKS, 0)
VIEWS_0 = Partition(VIEWS, 0)


class Flaky(MemoryStore):
    """A store that does, before or after a call, what the test wants. `calls`: what was asked of it, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []
        self.before_apply: list[Callable[[], Awaitable[None]]] = []
        self.lose_answers = 0

    async def apply(self, changes: Sequence[Change]) -> list[Outcome]:
        self.calls.append("apply")
        if self.before_apply:
            await self.before_apply.pop(0)()
        outcomes = await super().apply(changes)
        if self.lose_answers:
            self.lose_answers -= 1
            raise StoreAway("the answer was lost")
        return outcomes

    async def raise_progress(self, *what: Any, **how: Any) -> bool:
        self.calls.append("progress")
        return await super().raise_progress(*what, **how)

    def forget(self, room: str) -> None:
        """Loses the room, as a node of a cluster may."""
        del self._rooms[room]


class Ended(Exception):
    """Raised where a real worker would be on its way out."""


class Noted(Ending):
    def begin(self, status: int, line: str) -> None:
        self.status = status
        raise Ended(line)


class Bench:
    """A runner with everything around it in memory."""

    def __init__(self, per_minute: int = 100) -> None:
        self.store = Flaky()
        self.sent: list[bytes] = []
        self.ending = Noted()
        self.patience = Patience()
        letters = DeadLetters(self._send, Quota(per_minute), lambda: NOW)
        self.runner = Runner(self.store, letters, self.ending, Gauges(), self.patience, lambda: NOW)

    async def _send(self, key: bytes, value: bytes) -> Awaitable[object]:
        self.store.calls.append("letter")
        self.sent.append(key)
        return asyncio.ensure_future(asyncio.sleep(0))

    async def total(self, room: str, metric: str) -> int:
        (total,) = await self.store.hashes(room, ["total"])
        return int(total.get(metric, "0"))

    async def progress(self, partition: Partition) -> int | None:
        return (await self.store.progress("log", [partition])).get(partition)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience_module, "_FIRST_PAUSE_SECONDS", 0.0)


def click(room: str, number: int) -> bytes:
    return orjson.dumps({"id": str(number), "room": room, "at": NOW, "kind": "clicked", "user": f"u{number}", "product": "p"})


def entered(room: str, number: int) -> bytes:
    person = {"gender": "f"}
    return orjson.dumps(
        {"id": str(number), "room": room, "at": NOW, "kind": "entered", "user": f"u{number}", "source": "search", "person": person}
    )


def chunk(partition: Partition, first: int, *values: bytes, upto: int | None = None) -> Chunk:
    topic, number = partition.topic, partition.number
    records = [ConsumerRecord(topic, number, first + i, NOW, 0, None, v, None, -1, len(v), ()) for i, v in enumerate(values)]
    return Chunk("log", partition, records, upto=upto)


async def test_all_rooms_of_a_chunk_are_applied_then_the_progress_is_raised() -> None:
    bench = Bench()
    await bench.runner.apply(chunk(CLICKS_0, 10, click("a", 1), click("b", 2), click("a", 3)))
    assert (await bench.total("a", "product_clicks"), await bench.total("b", "product_clicks")) == (2, 1)
    assert await bench.progress(CLICKS_0) == 13
    assert bench.store.calls == ["apply", "progress"]


async def test_a_chunk_read_again_by_another_worker_counts_once() -> None:
    bench, other = Bench(), Bench()
    other.store = bench.store
    other.runner = Runner(bench.store, DeadLetters(other._send, Quota(9), lambda: NOW), Noted(), Gauges(), Patience(), lambda: NOW)
    events = [click("a", n) for n in range(10)]
    await bench.runner.apply(chunk(CLICKS_0, 0, *events[:6]))
    await other.runner.apply(chunk(CLICKS_0, 3, *events[3:]))  # overlaps: offsets 3 to 5 are behind the fence
    assert await bench.total("a", "product_clicks") == 10


async def test_events_behind_the_fence_of_one_room_only_are_dropped_there() -> None:
    bench = Bench()
    await bench.runner.apply(chunk(CLICKS_0, 0, click("a", 1)))
    bench.store._progress.clear()
    bench.runner = Runner(bench.store, DeadLetters(bench._send, Quota(9), lambda: NOW), Noted(), Gauges(), Patience(), lambda: NOW)
    await bench.runner.apply(chunk(CLICKS_0, 0, click("a", 1), click("b", 2), click("a", 3)))
    assert (await bench.total("a", "product_clicks"), await bench.total("b", "product_clicks")) == (2, 1)


async def test_a_room_whose_state_moved_on_is_folded_again() -> None:
    bench = Bench()
    elsewhere = Bench()
    elsewhere.store.before_apply = []
    other = Runner(bench.store, DeadLetters(bench._send, Quota(9), lambda: NOW), Noted(), Gauges(), Patience(), lambda: NOW)

    async def somebody_else() -> None:
        await other.apply(chunk(Partition(VIEWS, 1), 0, entered("a", 99)))

    bench.store.before_apply = [somebody_else]
    await bench.runner.apply(chunk(VIEWS_0, 0, entered("a", 1), entered("b", 2)))
    assert (await bench.total("a", "entries"), await bench.total("b", "entries")) == (2, 1)
    assert bench.store.calls.count("apply") == 3


async def test_when_the_answer_is_lost_the_chunk_still_counts_once() -> None:
    bench = Bench()
    bench.store.lose_answers = 2
    await bench.runner.apply(chunk(CLICKS_0, 0, click("a", 1), click("b", 2)))
    assert (await bench.total("a", "product_clicks"), await bench.total("b", "product_clicks")) == (1, 1)
    assert await bench.progress(CLICKS_0) == 2


async def test_a_chunk_in_hand_during_a_rebalance_sends_its_dead_letters_once() -> None:
    bench = Bench()
    await bench.runner.apply(chunk(CLICKS_0, 5, b"{", click("a", 1)))
    await bench.runner.apply(chunk(CLICKS_0, 5, b"{", click("a", 1), b"["))
    assert bench.sent == [b"live.clicks:0:5", b"live.clicks:0:7"]
    assert await bench.total("a", "product_clicks") == 1


async def test_the_progress_goes_on_over_what_is_no_record() -> None:
    bench = Bench()
    for one, progress in (
        (chunk(CLICKS_0, 5, click("a", 1), upto=8), 8),
        (chunk(CLICKS_0, 8, upto=9), 9),
        (chunk(CLICKS_0, 5, click("a", 1), upto=11), 11),  # a rebalance brought it back, and what came behind it since
    ):
        await bench.runner.apply(one)
        assert await bench.progress(CLICKS_0) == progress
    assert await bench.total("a", "product_clicks") == 1


async def test_dead_letters_go_before_the_progress() -> None:
    bench = Bench()
    await bench.runner.apply(chunk(CLICKS_0, 0, b"{", click("a", 1)))
    assert bench.store.calls == ["apply", "letter", "progress"]


async def test_beyond_the_quota_the_progress_waits_for_the_summary_and_goes_on() -> None:
    bench = Bench(per_minute=1)
    await bench.runner.apply(chunk(CLICKS_0, 0, b"{", b"{", click("a", 1), b"{"))
    assert bench.sent == [b"live.clicks:0:0", b"live.clicks:0:1-3"]
    assert bench.store.calls[-3:] == ["letter", "letter", "progress"]
    assert await bench.progress(CLICKS_0) == 4
    assert await bench.total("a", "product_clicks") == 1


async def test_a_store_that_came_back_without_its_last_writes_restarts_the_worker() -> None:
    bench = Bench()
    await bench.runner.apply(chunk(CLICKS_0, 0, click("a", 1)))

    async def crash_and_forget() -> None:
        bench.store._progress.clear()
        raise StoreAway("failover")

    bench.store.before_apply = [crash_and_forget]
    with pytest.raises(Ended, match=r"the store lost its last writes: live\.clicks:0 was applied up to 1 in all of its rooms"):
        await bench.runner.apply(chunk(CLICKS_0, 1, click("a", 2)))
    assert bench.ending.status == RESTART


async def test_progress_that_went_back_without_an_outage_restarts_the_worker() -> None:
    bench = Bench()
    await bench.runner.apply(chunk(CLICKS_0, 0, click("a", 1), click("a", 2)))
    bench.store._progress[("log", CLICKS_0)] = 1
    with pytest.raises(Ended, match=r"live\.clicks:0 was applied up to 2 in all"):
        await bench.runner.apply(chunk(CLICKS_0, 2, click("a", 3)))
    assert await bench.progress(CLICKS_0) == 1


async def test_progress_that_went_back_before_a_room_is_met_does_not_hide_the_hole_behind_the_rooms_fence() -> None:
    bench = Bench()
    await bench.runner.apply(chunk(CLICKS_0, 0, click("a", 1), click("b", 2)))
    bench.store._progress[("log", CLICKS_0)] = 1
    bench.store.forget("b")
    with pytest.raises(Ended, match="the store lost its last writes"):
        await bench.runner.apply(replace(chunk(CLICKS_0, 2, click("c", 3)), taken_up=2))
    assert await bench.store.rooms() == ["a"], "nothing was applied behind the hole"


async def test_a_room_that_lost_events_is_read_again_by_whoever_comes_next() -> None:
    bench = Bench()
    await bench.runner.apply(chunk(CLICKS_0, 0, click("a", 1), click("b", 2), click("a", 3)))
    bench.store.forget("b")
    bench.store.forget("a")
    with pytest.raises(Ended, match=r"live\.clicks:0 was applied up to 3 in all"):
        await bench.runner.apply(chunk(CLICKS_0, 3, click("a", 4)))
    await claims.check(bench.store, Patience(), {CLICKS_0: "log"})
    assert await bench.progress(CLICKS_0) == 0
    again = Runner(bench.store, DeadLetters(bench._send, Quota(9), lambda: NOW), Noted(), Gauges(), Patience(), lambda: NOW)
    await again.apply(chunk(CLICKS_0, 0, click("a", 1), click("b", 2), click("a", 3), click("a", 4)))
    assert (await bench.total("a", "product_clicks"), await bench.total("b", "product_clicks")) == (3, 1)


async def test_an_outage_that_cost_nothing_goes_unpunished() -> None:
    bench = Bench()
    await bench.runner.apply(chunk(CLICKS_0, 0, click("a", 1)))
    bench.store.lose_answers = 1
    await bench.runner.apply(chunk(CLICKS_0, 1, click("a", 2)))
    assert await bench.progress(CLICKS_0) == 2
    assert await bench.total("a", "product_clicks") == 2


async def test_progress_raised_over_writes_just_lost_is_turned_back_by_whoever_comes_next() -> None:
    """The answer to the writes is there, the store comes back without them, and the worker ends before it meets the room again."""
    bench = Bench()
    await bench.runner.apply(chunk(CLICKS_0, 0, click("a", 1), click("b", 2)))
    usual = bench.store.raise_progress

    async def after_a_failover(*what: Any, **how: Any) -> bool:
        bench.store.forget("a")
        return await usual(*what, **how)

    bench.store.raise_progress = after_a_failover  # type: ignore[method-assign]
    await bench.runner.apply(chunk(CLICKS_0, 2, click("a", 3), click("b", 4)))
    assert await bench.progress(CLICKS_0) == 4
    await claims.check(bench.store, Patience(), {CLICKS_0: "log"})
    assert await bench.progress(CLICKS_0) == 0


async def test_chunks_of_several_partitions_take_turns_at_a_room_they_share() -> None:
    bench = Bench()
    chunks = [chunk(Partition(VIEWS, number), 0, *(entered("a", 10 * number + each) for each in range(5))) for number in range(4)]
    await asyncio.gather(*(bench.runner.apply(each) for each in chunks))
    assert await bench.total("a", "entries") == 20
    assert bench.store.calls.count("apply") == 4  # none was refused


async def test_a_room_is_free_again_when_its_chunk_is_given_up() -> None:
    bench = Bench()
    never = asyncio.Event()
    bench.store.before_apply = [never.wait]
    first = asyncio.create_task(bench.runner.apply(chunk(VIEWS_0, 0, entered("a", 1))))
    second = asyncio.create_task(bench.runner.apply(chunk(Partition(VIEWS, 1), 0, entered("a", 2))))
    await asyncio.sleep(0.01)
    assert not second.done()
    first.cancel()
    await second
    assert await bench.total("a", "entries") == 1


async def test_a_room_is_told_when_its_newest_record_arrived() -> None:
    bench = Bench()
    await bench.runner.apply(chunk(CLICKS_0, 0, click("a", 1)))
    (facts,) = await bench.store.hashes("a", ["facts"])
    assert facts["arrived_at"] == str(NOW)
