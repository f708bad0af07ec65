"""What the tests do to Kafka and wait for, beside killing it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from aiokafka.admin import AIOKafkaAdminClient

from streams.store.port import Store, StoreAway


async def delete(admin: AIOKafkaAdminClient, topics: Sequence[str]) -> None:
    """Deletes topics, and returns when they are gone."""

    async def gone() -> bool:
        return not set(topics) & set(await admin.list_topics())

    await admin.delete_topics(list(topics))
    await until(gone, "the topics are still there")


async def first_applied(store: Store) -> None:
    """Returns when the workers have applied something."""

    async def any_room() -> bool:
        try:
            return bool(await store.rooms())
        except StoreAway:
            return False

    await until(any_room, "nothing is applied")


async def until(true: Callable[[], Awaitable[bool]], else_say: str, seconds: float = 120.0) -> None:
    """Returns when it is true; fails after `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            while not await true():  # noqa: ASYNC110 - another process makes it true
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"{else_say} after {seconds:.0f} s") from None
