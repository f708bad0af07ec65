"""Attempts at a real receiver on this machine."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from agents.notify import targets
from agents.notify.targets import Targets
from deploy.ports import free_port
from streams.notices.plan import Message, Result
from streams.notices.subscription import Subscription
from tests.servers import webhook
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
    (call,) = receiver.calls
    assert call.is_signed() and call.id == MESSAGE.id and call.headers["content-type"] == "application/json"


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://nowhere.invalid/", "https://127.0.0.1:{port}/"])
async def test_nobody_there_is_worth_another_try_and_no_address_is_in_the_log(url: str) -> None:
    result = await attempt(hook(url.format(port=free_port())))
    assert result.outcome == "failed"
    assert "127.0.0.1" not in result.detail and "nowhere" not in result.detail


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
    assert (result.outcome, result.detail) == ("refused", "the target is no address")


async def test_what_breaks_within_a_service_is_a_failed_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("message_id")

    monkeypatch.setattr(targets, "_notify", broken)
    result = await attempt(Subscription("s", "json://somewhere"))
    assert (result.outcome, result.detail) == ("failed", "KeyError within Apprise")


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
