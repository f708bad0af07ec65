"""Subscriptions and their notices in Redis."""

from collections.abc import Sequence
from itertools import chain

import msgspec

from streams.store import checks
from streams.store.desk import DESK_MS, LOGGED, SEEN_MS, Desk, Page
from streams.store.keys import Keys
from streams.store.redis import scripts
from streams.store.redis.alerts import numbered
from streams.store.redis.client import Client

POST = scripts.Script("post_notice.lua")
WRITE = scripts.Script("write_desk.lua")
_encoder = msgspec.msgpack.Encoder()


class RedisNotices:
    """See `streams.store.desk.Notices`."""

    def __init__(self, client: Client, names: Keys) -> None:
        self._client = client
        self._names = names

    async def subscriptions(self) -> dict[str, str]:
        """All of them."""
        found: dict[str, str]
        (found,) = await self._client.run([("HGETALL", self._names.subscriptions)])
        return found

    async def subscribe(self, subscription: str, text: str) -> None:
        """Adds or changes one."""
        checks.check_scopes([checks.desk(subscription)])
        await self._client.run([("HSET", self._names.subscriptions, subscription, text)])

    async def unsubscribe(self, subscription: str) -> None:
        """Removes one; its lease stays, so that whoever is sending for it notices nothing worse than an empty desk."""
        mine = self._names.desk(subscription)
        commands = [("HDEL", self._names.subscriptions, subscription), ("DEL", *mine.all)]
        await self._client.run(commands)

    async def post(self, notices: Sequence[tuple[str, str, str]]) -> None:
        """One round trip for all; each subscription's in their order."""
        checks.check_scopes([checks.desk(subscription) for subscription, _, _ in notices])
        calls = []
        for subscription, name, text in notices:
            mine = self._names.desk(subscription)
            calls.append(POST.call([mine.seen, mine.queue, mine.counter], name, text, SEEN_MS, DESK_MS))
        if self._client.cluster:  # a cluster's pipeline may send single commands again, behind the others
            for call in calls:
                await scripts.run(self._client, POST, [call])
        else:
            await scripts.run(self._client, POST, calls)

    async def desks(self, subscriptions: Sequence[str], most: int) -> dict[str, Desk]:
        """One round trip for all."""
        commands: list[tuple[str | int, ...]] = []
        for subscription in subscriptions:
            mine = self._names.desk(subscription)
            commands += [("ZRANGE", mine.queue, 0, most - 1, "WITHSCORES"), ("GET", mine.sending), ("HGETALL", mine.open)]
        answers = iter(await self._client.run(commands))
        return {
            subscription: Desk(numbered(queue), sending, told)
            for subscription, queue, sending, told in zip(subscriptions, answers, answers, answers, strict=True)
        }

    async def write(self, subscription: str, token: int, page: Page) -> bool:
        """One atomic step."""
        mine = self._names.desk(subscription)
        used = [self._names.lease(checks.desk(subscription)), mine.queue, mine.sending, mine.open, mine.log]
        (written,) = await scripts.run(self._client, WRITE, [WRITE.call(used, _packed(token, page))])
        return bool(written)

    async def log(self, subscription: str, most: int) -> list[str]:
        """Newest first."""
        found: list[str]
        (found,) = await self._client.run([("LRANGE", self._names.desk(subscription).log, 0, max(0, most - 1))])
        return found[:most]


def _packed(token: int, page: Page) -> bytes:
    return _encoder.encode(
        {
            "token": token,
            "sending": page.sending if page.sending is not None else False,
            "done": list(page.done),
            "opened": list(chain.from_iterable(page.opened.items())),
            "closed": list(page.closed),
            "logged": list(page.logged),
            "keep": LOGGED,
            "keep_ms": DESK_MS,
        }
    )
