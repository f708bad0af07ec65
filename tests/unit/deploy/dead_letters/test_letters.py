import base64
import re

import orjson
import pytest

from deploy.dead_letters.letters import MENDED, Letter, Ready, check, line, mark, name_of, parse

NOW = 1_760_000_000_000
PLACE = "live.views:0:7"
LIKED = {"id": "a", "room": "r", "at": NOW, "kind": "liked", "user": "u"}


def letter(raw: bytes = b"{}", **fields: object) -> Letter:
    return Letter(reason="not-json", at=NOW, raw=base64.b64encode(raw).decode(), **fields)


def mended(event: object = LIKED, **fields: object) -> bytes:
    return orjson.dumps({"letter": PLACE, "topic": "live.views", "mended": event} | fields)


def test_a_line_shows_the_record_as_text() -> None:
    row = orjson.loads(line(PLACE, letter('{"kind": "点赞"}'.encode(), topic="live.views", partition=0, offset=7)))
    assert (row["letter"], row["reason"], row["topic"], row["text"], row["mended"]) == (
        PLACE,
        "not-json",
        "live.views",
        '{"kind": "点赞"}',
        None,
    )
    assert "raw" not in row


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    row = orjson.loads(line(PLACE, letter(b"\xff\xfe")))
    assert row["text"] is None
    assert base64.b64decode(row["raw"]) == b"\xff\xfe"


def test_a_summary_says_how_many_and_where_and_is_no_line_to_mend() -> None:
    many = letter(topic="live.views", partition=0, offset=7, last_offset=90, count=12, reasons={"future": 12}, offsets=[(7, 9), (82, 90)])
    row = orjson.loads(line("live.views:0:7-90", many))
    assert (row["count"], row["reasons"], row["offsets"]) == (12, {"future": 12}, [[7, 9], [82, 90]])
    assert "mended" not in row and not many.is_one
    one = orjson.loads(line(PLACE, letter()))
    assert "mended" in one and "count" not in one


def test_nothing_in_a_line_can_steer_a_terminal() -> None:
    hostile = "\x1b[2J\x9b2J\x7f\r\n"
    shown = line(PLACE, letter(hostile.encode(), detail=hostile))
    assert shown.isprintable()
    assert orjson.loads(shown)["text"] == hostile


def test_a_letter_from_a_file_is_told_by_time_too() -> None:
    assert name_of(PLACE.encode(), letter()) == PLACE
    assert name_of(b"events.ndjson:3", letter(file="events.ndjson")) == f"events.ndjson:3@{NOW}"


def test_records_that_are_no_letters_are_none() -> None:
    assert [parse(raw) for raw in (b"", b"{", b"[]", b'{"reason": 5, "at": 1}', b"\xff")] == [None] * 5
    marked = parse(mark(NOW))
    assert marked is not None and (marked.reason, marked.at) == (MENDED, NOW)


def test_a_good_line_is_ready_with_its_event_byte_for_byte() -> None:
    assert check(mended(), {PLACE}, NOW) == Ready(PLACE, "live.views", "r", orjson.dumps(LIKED))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"{", "truncated"),
        (b"\xff", "malformed|invalid|utf-8"),
        (orjson.dumps({"letter": PLACE, "topic": "live.views"}), "mended"),
        (mended(topic="live.alerts"), "`topic` must be one of"),
        (mended(topic=None), "topic"),
        (mended(letter="live.views:0:8"), "no such letter waits"),
        (mended(None), "would be rejected again"),
        (mended(LIKED | {"user": 5}), r"would be rejected again: wrong-type"),
        (mended(LIKED | {"at": NOW + 3_600_000}), "would be rejected again: future"),
    ],
)
def test_a_wrong_line_says_what_is_wrong(raw: bytes, why: str) -> None:
    found = check(raw, {PLACE}, NOW)
    assert isinstance(found, str)
    assert re.search(why, found, re.IGNORECASE), found
