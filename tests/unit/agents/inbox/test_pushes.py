"""One message until it is done, with everything around it played."""

import base64
import json
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from agents.inbox import pushes
from agents.inbox.lookups import Failed
from agents.inbox.pushes import Arrived, Pushes
from streams import topics
from streams.mapping import parse, shipped
from streams.platforms import inbox, sources
from streams.platforms.base import Message
from streams.store.port import StoreAway
from tests.platforms.cases import BOUND, CASES, MS

FILE = "sources:\n" + "".join(
    f"  {name}: {{platform: {name}, secrets: [a], token: t, account: account-1}}\n" for name in ("tiktok-shop", "youzan", "douyin-live")
)


class Played:
    """The look-up, the rooms, the ids and Kafka. `failures`: what the next look-ups, and the next sends, end with."""

    def __init__(self) -> None:
        self.lookup_failures: list[Exception] = []
        self.send_failures: list[Exception] = []
        self.room: str | None = BOUND
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.taken: set[str] = set()

    async def detail(self, sender: Any, payload: Any) -> Any:
        if self.lookup_failures:
            raise self.lookup_failures.pop(0)
        return CASES["tiktok-shop"].lookup[1]["data"]

    async def at(self, account: str, at_ms: int) -> str | None:
        return self.room

    async def claim(self, source: str, topic: str, ids: Sequence[str]) -> str:
        return "".join("r" if each in self.taken else "n" for each in ids)

    async def keep(self, source: str, topic: str, ids: Sequence[str]) -> None:
        self.taken |= set(ids)

    async def drop(self, source: str, topic: str, ids: Sequence[str]) -> None:
        """Nothing was claimed."""

    async def send_many(self, records: Sequence[tuple[str, str, bytes]]) -> list[bool]:
        if self.send_failures:
            raise self.send_failures.pop(0)
        self.sent += [(topic, json.loads(raw)) for topic, _, raw in records]
        return [True] * len(records)


@pytest.fixture
def played() -> Played:
    return Played()


@pytest.fixture
def working(played: Played, monkeypatch: pytest.MonkeyPatch) -> Pushes:
    monkeypatch.setattr(pushes, "_FIRST_PAUSE_SECONDS", 0.001)
    senders = sources.parse(FILE)
    mappings = {name: parse(shipped.text(name) or "") for name in senders}
    any_played: Any = played
    return Pushes(senders, mappings, any_played, any_played, any_played, any_played, lambda: MS + 3_600_000, 7_200_000)


def arrived(name: str, value: Any, at: int = MS, headers: dict[str, str] | None = None) -> Arrived:
    raw = inbox.encode(name, Message("m", msgspec.json.encode(value)), headers or {}, MS)
    return Arrived(3, 17, raw, at)


_COMMENT = {"msg_id": 1, "sec_openid": "a", "content": "x", "timestamp": MS}
BAD_ROOM = arrived("douyin-live", _COMMENT, headers={"x-msg-type": "live_comment", "x-roomid": "a b"})
ORDER = arrived("tiktok-shop", CASES["tiktok-shop"].value)


async def test_an_order_is_written_once(working: Pushes, played: Played):
    assert [await working.work(ORDER) for _ in range(2)] == ["sent", "sent"]
    ((topic, event),) = played.sent
    assert (topic, event["room"], event["amount"]) == (topics.ORDERS, "746", 1998)


async def test_it_is_tried_again_until_it_works(working: Pushes, played: Played):
    played.lookup_failures = [Failed("the API answered 500")] * 3
    played.send_failures = [StoreAway("away"), TimeoutError()]
    assert await working.work(ORDER) == "sent"
    assert len(played.sent) == 1


async def test_a_fault_of_ours_gives_one_message_up_and_stops_no_other(working: Pushes, played: Played, caplog: pytest.LogCaptureFixture):
    played.lookup_failures = [KeyError("secret")]
    assert [await working.work(ORDER) for _ in range(2)] == ["fault", "sent"]
    (topic, letter), _ = played.sent
    assert (topic, letter["reason"]) == (topics.DEAD_LETTERS, "fault") and "secret" not in letter["detail"]
    assert "met a fault of ours" in caplog.text


@pytest.mark.parametrize(
    ("record", "reason", "says"),
    [
        (Arrived(3, 17, b"{", MS), "not-json", "no record"),
        (Arrived(3, 17, None, MS), "not-json", "no record"),
        (arrived("tiktok-shop", [1]), "not-readable", "not a JSON object"),
        (arrived("somebody", {}), "unknown-source", "somebody"),
        (arrived("tiktok-shop", {"type": 71, "data": {}}), "not-mapped", "line "),
        (BAD_ROOM, "not-mapped", "room must be"),
    ],
    ids=["no json", "nothing", "no object", "unknown source", "not mapped", "no event"],
)
async def test_what_nothing_can_come_of_is_a_dead_letter(working: Pushes, played: Played, record: Arrived, reason: str, says: str):
    assert await working.work(record) == reason
    ((topic, letter),) = played.sent
    assert (topic, letter["reason"], letter["topic"]) == (topics.DEAD_LETTERS, reason, topics.INBOX)
    assert (letter["partition"], letter["offset"]) == (3, 17)
    assert says in letter["detail"] and base64.b64decode(letter["raw"]) == (record.value or b"")


async def test_a_look_up_is_given_up_in_the_end(working: Pushes, played: Played):
    played.lookup_failures = [Failed("the API answered 500")] * 9
    assert await working.work(arrived("tiktok-shop", CASES["tiktok-shop"].value, MS - 7_200_000)) == "lookup-failed"
    assert played.sent[0][1]["detail"] == "the API answered 500"


async def test_a_room_that_never_opens(working: Pushes, played: Played):
    played.room = None
    assert await working.work(arrived("youzan", CASES["youzan"].value, MS - 7_200_000)) == "no-room"
    assert "account-1" in played.sent[0][1]["detail"]


async def test_a_message_of_nothing_we_count(working: Pushes, played: Played):
    assert await working.work(arrived("youzan", {"type": "item_ItemUpdate"})) == "nothing"
    assert played.sent == []
