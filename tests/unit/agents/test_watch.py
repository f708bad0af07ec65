import asyncio
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, KafkaError, TopicAuthorizationFailedError

from agents.ending import Ending
from agents.gauges import Gauges
from agents.patience import Patience
from agents.progress import Progress
from agents.stall import Lag, Stall
from agents.watch import Watch
from streams.kafka.brokers import Brokers
from streams.store.memory import MemoryStore
from streams.store.port import StoreAway
from streams.topics import VIEWS, Partition


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (KafkaConnectionError(), "Kafka at k:1 is away (KafkaConnectionError); waiting for it, nothing is lost"),
        (TopicAuthorizationFailedError("live.views"), "Kafka at k:1 does not let us read any more: let our user read, write, describe"),
    ],
)
async def test_why_nothing_is_known_of_the_log_is_said_once(error: KafkaError, line: str, caplog: pytest.LogCaptureFixture) -> None:
    async def fails(*_: object) -> Any:
        raise error

    store, patience = MemoryStore(), Patience()
    watch = Watch(Brokers("k:1"), store, Progress(store, patience, fails), Stall(60), patience, Gauges(), Ending())
    watch._lags = fails  # type: ignore[method-assign]
    for _ in range(2):
        await watch._look(None)
    assert [record.getMessage()[: len(line)] for record in caplog.records] == [line]


async def test_what_waits_for_a_store_that_takes_nothing_is_told_and_is_no_stall() -> None:
    async def refuses() -> None:
        raise StoreAway("its memory is full")

    async def lags(_: object) -> dict[Partition, Lag]:
        return {Partition(VIEWS, 0): Lag(3, 10)}

    store, patience, gauges, ending, ended = MemoryStore(), Patience(), Gauges(), Ending(), []
    ending.begin = lambda *why: ended.append(why)  # type: ignore[method-assign]
    watch = Watch(Brokers("k:1"), store, Progress(store, patience, lags), Stall(-1), patience, gauges, ending)
    watch._lags = lags  # type: ignore[method-assign, assignment]
    waiting = asyncio.create_task(patience.until_done(refuses))
    await asyncio.sleep(0)
    for _ in range(2):
        await watch._look(None)
    waiting.cancel()
    assert gauges.registry.get_sample_value("livescreen_agent_lag_records", {"topic": VIEWS}) == 7
    assert ended == []
