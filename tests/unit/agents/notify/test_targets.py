"""Attempts at a real receiver on this machine."""

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from agents.notify import services
from agents.notify.targets import Targets
from deploy.ports import free_port
from streams.notices.plan import Message, Result
from streams.notices.subscription import Subscription
from tests.servers import tls_door, webhook
from tests.servers.authority import Authority
from tests.unit.streams.notices.test_plan import NOON, transition

MESSAGE = Message("room/a:x:1/firing", [1], [transition()], False, NOON)


@pytest.fixture
def receiver() -> Iterator[webhook.Receiver]:
    with webhook.running() as running:
        yield running


def hook(url: str) -> Subscription:
    return Subscription("s", url, secret=webhook.SECRET)


async def attempt(subscription: Subscription) -> Result:
    async with Targets() as all_of_them:
        return await all_of_them.send(subscription, MESSAGE)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, "delivered"), (204, "delivered"), (301, "refused"), (404, "refused"), (408, "failed"), (429, "failed"), (500, "failed")],
)
async def test_the_answer_decides(receiver: webhook.Receiver, status: int, outcome: str) -> None:
    receiver.answer = lambda _: status
    result = await attempt(hook(receiver.url))
    assert (result.outcome, result.detail) == (outcome, f"status {status}")
    assert result.reason == ("taken" if outcome == "delivered" else "rate_limited" if status == 429 else "status")
    (call,) = receiver.calls
    assert call.is_signed() and call.id == MESSAGE.id and call.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("url", "reason"),
    [("http://127.0.0.1:{port}/", "connection_refused"), ("http://nowhere.invalid/", "unknown_host")],
)
@pytest.mark.parametrize("scheme", ["http", "json"])
async def test_nobody_there_is_worth_another_try_has_its_reason_and_no_address_is_in_the_log(scheme: str, url: str, reason: str) -> None:
    result = await attempt(hook(url.format(port=free_port()).replace("http", scheme)))
    assert (result.outcome, result.reason) == ("failed", reason)
    assert "127.0.0.1" not in result.detail and "nowhere" not in result.detail


@pytest.mark.parametrize("scheme", ["https", "jsons"])
async def test_an_authority_of_ones_own_is_trusted_once_it_is_named(tmp_path: Path, scheme: str) -> None:
    authority = Authority(tmp_path / "ca")
    with webhook.running() as receiver:
        plain = int(receiver.url.removesuffix("/hook").rpartition(":")[2])
        with tls_door.opened(plain, authority.sign("hook", "127.0.0.1")) as port:
            subscription = hook(f"{scheme}://127.0.0.1:{port}/hook?+X-Livescreen-Id=x")
            refused = await attempt(subscription)
            assert (refused.outcome, refused.reason) == ("failed", "certificate") and "127.0.0.1" not in refused.detail
            async with Targets(str(authority.file)) as trusting:
                assert (await trusting.send(subscription, MESSAGE)).outcome == "delivered"


async def test_a_receiver_that_breaks_off_or_speaks_no_tls_has_its_reason() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert (await attempt(hook(f"http://127.0.0.1:{port}/"))).reason == "broken_off"
    with webhook.running() as receiver:
        assert (await attempt(hook(receiver.url.replace("http", "https")))).reason == "tls"


BOTS = {
    "dingtalk": "dingtalk://" + "a" * 64,
    "wecom": "wecombot://12345678-1234-1234-1234-123456789012",
    "feishu": "feishu://" + "abcdefgh1234" * 3,
    "lark": "lark://" + "abcdefgh1234" * 3,
}


@pytest.mark.parametrize(
    ("bot", "answered", "outcome", "reason", "pause_ms"),
    [
        ("dingtalk", {"errcode": 0, "errmsg": "ok"}, "delivered", "taken", 0),
        ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, "refused", "bot", 0),
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, "failed", "rate_limited", 60_000),
        ("dingtalk", {"errcode": -1, "errmsg": "系统繁忙"}, "failed", "bot", 0),
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, "failed", "rate_limited", 60_000),
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "refused", "bot", 0),
        ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, "refused", "bot", 0),
        ("feishu", {"code": 11232, "msg": "frequency limited"}, "failed", "rate_limited", 60_000),
        ("feishu", {"code": 0, "msg": "success", "StatusCode": 0}, "delivered", "taken", 0),
        ("lark", {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}, "refused", "bot", 0),
        ("lark", "no JSON", "delivered", "taken", 0),
    ],
)
async def test_a_bots_error_within_a_200_is_one(
    monkeypatch: pytest.MonkeyPatch, bot: str, answered: Any, outcome: str, reason: str, pause_ms: int
) -> None:
    def post(*_: Any, **__: Any) -> requests.Response:
        made = requests.Response()
        made.status_code, made._content = 200, (answered if isinstance(answered, str) else json.dumps(answered)).encode()
        return made

    monkeypatch.setattr(requests, "post", post)
    result = await attempt(Subscription("s", BOTS[bot]))
    assert (result.outcome, result.reason, result.pause_ms) == (outcome, reason, pause_ms)
    if reason in ("bot", "rate_limited"):
        assert result.detail == " ".join(str(value) for value in answered.values())


async def test_a_part_that_a_bot_refuses_is_told_though_the_last_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter([0, 19024, *[0] * 1_000])

    def post(*_: Any, **__: Any) -> requests.Response:
        made = requests.Response()
        made.status_code, made._content = 200, json.dumps({"code": next(codes), "msg": "m"}).encode()
        return made

    monkeypatch.setattr(requests, "post", post)
    many = [transition(f"a:{n}:1", title_zh=f"第 {n} 件", message_zh="在线人数下降" * 40) for n in range(100)]
    async with Targets() as targets:
        result = await targets.send(Subscription("s", BOTS["feishu"]), Message("group/1", [], many, False, NOON))
    assert (result.outcome, result.detail) == ("refused", "19024 m")


async def test_a_bots_address_as_a_webhook_is_heard_too() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = json.dumps({"errcode": 310000, "errmsg": "keywords not in\n content"}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        result = await attempt(hook(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"))
    assert (result.outcome, result.reason, result.detail) == ("refused", "bot", "310000 keywords not in  content")


async def test_apprise_sends_plain_text(receiver: webhook.Receiver) -> None:
    receiver_address = receiver.url.removeprefix("http://")
    result = await attempt(Subscription("s", f"json://{receiver_address}?+X-Livescreen-Id=x", language="en"))
    assert result.outcome == "delivered", result
    (call,) = receiver.calls
    assert call.body["title"] == "warning·firing room t"


async def test_what_is_too_long_for_a_service_goes_in_parts(receiver: webhook.Receiver) -> None:
    target = f"mmost://{receiver.url.removeprefix('http://').removesuffix('/hook')}/{'a' * 24}"
    many = [transition(f"a:{n}:1", title_zh=f"第 {n} 件", message_zh="在线人数下降" * 20) for n in range(50)]
    async with Targets() as targets:
        result = await targets.send(Subscription("s", target), Message("group/1", [], many, False, NOON))
    assert result.outcome == "delivered", result
    parts = [call.body["text"] for call in receiver.calls]
    assert max(len(part.encode()) for part in parts) <= 4_000, "as long as this service takes, even if it counts bytes"
    assert all(f"第 {n} 件" in "".join(parts) for n in range(50))


async def test_an_address_that_apprise_does_not_know_is_refused() -> None:
    result = await attempt(Subscription("s", "nonsense://somewhere"))
    assert result.outcome == "refused" and "somewhere" not in result.detail


@pytest.mark.parametrize("url", ["http://[::1/hook", "http://xn--/hook", "http://例え..jp/hook"])
async def test_a_webhook_that_is_no_address_is_refused(url: str) -> None:
    result = await attempt(hook(url))
    assert (result.outcome, result.reason, result.detail) == ("refused", "no_address", "")


async def test_what_breaks_within_a_service_is_a_failed_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("message_id")

    monkeypatch.setattr(services, "notify", broken)
    result = await attempt(Subscription("s", "json://somewhere"))
    assert (result.outcome, result.reason, result.detail) == ("failed", "service", "KeyError within Apprise")


async def test_services_that_do_not_answer_hold_up_no_other(receiver: webhook.Receiver) -> None:
    over, silent = threading.Event(), 40

    def answer(name: str) -> int:
        if name == "silent":
            over.wait(20)
        return 200

    receiver.answer = answer
    address = receiver.url.removeprefix("http://")
    to = {name: Subscription(name, f"json://{address}?rto=25&+X-Livescreen-Id={name}") for name in ("silent", "alive")}
    async with Targets() as targets:
        waiting = [asyncio.create_task(targets.send(to["silent"], MESSAGE)) for _ in range(silent)]
        try:
            await asyncio.sleep(0)  # all of them have a thread now, or wait for one
            assert (await targets.send(to["alive"], MESSAGE)).outcome == "delivered"
            assert not any(each.done() for each in waiting), "it did not wait for one of them to end"
        finally:
            over.set()
            await asyncio.gather(*waiting)
