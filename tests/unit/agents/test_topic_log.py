from collections.abc import Mapping
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, KafkaError, TopicAuthorizationFailedError

from agents import topic_log
from agents.log_id import NoLogId
from streams.kafka.brokers import Brokers
from streams.store.memory import MemoryStore
from streams.topics import CLICKS, ORDERS, VIEWS, Partition

ID = bytes(range(16))
WRITTEN = "AAECAwQFBgcICQoLDA0ODw"
NODE = 7


class Broker:
    """Answers metadata requests of the versions that it knows, as the bytes that Kafka would send."""

    def __init__(self, topics: Mapping[str, bytes], newest: int = 12, cluster: str | None = "c", unknown: int = 3) -> None:
        """`unknown`: the error that stands beside another topic."""
        self._topics = topics
        self._unknown = unknown
        self._versions = {3: (0, newest)}
        self._cluster = cluster

    def get_random_node(self) -> int:
        return NODE

    async def send(self, node: int, request: Any) -> Any:
        assert node == NODE
        question = request.prepare(self._versions)
        if question.API_VERSION < topic_log._Question.API_VERSION:
            return SimpleNamespace(cluster_id=self._cluster)
        asked = [name for _, name, _ in type(question).decode(BytesIO(question.encode())).topics]
        topics = [
            (0 if name in self._topics else self._unknown, name, self._topics.get(name, bytes(16)), False, [], 0, {}) for name in asked
        ]
        answer = question.RESPONSE_TYPE(0, [(NODE, "host", 9092, None, {})], self._cluster, NODE, topics, {})
        return question.RESPONSE_TYPE.decode(BytesIO(answer.encode()))


async def test_the_log_is_the_cluster_with_the_topic() -> None:
    assert await topic_log.ask(Broker({VIEWS: ID}), [VIEWS], Brokers("")) == {VIEWS: f"c/{WRITTEN}"}


async def test_a_topic_that_is_not_there_is_left_out() -> None:
    assert await topic_log.ask(Broker({VIEWS: ID}), [ORDERS, VIEWS], Brokers("")) == {VIEWS: f"c/{WRITTEN}"}


async def test_a_topic_that_we_may_not_know_is_an_error() -> None:
    with pytest.raises(TopicAuthorizationFailedError, match=ORDERS):
        await topic_log.ask(Broker({VIEWS: ID}, unknown=29), [ORDERS, VIEWS], Brokers(""))


async def test_kafka_is_asked_until_it_answers_or_says_that_we_may_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[dict[str, str] | KafkaError] = [KafkaConnectionError(), {}, {VIEWS: "c/a"}, TopicAuthorizationFailedError()]

    async def read(*_: object) -> dict[str, str]:
        if isinstance(answer := answers.pop(0), KafkaError):
            raise answer
        return answer

    monkeypatch.setattr(topic_log, "read", read)
    monkeypatch.setattr(topic_log, "_PAUSE_SECONDS", 0.0)
    assert await topic_log.read_patiently(Brokers("k:1"), [VIEWS]) == {VIEWS: "c/a"}
    with pytest.raises(TopicAuthorizationFailedError):
        await topic_log.read_patiently(Brokers("k:1"), [VIEWS])


async def test_an_old_kafka_has_one_log_for_all_topics() -> None:
    assert await topic_log.ask(Broker({VIEWS: ID}, newest=9), [VIEWS, ORDERS], Brokers("")) == {VIEWS: "c", ORDERS: "c"}


@pytest.mark.parametrize("newest", [9, 12])
async def test_a_cluster_without_an_id_has_no_log(newest: int) -> None:
    with pytest.raises(NoLogId):
        await topic_log.ask(Broker({VIEWS: ID}, newest, cluster=None), [VIEWS], Brokers(""))


@pytest.mark.parametrize(
    ("before", "now", "anew"),
    [("c/a", "c/b", True), ("c/a", "c/a", False), ("c/a", "d/b", False), ("c", "d", False), ("c", "c/a", False), ("c/x/a", "c/x/b", True)],
)
def test_made_anew_is_another_topic_of_the_same_cluster(before: str, now: str, anew: bool) -> None:
    assert topic_log.is_made_anew(before, now) is anew


async def test_progress_is_looked_up_in_the_log_of_each_topic() -> None:
    store = MemoryStore()
    views, orders = Partition(VIEWS, 0), Partition(ORDERS, 1)
    await store.raise_progress("c/a", views, 5)
    await store.raise_progress("c/b", views, 6)
    await store.raise_progress("c/b", orders, 7)
    logs = {VIEWS: "c/a", ORDERS: "c/b"}
    assert await topic_log.progress(store, logs, [views, orders, Partition(CLICKS, 0)]) == {views: 5, orders: 7}
