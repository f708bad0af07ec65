"""Records of `live.inbox`: one verified message of a push each, to be looked up and mapped."""

import msgspec

from streams import topics
from streams.platforms.base import Message

#: Larger messages are refused: a record must still fit into a dead letter, in base64.
MAX_PAYLOAD_BYTES = 1024 * 1024


class Received(msgspec.Struct):
    """A message. `source` as the settings call it, `at` when it came (Unix ms), `headers` those that mappings see."""

    id: str
    source: str
    at: int
    headers: dict[str, str]
    payload: msgspec.Raw


_decode = msgspec.json.Decoder(Received).decode


def encode(source: str, message: Message, headers: dict[str, str], at_ms: int) -> bytes:
    """The record of a message."""
    return msgspec.json.encode(Received(message.id, source, at_ms, headers, msgspec.Raw(message.payload)))


def decode(raw: bytes) -> Received | None:
    """The message of a record; None where it is none."""
    try:
        return _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def key(source: str, message_id: str) -> str:
    """A record's key: messages of one source lie in all partitions. Nothing is expected of their order."""
    return f"{source}:{message_id}"


TOPIC = topics.INBOX
