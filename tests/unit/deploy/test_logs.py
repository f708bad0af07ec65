import logging

import pytest

from deploy.logs import configure, is_urgent


@pytest.mark.parametrize(
    ("line", "urgent"),
    [
        ("2026-11-26 20:55:07,317 WARNING agents.watch: Kafka is away; waiting for it, nothing is lost", True),
        ("2026-11-26 20:55:07,317 ERROR aiokafka: Unable connect to node with id 1", False),
        ("2026-11-26 20:55:07,317 ERROR aiokafka.consumer.fetcher: Failed fetch messages from 1", False),
        (
            "2026-11-26 20:55:07,317 ERROR org.apache.kafka.controller.ReplicationControlManager - [QuorumController id=1] "
            "processExpiredBrokerHeartbeat: controller event queue overloaded. Timed out heartbeat from broker 1.",
            False,
        ),
        ("2026-11-26 20:55:07,317 CRITICAL aiokafkaesque: not the library", True),
        ("2026-11-26 20:55:07,317 INFO agents.watch: Kafka is back", False),
        ("WARNING: without a time it is no line of ours", False),
    ],
)
def test_a_person_sees_what_is_urgent_but_not_what_a_library_repeats_at_each_attempt(line, urgent):
    assert is_urgent(line) is urgent


@pytest.mark.parametrize(("level", "said"), [("info", False), ("debug", True)])
def test_a_command_says_itself_what_is_with_kafka_unless_everything_is_wanted(level, said, monkeypatch):
    monkeypatch.setattr(logging.getLogger("aiokafka"), "level", logging.NOTSET)
    root = logging.getLogger()
    handlers, before = root.handlers[:], root.level
    try:
        configure(level)
        assert logging.getLogger("aiokafka.cluster").isEnabledFor(logging.ERROR) is said
        assert logging.getLogger("deploy").isEnabledFor(logging.WARNING)
    finally:
        logging.getLogger("aiokafka").setLevel(logging.NOTSET)
        root.handlers[:] = handlers
        root.setLevel(before)
