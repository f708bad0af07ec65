import asyncio
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, KafkaError, TopicAuthorizationFailedError
from faust.transport import drivers
from faust.types import TP

from agents import transport
from agents.chunk import Chunk
from agents.ending import RESTART
from streams.topics import Partition


def test_faust_finds_the_transport_by_its_scheme() -> None:
    transport.register()
    assert drivers.by_url("chunks://127.0.0.1:9092") is transport.Transport


def test_the_last_chunk_acknowledged_stands_for_all_before_it() -> None:
    tp = TP("t", 0)
    consumer: Any = transport.Consumer.__new__(transport.Consumer)
    consumer._acked = defaultdict(list, {tp: [1_999, 2_412]})
    consumer._acked_index = defaultdict(set, {tp: {1_999, 2_412}})
    assert consumer._new_offset(tp) == 2_413
    assert consumer._new_offset(tp) is None
    assert not consumer._acked_index[tp]


async def test_the_schema_leaves_a_chunk_as_it_is() -> None:
    class App:
        def create_event(self, *parts: Any) -> tuple[Any, ...]:
            return parts

    class Message:
        value = Chunk("log", Partition("t", 0), [])
        headers = ()

    decode = transport.ChunkSchema().compile(App())
    assert await decode(Message, propagate=True) == (None, Message.value, (), Message)


class Ended(Exception):
    pass


@pytest.mark.parametrize(("error", "ended"), [(TopicAuthorizationFailedError("live.views"), True), (KafkaConnectionError(), False)])
async def test_without_the_right_to_read_the_worker_ends_with_a_line(error: KafkaError, ended: bool) -> None:
    async def reach(status: int, line: str) -> None:
        assert status == RESTART
        assert line.startswith("stopping, to be started again: Kafka at k:1 does not let us read any more: let our user read")
        raise Ended

    async def getmany(*_: object) -> None:
        raise error

    consumer: Any = transport.Consumer.__new__(transport.Consumer)
    consumer.app = SimpleNamespace(
        consumer_generation_id=1, ending=SimpleNamespace(reach=reach), settings=SimpleNamespace(kafka="k:1"), progress=None
    )
    consumer._idle, consumer._thread = asyncio.Event(), SimpleNamespace(getmany=getmany)
    with pytest.raises(Ended if ended else KafkaError):
        await consumer._getmany(None, 1.0)
