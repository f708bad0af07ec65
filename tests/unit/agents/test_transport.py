from collections import defaultdict
from typing import Any

from faust.transport import drivers
from faust.types import TP

from agents import transport
from agents.chunk import Chunk
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
