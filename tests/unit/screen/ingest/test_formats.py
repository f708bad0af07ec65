"""One candidate an event, whatever the body is."""

import json

import pytest

from screen.ingest.formats import MAX_EVENTS, Candidate, candidates
from screen.problems import Problem
from streams import events, topics

VIEW = {"id": "v1", "room": "r", "at": 1_795_608_000_000, "kind": "entered", "user": "u1", "source": "search", "person": {"gender": "f"}}
CLOUD = {
    "specversion": "1.0", "id": "v1", "source": "/app", "type": "live.views.entered", "subject": "r", "time": "2026-11-25T12:00:00Z",
    "datacontenttype": "application/json", "data": {"user": "u1", "source": "search", "person": {"gender": "f"}},
}  # fmt: skip
NDJSON, ARRAY = {"content-type": "application/x-ndjson"}, {"content-type": "application/json; charset=utf-8"}


def decoded(each: Candidate) -> events.Event | events.Rejected:
    return events.decode(each.topic, each.raw, VIEW["at"])


def line(**more: object) -> bytes:
    return json.dumps({"topic": topics.VIEWS, **VIEW, **more}).encode()


EXPECTED = events.decode(topics.VIEWS, json.dumps(VIEW).encode(), VIEW["at"])


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (NDJSON, line() + b"\n"),
        ({}, line()),
        (ARRAY, b"[" + line() + b"]"),
        (ARRAY, line()),
        ({"content-type": "application/cloudevents+json"}, json.dumps(CLOUD).encode()),
        ({"content-type": "application/cloudevents-batch+json"}, json.dumps([CLOUD]).encode()),
        (
            {
                "content-type": "application/json",
                **{f"ce-{name}": CLOUD[name] for name in ("specversion", "id", "source", "type", "subject", "time")},
            },
            json.dumps(CLOUD["data"]).encode(),
        ),
    ],
    ids=["ndjson", "no type", "array", "one object", "structured", "batch", "binary"],
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
def test_the_same_event_in_each_format(headers: dict[str, str], body: bytes, mark: bytes) -> None:
    (found,) = candidates(headers, mark + body)
    assert (found.line, found.topic, decoded(found)) == (1, topics.VIEWS, EXPECTED)


def test_lines_are_counted_as_they_stand_and_one_bad_line_stops_no_other() -> None:
    found = candidates(NDJSON, b"\r\n".join([line(id="a"), b"", b"{", line(id="b")]))
    assert [(each.line, each.why and each.why.reason) for each in found] == [(1, None), (3, "not-json"), (4, None)]


def test_a_line_separator_of_unicode_ends_no_line() -> None:
    body = line(user="a\u2028b").replace(b"\\u2028", "\u2028".encode())
    assert len(candidates(NDJSON, body)) == 1


def test_an_event_without_a_topic_says_so() -> None:
    (found,) = candidates(NDJSON, json.dumps(VIEW).encode())
    assert found.why is not None
    assert found.why.reason == "missing-field"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"specversion": "0.3"}, "wrong-value"),
        ({"time": None}, "missing-field"),
        ({"time": "2026-11-25T12:00:00"}, "missing-field"),
        ({"time": "noon"}, "wrong-type"),
        ({"id": 7}, "wrong-type"),
        ({"data": [1]}, "wrong-type"),
    ],
)
def test_a_broken_cloud_event_has_its_reason(change: dict[str, object], reason: str) -> None:
    (found,) = candidates({"content-type": "application/cloudevents+json"}, json.dumps({**CLOUD, **change}).encode())
    assert found.why is not None
    assert found.why.reason == reason


def test_data_cannot_stand_in_for_the_attributes() -> None:
    forged = {**CLOUD, "data": {**CLOUD["data"], "id": "other", "room": "other", "kind": "left", "at": 0}}
    (found,) = candidates({"content-type": "application/cloudevents+json"}, json.dumps(forged).encode())
    assert decoded(found) == EXPECTED


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content-type": "image/png"}, b"", 415),
        (ARRAY, b"[1, 2", 400),
        ({"content-type": "application/cloudevents-batch+json"}, b"{}", 400),
        (NDJSON, b"{}\n" * (MAX_EVENTS + 1), 413),
        (ARRAY, json.dumps([1] * (MAX_EVENTS + 1)).encode(), 413),
    ],
)
def test_what_cannot_be_read_as_a_whole_is_a_problem(headers: dict[str, str], body: bytes, status: int) -> None:
    with pytest.raises(Problem) as found:
        candidates(headers, body)
    assert found.value.status == status


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (NDJSON, line(user="u\ud83d")),
        (ARRAY, b"[" + line(user="u\ud83d") + b"]"),
        ({"content-type": "application/cloudevents+json"}, json.dumps({**CLOUD, "data": {**VIEW, "user": "u\ud83d"}}).encode()),
        ({"content-type": "application/cloudevents-batch+json"}, json.dumps([{**CLOUD, "data": {**VIEW, "user": "u\ud83d"}}]).encode()),
        ({f"ce-{name}": str(CLOUD[name]) for name in ("specversion", "id", "source", "type", "subject", "time")}, b'{"user": "u\\ud83d"}'),
    ],
)
def test_half_an_emoji_is_replaced_and_refuses_nothing(headers: dict[str, str], body: bytes) -> None:
    [each] = candidates(headers, body)
    event = decoded(each)
    assert isinstance(event, events.Event), event
    assert event.user == "u\ufffd"
