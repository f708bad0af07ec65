"""Tokens on a fake and on a real Redis: what the store holds, and for how long."""

import random
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import pytest

from screen.roles import Role
from screen.tokens import DAY_MS, SESSION_MS, Redis, Tokens, digest
from streams.store.redis.client import Client


class FakeRedis:
    """The few commands that tokens use; nothing expires by itself."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    async def run(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        return [getattr(self, f"on_{name.lower()}")(*arguments) for name, *arguments in commands]

    def on_get(self, key: str) -> Any:
        return self.kept.get(key)

    def on_set(self, key: str, value: bytes, _pxat: str, _ms: int) -> str:
        self.kept[key] = value.decode()
        return "OK"

    def on_getdel(self, key: str) -> Any:
        return self.kept.pop(key, None)

    def on_sadd(self, key: str, *members: str) -> None:
        self.kept.setdefault(key, set()).update(members)

    def on_srem(self, key: str, *members: str) -> None:
        self.kept.get(key, set()).difference_update(members)

    def on_smembers(self, key: str) -> set[str]:
        return set(self.kept.get(key, ()))

    def on_srandmember(self, key: str, most: int) -> list[str]:
        return random.sample(sorted(self.kept.get(key, ())), min(most, len(self.kept.get(key, ()))))

    on_del = on_getdel


class Clock:
    def __init__(self) -> None:
        self.now_ms = 1_900_000_000_000  # later than the real one, so that a real server expires nothing

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["fake", "redis"])
def url(request: pytest.FixtureRequest) -> str | None:
    """The address of a real server, or none for the fake."""
    return request.getfixturevalue("redis_url") if request.param == "redis" else None


@pytest.fixture
async def redis(url: str | None) -> AsyncIterator[Redis]:
    if url is None:
        yield FakeRedis()
    else:
        client = Client(url)
        yield client
        await client.close()


@pytest.fixture
def tokens(redis: Redis, clock: Clock) -> Tokens:
    return Tokens(redis, clock, prefix=uuid4().hex)


async def test_a_token_is_good_until_it_expires(tokens: Tokens, clock: Clock) -> None:
    text, made = await tokens.make(Role.OPERATOR, lifetime_ms=DAY_MS, rooms=["b", "a", "b"], name="Li")
    assert await tokens.verify(text) == made
    assert (made.rank, made.rooms, made.name, made.expires - made.created) == (Role.OPERATOR, ("a", "b"), "Li", DAY_MS)
    assert made.opens("a")
    assert not made.opens("c")
    clock.now_ms = made.expires - 1
    assert await tokens.verify(text) == made
    clock.now_ms = made.expires
    assert await tokens.verify(text) is None


async def test_the_store_never_sees_the_text(clock: Clock) -> None:
    redis = FakeRedis()
    text, made = await Tokens(redis, clock).make(Role.ADMIN, lifetime_ms=DAY_MS)
    assert len(text) == 64
    assert text not in repr(redis.kept)
    assert digest(text) == made.id


@pytest.mark.parametrize("text", ["", "x", "x" * 10_000, "é\udc80", "a" * 64])
async def test_other_texts_are_no_tokens(tokens: Tokens, text: str) -> None:
    assert await tokens.verify(text) is None
    assert await tokens.redeem(text) is None


async def test_a_link_gives_one_session_and_nothing_else(tokens: Tokens, clock: Clock) -> None:
    link, made = await tokens.make(Role.VIEWER, lifetime_ms=60_000, rooms=["a"], kind="link")
    assert await tokens.verify(link) is None
    got = await tokens.redeem(link)
    assert got is not None
    text, session = got
    assert (session.kind, session.role, session.rooms, session.parent) == ("session", "viewer", ("a",), "")
    assert session.expires - clock.now_ms == SESSION_MS
    assert await tokens.verify(text) == session
    assert await tokens.redeem(link) is None
    assert made.id not in {token.id for token in await tokens.list()}


async def test_an_expired_link_opens_nothing(tokens: Tokens, clock: Clock) -> None:
    link, _ = await tokens.make(Role.VIEWER, lifetime_ms=60_000, kind="link")
    clock.now_ms += 60_000
    assert await tokens.redeem(link) is None


async def test_a_session_ends_with_the_token_that_opened_it(tokens: Tokens) -> None:
    access, parent = await tokens.make(Role.ADMIN, lifetime_ms=60_000)
    first = await tokens.redeem(access)
    assert first is not None
    second = await tokens.redeem(first[0])
    assert second is not None
    assert first[1].parent == second[1].parent == parent.id
    assert first[1].expires <= parent.expires
    assert await tokens.revoke(parent.id[:12])
    assert await tokens.verify(first[0]) is None
    assert await tokens.verify(second[0]) is None


async def test_listing_and_revoking(tokens: Tokens, clock: Clock) -> None:
    _, short = await tokens.make(Role.VIEWER, lifetime_ms=1_000)
    clock.now_ms += 1
    _, long = await tokens.make(Role.ADMIN, lifetime_ms=DAY_MS)
    assert await tokens.list() == [short, long]
    clock.now_ms += 1_000
    assert await tokens.list() == [long]
    for name in ("", long.id[:7], "0" * 12, short.id):
        assert not await tokens.revoke(name)
    assert await tokens.revoke(long.id)
    assert await tokens.list() == []


async def test_the_names_of_tokens_that_are_gone_do_not_pile_up(redis: Redis, tokens: Tokens, clock: Clock) -> None:
    for _ in range(3):
        clock.now_ms += DAY_MS
        for _ in range(60):
            await tokens.make(Role.VIEWER, lifetime_ms=DAY_MS)
    (names,) = await redis.run([("SMEMBERS", tokens._index)])
    assert 60 <= len(names) < 100
    assert len(await tokens.list()) == 60
