"""Attempts at a real receiver on this machine."""

from collections.abc import Iterator

import pytest

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
    async with Targets() as targets:
        return await targets.send(subscription, MESSAGE)


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


async def test_an_address_that_apprise_does_not_know_is_refused() -> None:
    result = await attempt(Subscription("s", "nonsense://somewhere"))
    assert result.outcome == "refused" and "somewhere" not in result.detail
