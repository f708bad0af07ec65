"""From the store to Kafka, with a Kafka that is a list."""

import asyncio

import pytest
from aiokafka.errors import KafkaConnectionError

from agents.alerting.tell import Teller
from streams.store.desk import AlertStep
from streams.store.memory import MemoryStore


class Kafka:
    def __init__(self) -> None:
        self.log: list[tuple[bytes, bytes]] = []
        self.fails = 0

    async def send(self, room: bytes, transition: bytes) -> asyncio.Future[None]:
        done = asyncio.get_running_loop().create_future()
        if self.fails:
            self.fails -= 1
            done.set_exception(KafkaConnectionError())
        else:
            self.log.append((room, transition))
            done.set_result(None)
        return done


async def save(store: MemoryStore, room: str, *told: str) -> None:
    version = (await store.alerts.read(room)).version
    await store.alerts.save(AlertStep(room, version, None, {}, told))


async def test_tells_all_that_waits_in_order_and_then_it_is_gone() -> None:
    store, kafka = MemoryStore(), Kafka()
    teller = Teller(store, kafka.send)
    texts = [str(number) for number in range(450)]  # more than one call brings
    await save(store, "a", *texts)
    await save(store, "b", "x")
    teller.wake(["a", "b", "c"])
    await teller.tell()
    assert [text.decode() for room, text in kafka.log if room == b"a"] == texts
    assert (b"b", b"x") in kafka.log
    assert await store.alerts.untold(["a", "b"], 1) == {}
    await teller.tell()
    assert len(kafka.log) == 451


async def test_what_kafka_did_not_take_is_told_again() -> None:
    store, kafka = MemoryStore(), Kafka()
    teller = Teller(store, kafka.send)
    await save(store, "a", "1", "2")
    kafka.fails = 1
    teller.wake(["a"])
    with pytest.raises(KafkaConnectionError):
        await teller.tell()
    await teller.tell()
    assert [text for _, text in kafka.log][-2:] == [b"1", b"2"]
    assert await store.alerts.untold(["a"], 1) == {}


async def test_what_is_saved_while_it_tells_is_told_too(monkeypatch) -> None:
    store, kafka = MemoryStore(), Kafka()
    teller = Teller(store, kafka.send)
    untold = store.alerts.untold

    async def slow(rooms, most):  # type: ignore[no-untyped-def]
        found = await untold(rooms, most)
        if not kafka.log and not found:
            await save(store, "a", "late")
            teller.wake(["a"])
        return found

    monkeypatch.setattr(store.alerts, "untold", slow)
    teller.wake(["a"])
    await teller.tell()
    assert kafka.log == [(b"a", b"late")]
