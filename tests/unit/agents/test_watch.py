from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, KafkaError, TopicAuthorizationFailedError

from agents.ending import Ending
from agents.gauges import Gauges
from agents.patience import Patience
from agents.progress import Progress
from agents.stall import Stall
from agents.watch import Watch
from streams.kafka.brokers import Brokers
from streams.store.memory import MemoryStore


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
