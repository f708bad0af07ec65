"""Pushes of each platform through the real endpoint, Kafka, store and worker: its events, once, whatever goes wrong on the way."""

import hashlib
import json
import socket
import time
from dataclasses import replace
from typing import Any

import pytest

from streams import topics
from tests.integration.connect.conftest import Stack
from tests.platforms.cases import BOUND, CASES, SECRETS


def sent(stack: Stack) -> list[tuple[str, dict[str, Any]]]:
    return [(topic, row) for topic in (topics.ORDERS, topics.COMMENTS, topics.VIEWS) for row in stack.records(topic)]


def fits(found: list[tuple[str, dict[str, Any]]], event: tuple[str, str, str, int, dict[str, Any]]) -> int:
    topic, kind, room, at, more = event
    wanted = {"kind": kind, "room": room, "at": at, **more}
    return sum(of == topic and row | wanted == row for of, row in found)


@pytest.mark.parametrize("name", CASES)
def test_each_platforms_pushes_give_their_events_once(stack: Stack, name: str):
    case = CASES[name]
    for _ in range(2):  # what comes again is answered alike, and counts once
        answer = stack.case(name)
        assert (answer.status_code, answer.text) == (200, case.answer), answer.text
    for topic in {event[0] for event in case.events}:
        stack.wait(
            topic, lambda rows, topic=topic: all(fits([(topic, row) for row in rows], event) for event in case.events if event[0] == topic)
        )
    found = sent(stack)
    assert [fits(found, event) for event in case.events] == [1] * len(case.events)


def test_what_comes_of_no_live_is_no_event(stack: Stack):
    stack.case("doudian without a live")
    stack.case("douyin-live comments")
    assert not [row for row in stack.records(topics.ORDERS) if row["room"] == "0"]


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name].platform != "kuaishou-shop"])
def test_what_does_not_verify_is_refused_and_not_written(stack: Stack, name: str):
    before = len(stack.records(topics.INBOX))
    headers, query, body = CASES[name].signed()
    other = body.replace(b"1", b"2", 1) if b"1" in body else body + b" "
    answer = stack.push(CASES[name].platform, (headers, query, other))
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert len(stack.records(topics.INBOX)) == before


def test_what_does_not_decrypt_is_refused(stack: Stack):
    for body in (b"", b"nonsense", b"AAAAAAAAAAAAAAAAAAAAAA==", b'{"test":false}'):
        assert stack.push("kuaishou-shop", ({}, {}, body)).status_code == 401


def test_nobody_else_is_known(stack: Stack):
    assert stack.push("somebody", ({}, {}, b"{}")).status_code == 404


def test_wechats_question_is_answered_with_what_it_asks(stack: Stack):
    sign = hashlib.sha1("".join(sorted([SECRETS["wechat-shop"]["token"], "1", "2"])).encode()).hexdigest()
    query = {"signature": sign, "timestamp": "1", "nonce": "2", "echostr": "4375120948345356249"}
    assert stack.push("wechat-shop", ({}, query, b""), "GET").text == "4375120948345356249"
    assert stack.push("wechat-shop", ({}, query | {"signature": "x"}, b""), "GET").status_code == 401


def test_half_a_body_is_not_taken(stack: Stack):
    before = len(stack.records(topics.INBOX))
    headers, _, body = CASES["douyin-live comments"].signed()
    host, _, port = stack.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as half:
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        half.sendall(
            f"POST /in/platforms/douyin-live HTTP/1.1\r\nhost: a\r\ncontent-length: {len(body)}\r\n{head}\r\n".encode() + body[:-5]
        )
    time.sleep(0.5)
    assert len(stack.records(topics.INBOX)) == before
    large = b"[" + b" " * 1_100_000 + b"]"
    assert stack.push("douyin-live", ({}, {}, large)).status_code == 413


def test_two_secrets_are_good_at_once(stack: Stack):
    old, new = SECRETS["woocommerce"], {"secret": "a new one"}
    case = replace(CASES["woocommerce"], headers={**CASES["woocommerce"].headers, "x-wc-webhook-delivery-id": "d2"})
    file = stack.folder / "woocommerce.json"
    assert stack.push("woocommerce", case.signed(new)).status_code == 401
    file.write_text(json.dumps(new))
    try:
        assert stack.push("woocommerce", case.signed(new)).status_code == 200
        assert stack.push("woocommerce", case.signed(old)).status_code == 401
    finally:
        file.write_text(json.dumps(old))


def tiktok(order: str, notification: str) -> Any:
    value = {"type": 1, "tts_notification_id": notification, "data": {"order_id": order, "order_status": "AWAITING_SHIPMENT"}}
    return replace(CASES["tiktok-shop"], value=value).signed()


def detail(order: str) -> Any:
    found = json.loads(json.dumps(CASES["tiktok-shop"].lookup[1]))
    found["data"]["orders"][0]["id"] = order
    return found


def orders(stack: Stack, order: str) -> list[dict[str, Any]]:
    return [row for row in stack.records(topics.ORDERS) if row["order"].startswith(f"{order}:")]


def test_an_api_that_is_down_or_late_loses_nothing_and_stops_nobody(stack: Stack):
    stack.api.answers["ids=d0wn"] = detail("d0wn")
    stack.api.down = 6
    assert stack.push("tiktok-shop", tiktok("d0wn", "t-down")).status_code == 200
    value = [{**CASES["douyin-live comments"].value[0], "msg_id": "meanwhile"}]
    assert stack.push("douyin-live", replace(CASES["douyin-live comments"], value=value).signed()).status_code == 200
    stack.wait(topics.COMMENTS, lambda rows: any(row["id"] == "meanwhile" for row in rows))
    stack.wait(topics.ORDERS, lambda rows: any(row["order"].startswith("d0wn:") for row in rows))
    assert len(orders(stack, "d0wn")) == 1 and stack.api.down < 0
    stack.api.late_seconds = 2.0
    stack.api.answers["ids=l4te"] = detail("l4te")
    begin = time.monotonic()
    assert stack.push("tiktok-shop", tiktok("l4te", "t-late")).status_code == 200  # long before its detail is there
    stack.wait(topics.ORDERS, lambda rows: any(row["order"].startswith("l4te:") for row in rows))
    stack.api.late_seconds = 0.0
    assert time.monotonic() - begin >= 2.0


def test_a_worker_that_is_killed_goes_on_where_it_was(stack: Stack):
    for number in range(20):
        stack.api.answers[f"ids=k{number}z"] = detail(f"k{number}z")
    stack.api.late_seconds = 0.2
    for number in range(20):
        assert stack.push("tiktok-shop", tiktok(f"k{number}z", f"t-k{number}")).status_code == 200
    stack.worker.kill()
    stack.worker.start()
    stack.wait(topics.ORDERS, lambda rows: len({row["order"] for row in rows if row["order"].startswith("k")}) >= 20)
    stack.api.late_seconds = 0.0
    # An order's step counts once however often it stands in the log.
    assert {row["order"].partition(":")[0] for row in stack.records(topics.ORDERS) if row["order"].startswith("k")} == {
        f"k{n}z" for n in range(20)
    }


def test_a_room_that_opens_later_is_waited_for(stack: Stack):
    value = json.loads(json.dumps(CASES["wechat-shop"].value))
    value["order_info"]["order_id"] = 3705115058471208999
    found = json.loads(json.dumps(CASES["wechat-shop"].lookup[1]))
    found["order"] |= {"order_id": "3705115058471208999"}
    found["order"]["order_detail"]["source_infos"] = [{"account_id": "later"}]
    stack.api.answers["order/get 3705115058471208999"] = found
    assert stack.push("wechat-shop", replace(CASES["wechat-shop"], value=value).signed()).status_code == 200
    time.sleep(1.0)
    assert not orders(stack, "3705115058471208999")
    opened = {
        "id": "o2",
        "room": "late-room",
        "at": found["order"]["create_time"] * 1000,
        "kind": "opened",
        "title": "T",
        "account": "later",
    }
    stack.write(topics.SCENES, opened)
    stack.wait(topics.ORDERS, lambda rows: any(row["room"] == "late-room" for row in rows))


def test_what_cannot_be_mapped_is_a_dead_letter_that_says_why(stack: Stack):
    value = {"type": 71, "tts_notification_id": "bad", "data": {"event_id": "b"}}
    assert stack.push("tiktok-shop", replace(CASES["tiktok-shop"], value=value).signed()).status_code == 200
    found = stack.wait(topics.DEAD_LETTERS, lambda rows: any(row["reason"] == "not-mapped" for row in rows))
    (letter,) = [row for row in found if row["reason"] == "not-mapped"]
    assert letter["topic"] == topics.INBOX and "there is no" in letter["detail"]


def test_bound_rooms_are_those_of_the_account_then(stack: Stack):
    assert {row["room"] for row in stack.records(topics.ORDERS) if row["order"].startswith(("E1:", "2532800000000001:"))} == {BOUND}
