"""Tokens on a fake and on a real Redis: what the store holds, and for how long."""

from typing import Any

import pytest

from screen.roles import Role
from screen.tokens import DAY_MS, Tokens, digest


async def test_a_token_is_good_until_it_expires(tokens: Tokens, clock: Any) -> None:
    text, made = await tokens.make(Role.OPERATOR, lifetime_ms=DAY_MS, rooms=["b", "a", "b"], name="Li")
    assert await tokens.verify(text) == made
    assert (made.rank, made.rooms, made.name, made.expires - made.created) == (Role.OPERATOR, ("a", "b"), "Li", DAY_MS)
    assert made.opens("a")
    assert not made.opens("c")
    clock.now_ms = made.expires - 1
    assert await tokens.verify(text) == made
    clock.now_ms = made.expires
    assert await tokens.verify(text) is None


async def test_the_store_never_sees_the_text(fake_redis: Any, clock: Any) -> None:
    redis = fake_redis
    text, made = await Tokens(redis, clock).make(Role.ADMIN, lifetime_ms=DAY_MS)
    assert len(text) == 64
    assert text not in repr(redis.kept)
    assert digest(text) == made.id


@pytest.mark.parametrize("text", ["", "x", "x" * 10_000, "é\udc80", "a" * 64])
async def test_other_texts_are_no_tokens(tokens: Tokens, text: str) -> None:
    assert await tokens.verify(text) is None
    assert await tokens.use_up(text) is None


async def test_listing_and_revoking(tokens: Tokens, clock: Any) -> None:
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


async def test_the_names_of_tokens_that_are_gone_do_not_pile_up(redis: Any, tokens: Tokens, clock: Any) -> None:
    for _ in range(3):
        clock.now_ms += DAY_MS
        for _ in range(60):
            await tokens.make(Role.VIEWER, lifetime_ms=DAY_MS)
    (names,) = await redis.run([("SMEMBERS", tokens._index)])
    assert 60 <= len(names) < 100
    assert len(await tokens.list()) == 60
