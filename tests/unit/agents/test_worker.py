import pytest

from agents import waiting, worker
from agents.settings import AgentSettings
from agents.waiting import GaveUp
from streams.kafka.brokers import Brokers
from streams.kafka.knock import Refused
from streams.store.memory import MemoryStore
from streams.store.port import StoreAway

SETTINGS = AgentSettings(kafka=Brokers("127.0.0.1:1"), redis="redis://127.0.0.1:1/0", wait_seconds=0)


class NoStore(MemoryStore):
    async def ping(self):
        raise StoreAway("connection refused")


@pytest.fixture
def kafka(monkeypatch):
    """Makes Kafka fail with an error of the test's choice."""

    def fail_with(error):
        async def probe(*_):
            raise error

        monkeypatch.setattr(worker, "wait_for_kafka", probe)

    return fail_with


@pytest.mark.parametrize("error", [GaveUp("nobody at home"), Refused("not you")])
async def test_what_is_missing_ends_the_wait_as_itself_and_in_no_group(kafka, error):
    kafka(error)
    with pytest.raises(type(error)) as end:
        await worker._wait(SETTINGS, MemoryStore(lambda: 0))
    assert end.value is error


async def test_with_both_missing_one_line_is_enough(kafka):
    with pytest.raises(GaveUp, match=r"Kafka|the store"):
        await worker._wait(SETTINGS, NoStore(lambda: 0))


async def test_a_fault_of_ours_is_not_hidden_by_what_is_missing(kafka, monkeypatch):
    async def miss(*_):
        raise GaveUp("nobody at home")

    kafka(ZeroDivisionError())
    monkeypatch.setattr(worker, "wait_for_store", miss)
    with pytest.raises(ExceptionGroup) as end:
        await worker._wait(SETTINGS, MemoryStore(lambda: 0))
    assert end.value.subgroup(ZeroDivisionError)


async def test_a_kafka_that_is_not_there_is_named():
    with pytest.raises(waiting.GaveUp, match=r"Kafka at 127\.0\.0\.1:1: connection refused"):
        await worker._wait(SETTINGS, MemoryStore(lambda: 0))
