"""What a body may be: NDJSON, a JSON array, or CloudEvents (binary, structured, batch). From each, one candidate an event."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from screen.ingest import cloudevents
from screen.problems import Problem
from streams.events import Rejected, surrogates

MAX_EVENTS = 5_000
_NDJSON = {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "text/plain", ""}
_JSON = {"application/json"}
_ACCEPTED = "application/x-ndjson, application/json, application/cloudevents+json, application/cloudevents-batch+json"
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What stands in one line of the body, or at one place of its array, counted from 1.

    topic   as the sender wrote it; "" where it wrote none      raw   the event in JSON      why   why it can be no event, if so
    """

    line: int
    topic: str = ""
    raw: bytes = b""
    why: Rejected | None = None


class _Addressed(msgspec.Struct):
    """The one field that is not the event's own."""

    topic: str


_addressed = msgspec.json.Decoder(_Addressed).decode
_array = msgspec.json.Decoder(list[msgspec.Raw]).decode


def candidates(headers: Mapping[str, str], body: bytes) -> list[Candidate]:
    """The candidates of a body, in its order. Raises `Problem`: 415 unknown type, 400 unreadable as a whole, 413 more than 5,000."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    body = body.removeprefix(BOM_UTF8)  # some editors and libraries begin a text with it; it is not the text's
    if cloudevents.is_binary(headers):
        return [_of_cloud_event(1, cloudevents.from_binary(headers, body))]
    if media_type == "application/cloudevents+json":
        return [_of_cloud_event(1, cloudevents.from_json(body))]
    if media_type == "application/cloudevents-batch+json":
        return [_of_cloud_event(line, cloudevents.from_json(each)) for line, each in _places(body)]
    if media_type in _NDJSON or (media_type in _JSON and not body.lstrip().startswith(b"[")):
        return [_plain(line, each) for line, each in _lines(body)]
    if media_type in _JSON:
        return [_plain(line, each) for line, each in _places(body)]
    raise Problem(415, "unknown-type", f"Content-Type must be one of {_ACCEPTED}.", {"accept": _ACCEPTED})


def _lines(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Line → its bytes; empty lines are passed over. Only line feeds end a line: JSON may hold all other separators."""
    return _bounded((number, line) for number, line in enumerate(body.split(b"\n"), 1) if line.strip())


def _places(body: bytes) -> Iterator[tuple[int, bytes]]:
    try:
        return _bounded((number, bytes(raw)) for number, raw in enumerate(surrogates.parse(_array, body), 1))
    except _UNREADABLE:
        raise Problem(400, "not-json", "The body is not a JSON array; nothing of it was taken.") from None


def _bounded(found: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    for count, each in enumerate(found, 1):
        if count > MAX_EVENTS:
            raise Problem(413, "too-many", f"At most {MAX_EVENTS} events in one request; send them in parts.")
        yield each


def _plain(line: int, raw: bytes) -> Candidate:
    try:
        return Candidate(line, surrogates.parse(_addressed, raw).topic, raw)
    except msgspec.ValidationError:
        return Candidate(line, raw=raw, why=Rejected("missing-field", 'each event names its topic, for example "topic": "live.views"'))
    except _UNREADABLE as error:
        return Candidate(line, why=Rejected("not-json", type(error).__name__))


def _of_cloud_event(line: int, found: tuple[str, Mapping[str, Any]] | Rejected) -> Candidate:
    if isinstance(found, Rejected):
        return Candidate(line, why=found)
    topic, event = found
    return Candidate(line, topic, msgspec.json.encode(event))
