"""Closes and opens the embedded Kafka for producers, by access rules on the topics. Whoever reads is not concerned.

Kafka has no state of "full": what it would do is fill the disk and die. A rule is obeyed by every producer, whatever its settings, and at
once; the error is TOPIC_AUTHORIZATION_FAILED.
"""

from collections.abc import Collection

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest

from streams.kafka.brokers import Brokers

# Kafka's numbers for what a rule is about.
_TOPIC, _LITERAL = 2, 3
_ANY, _ALL, _WRITE = 1, 2, 4
_DENY, _ALLOW = 2, 3
_EVERYBODY, _EVERYWHERE = "User:*", "*"


async def close(kafka: Brokers, topics: Collection[str]) -> None:
    """From now on nobody writes to the topics. Raises aiokafka's `KafkaError`."""
    # Where there is a rule, only what rules allow is allowed.
    await _send(
        kafka,
        [
            _rule(kafka.name(topic), operation, permission)
            for topic in topics
            for operation, permission in ((_ALL, _ALLOW), (_WRITE, _DENY))
        ],
    )


async def open_again(kafka: Brokers, topics: Collection[str]) -> None:
    """From now on everybody writes to the topics. Raises aiokafka's `KafkaError`."""
    await _send(kafka, [DeleteAclsRequest(_TOPIC, kafka.name(topic), _LITERAL, _EVERYBODY, _EVERYWHERE, _ANY, _ANY) for topic in topics])


def _rule(topic: str, operation: int, permission: int) -> CreateAclsRequest:
    return CreateAclsRequest(_TOPIC, topic, _LITERAL, _EVERYBODY, _EVERYWHERE, operation, permission)


async def _send(kafka: Brokers, requests: list[CreateAclsRequest | DeleteAclsRequest]) -> None:
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    try:
        for request in requests:
            answer = await admin._send_request(request)  # aiokafka knows these requests, but has no method for them
            results = answer.creation_responses if isinstance(request, CreateAclsRequest) else answer.filter_responses
            for code, message, *_ in results:
                if code:
                    error: KafkaError = for_code(code)(message)
                    raise error
    finally:
        await admin.close()
