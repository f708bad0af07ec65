"""The Kafka topics: names, what they are for, and how they are created (contract, section 1)."""

from dataclasses import dataclass

#: What the names begin with here; in Kafka they may begin with something else, see `streams.kafka.brokers`.
PREFIX = "live."

VIEWS = "live.views"
CLICKS = "live.clicks"
ORDERS = "live.orders"
COMMENTS = "live.comments"
SCENES = "live.scenes"
#: Figures as a platform reports them. Written and kept; nothing counts them yet.
SAMPLES = "live.samples"
#: Pushes of platforms, to be looked up and mapped.
INBOX = "live.inbox"
ALERTS = "live.alerts"
DEAD_LETTERS = "live.dead-letters"

#: What the agents consume.
INPUTS = (VIEWS, CLICKS, ORDERS, COMMENTS, SCENES)
#: What senders may write.
WRITABLE = (*INPUTS, SAMPLES)
ALL = (*WRITABLE, INBOX, ALERTS, DEAD_LETTERS)

#: A record above this is a dead letter.
MAX_RECORD_BYTES = 64 * 1024
#: The brokers take more than that, so that an oversized record reaches the dead letters instead of failing its producer.
MAX_MESSAGE_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition of one topic."""

    topic: str
    number: int

    def __str__(self) -> str:
        return f"{self.topic}:{self.number}"
