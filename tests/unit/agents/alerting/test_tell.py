"""From the store to Kafka, with a Kafka that is a list."""

import asyncio
from collections.abc import Sequence

import pytest
from aiokafka.errors import KafkaConnectionError

from agents.alerting.tell import Teller
from streams.store.desk import AlertStep
from streams.store.memory import MemoryStore
from streams.store.port import StoreAway


class Kafka:
    def __init__(self) -> None:
        self.log: list[tuple[bytes, bytes]] = []
        self.posted: list[str] = []
        self.fails = 0

    async def post(self, texts: Sequence[str]) -> None:
        """Beside Kafka: what is posted to subscribers."""
        self.posted += texts

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
    teller = Teller(store, kafka.send, kafka.post)
    texts = [str(number) for number in range(450)]  # more than one call brings
    await save(store, "a", *texts)
    await save(store, "b", "x")
    teller.wake(["a", "b", "c"])
    await teller.tell()
    assert [text.decode() for room, text in kafka.log if room == b"a"] == texts
    assert (b"b", b"x") in kafka.log
    assert [text for text in kafka.posted if text != "x"] == texts
    assert await store.alerts.untold(["a", "b"], 1) == {}
    await teller.tell()
    assert len(kafka.log) == 451


async def test_what_kafka_did_not_take_is_told_again() -> None:
    store, kafka = MemoryStore(), Kafka()
    teller = Teller(store, kafka.send, kafka.post)
    await save(store, "a", "1", "2")
    kafka.fails = 1
    teller.wake(["a"])
    with pytest.raises(KafkaConnectionError):
        await teller.tell()
    assert kafka.posted == [], "nobody is told what is not in the log"
    await teller.tell()
    assert [text for _, text in kafka.log][-2:] == [b"1", b"2"] and kafka.posted == ["1", "2"]
    assert await store.alerts.untold(["a"], 1) == {}


async def test_what_is_saved_while_it_tells_is_told_too(monkeypatch) -> None:
    store, kafka = MemoryStore(), Kafka()
    teller = Teller(store, kafka.send, kafka.post)
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


async def test_what_could_not_be_posted_waits(monkeypatch) -> None:
    store, kafka = MemoryStore(), Kafka()

    async def away(texts: Sequence[str]) -> None:
        raise StoreAway("away")

    await save(store, "a", "1")
    teller = Teller(store, kafka.send, away)
    teller.wake(["a"])
    with pytest.raises(StoreAway):
        await teller.tell()
    assert len((await store.alerts.untold(["a"], 9))["a"]) == 1
