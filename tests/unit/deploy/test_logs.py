import pytest

from deploy.logs import is_urgent


@pytest.mark.parametrize(
    ("line", "urgent"),
    [
        ("2026-11-26 20:55:07,317 WARNING agents.watch: Kafka is away; waiting for it, nothing is lost", True),
        ("2026-11-26 20:55:07,317 ERROR aiokafka: Unable connect to node with id 1", False),
        ("2026-11-26 20:55:07,317 ERROR aiokafka.consumer.fetcher: Failed fetch messages from 1", False),
        ("2026-11-26 20:55:07,317 CRITICAL aiokafkaesque: not the library", True),
        ("2026-11-26 20:55:07,317 INFO agents.watch: Kafka is back", False),
        ("WARNING: without a time it is no line of ours", False),
    ],
)
def test_a_person_sees_what_is_urgent_but_not_what_a_library_repeats_at_each_attempt(line, urgent):
    assert is_urgent(line) is urgent
