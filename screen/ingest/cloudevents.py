"""CloudEvents 1.0 as events of ours. Their `type` is topic and kind, `subject` the room, `time` the event time, `data` all other fields.

{"type": "live.views.entered", "id": "v1", "subject": "spring-1", "time": "2026-11-25T12:00:00Z", "source": "/app", "data": {"user": "u1"}}
is {"id": "v1", "room": "spring-1", "at": 1795608000000, "kind": "entered", "user": "u1"} in live.views
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import msgspec

from streams.events import Rejected, surrogates

_ATTRIBUTES = ("specversion", "id", "source", "type", "subject", "time")
_JSON_TYPES = ("application/json", "text/json")
Found = tuple[str, dict[str, Any]] | Rejected


class _Envelope(msgspec.Struct):
    """A CloudEvent in JSON; `time` in RFC 3339."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str = ""
    time: datetime | None = None
    data: dict[str, Any] = {}


_envelope = msgspec.json.Decoder(_Envelope).decode
_data = msgspec.json.Decoder(dict[str, Any]).decode


def is_binary(headers: Mapping[str, str]) -> bool:
    """Whether the attributes of an event stand in the headers (binary content mode)."""
    return "ce-specversion" in headers


def from_binary(headers: Mapping[str, str], body: bytes) -> Found:
    """(topic, event) of a request in binary content mode, or why it is none."""
    if (sort := headers.get("content-type", "application/json").partition(";")[0].strip().lower()) not in _JSON_TYPES:
        return Rejected("wrong-type", f"the data must be application/json, not {_printable(sort)}")
    attributes = {name: unquote(headers[f"ce-{name}"]) for name in _ATTRIBUTES if f"ce-{name}" in headers}
    try:
        return _event(msgspec.convert({**attributes, "data": surrogates.parse(_data, body or b"{}")}, _Envelope, strict=False))
    except msgspec.ValidationError as error:
        return _invalid(error)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Rejected("not-json", type(error).__name__)


def from_json(raw: bytes) -> Found:
    """(topic, event) of a CloudEvent in JSON (structured and batch content modes), or why it is none."""
    try:
        return _event(surrogates.parse(_envelope, raw))
    except msgspec.ValidationError as error:
        return _invalid(error)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Rejected("not-json", type(error).__name__)


def _event(envelope: _Envelope) -> Found:
    if envelope.specversion != "1.0":
        return Rejected("wrong-value", "specversion must be 1.0")
    if envelope.time is None or envelope.time.tzinfo is None:
        return Rejected("missing-field", "`time` must be there, with its offset: it is the event's time")
    topic, _, kind = envelope.type.rpartition(".")
    at = round(envelope.time.timestamp() * 1000)
    return topic, {**envelope.data, "id": envelope.id, "room": envelope.subject, "at": at, "kind": kind}


def _invalid(error: msgspec.ValidationError) -> Rejected:
    missing = str(error).startswith("Object missing required field")
    return Rejected("missing-field" if missing else "wrong-type", _printable(str(error)))


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)[:200]
