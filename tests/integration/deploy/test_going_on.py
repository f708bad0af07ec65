"""The stack goes on where it was: whichever of its parts are killed, and after it was ended and started again."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import orjson
import pytest

from streams.kafka.brokers import Brokers
from streams.notices.subscription import Subscription, text
from streams.store.redis import RedisStore
from tests.kafka.feed import fed
from tests.kafka.steps import first_applied, until
from tests.kafka.verdict import dead_letters, differences, ends, settled
from tests.load import Load, sums
from tests.servers import webhook

#: What of a command line tells each part.
PARTS = {
    "broker": "kafka.Kafka",
    "store": "valkey-server",
    "agents": "deploy agents",
    "evaluator": "deploy watch",
    "screen": "deploy screen",
}
DEATHS = [*combinations(PARTS, 1), *combinations(PARTS, 2)]
RATE = 300
#: What both the board and the count call the same.
SHOWN = ("impressions", "entries", "likes", "product_clicks", "carts", "orders_created", "orders_paid", "gmv", "buyers", "refund_amount")
RULE = Path(__file__).parents[2] / "soak" / "rules.yaml"


@pytest.fixture
def receiver() -> Iterator[webhook.Receiver]:
    with webhook.running() as running:
        yield running


async def test_any_part_and_any_two_of_them_may_die(livescreen, tmp_path, receiver, no_traceback):
    stack = livescreen.up("--token-file", tmp_path / "token", RULES=str(RULE))
    before, load = dict(stack.listening()), Load(21)
    try:
        await _subscribe(stack, receiver)
        async with fed(_kafka(stack), load, RATE):
            await _applied(stack)
            for parts in DEATHS:
                killed = {part: _pid(stack, part) for part in parts}
                for pid in killed.values():
                    os.kill(pid, signal.SIGKILL)
                await until(lambda killed=killed: _are_back(stack, killed), f"not all of {parts} came back: {stack.said()}")
                await _applied(stack)
        await _judge(stack, load, (tmp_path / "token").read_text().strip())
        assert stack.listening() == before, "it must be where it was: who uses it was told once"
        assert all(stack.said().count(f"{name} was ended by SIGKILL") == 5 for name in ("broker", "store", "agents-1", "watch-1", "screen"))
        rooms = Counter(alert["room"] for alert in {a["id"]: a for call in receiver.taken() for a in call.alerts}.values())
        assert rooms == dict.fromkeys(load.rooms, 1), "each alert under one id"
        assert stack.stop() == 0
        no_traceback(stack.said())
    finally:
        stack.kill()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
async def test_it_may_end_and_start_again(livescreen, tmp_path, end):
    token, load = tmp_path / "token", Load(22)
    stack = livescreen.up("--token-file", token)
    try:
        async with fed(_kafka(stack), load, RATE):
            await _applied(stack)
            await asyncio.sleep(2)
        secret = token.read_text().strip()
        await _judge(stack, load, secret)
        before = await _settled(stack, load, secret)
        stack.process.send_signal(end)
        stack.process.wait(60)

        stack = livescreen.up()
        assert await _settled(stack, load, secret) == before, "as it stood, and to whom it was open before"
        async with fed(_kafka(stack), load, RATE):
            await asyncio.sleep(3)
        await _judge(stack, load, secret)
    finally:
        stack.kill()


def _kafka(stack: Any) -> Brokers:
    return Brokers(str(stack.listening()["kafka"]))


def _pid(stack: Any, part: str) -> int:
    return int(stack.part(PARTS[part]))


async def _subscribe(stack: Any, receiver: webhook.Receiver) -> None:
    store = RedisStore.connect(str(stack.listening()["redis"]))
    hook = Subscription(id="hook", target=receiver.url, secret=webhook.SECRET, tell=("firing",))
    await store.notices.subscribe("hook", text(hook))
    await store.close()


async def _are_back(stack: Any, killed: dict[str, int]) -> bool:
    """Whether each of the killed has a successor, and the screen is ready again."""
    try:
        new = {part: _pid(stack, part) for part in PARTS}
    except ValueError:
        return False
    return all(new[part] != pid for part, pid in killed.items()) and await asyncio.to_thread(_is_ready, stack)


def _is_ready(stack: Any) -> bool:
    try:
        return stack.get("/readyz")[0] == 200
    except OSError:
        return False


async def _applied(stack: Any) -> None:
    """Returns when the agents have come to where the log ends now."""
    store = RedisStore.connect(str(stack.listening()["redis"]))
    try:
        await first_applied(store)
        await settled(_kafka(stack), store)
    finally:
        await store.close()


def _board(stack: Any, room: str, token: str) -> dict[str, Any]:
    """What of a room's board does not change with time alone: the running minute comes empty, so minutes without an event are none."""
    board, minutes = (orjson.loads(stack.get(f"/api/rooms/{room}{more}", token)[1]) for more in ("", "/minutes"))
    parts = {"total": board["total"], **{row["product"]: row["total"] for row in board["products"]}, **board["sources"]}
    parts |= {str(row["at"]): row for row in minutes["minutes"] if any(row.get(figure) for figure in SHOWN)}
    return {"status": board["status"], **{name: {figure: part.get(figure) for figure in SHOWN} for name, part in parts.items()}}


async def _settled(stack: Any, load: Load, token: str) -> list[dict[str, Any]]:
    """The boards of all rooms, once a second brings no change: a screen reads a room once a tick, and its minutes by another call."""
    found = [_board(stack, room, token) for room in load.rooms]
    for _ in range(30):
        await asyncio.sleep(1)
        before, found = found, [_board(stack, room, token) for room in load.rooms]
        if found == before:
            return found
    raise AssertionError("the boards go on changing although nothing is sent")


async def _judge(stack: Any, load: Load, token: str) -> None:
    """Checks the log against the load, the store against both, and what the screen shows."""
    kafka = _kafka(stack)
    await _applied(stack)
    assert sum((await ends(kafka)).values()) == len(load.records), "the log itself has lost or doubled records"
    store = RedisStore.connect(str(stack.listening()["redis"]))
    try:
        assert await differences(store, load) == []
    finally:
        await store.close()
    # A letter may come twice when an agent dies right after it is sent; but each says where its record stood.
    assert len(set(await dead_letters(kafka))) == load.rejected
    wrong = {room: sums(load.records, room).total for room in load.rooms}

    async def shown() -> bool:
        """The screen reads a room once a tick, so it may be a tick behind."""
        for room, right in list(wrong.items()):
            if _board(stack, room, token)["total"] == {figure: right[figure] for figure in SHOWN}:
                del wrong[room]
        return not wrong

    await until(shown, "the screen does not show what was sent", 20)
