"""Sessions: one for each log-in, so many for each token, ended one by one or all at once."""

import asyncio
from typing import Any

import pytest

from screen.names import signed
from screen.roles import Role
from screen.sessions import Sessions, TooManySessions
from screen.tokens import SESSION_MS, Token, Tokens


def plain(token: Token) -> str:
    return token.name


@pytest.mark.parametrize("text", ["", "x", "a" * 64])
async def test_other_texts_open_nothing(sessions: Sessions, text: str) -> None:
    assert await sessions.open(text, plain) is None


async def test_a_link_gives_one_session_and_nothing_else(tokens: Tokens, sessions: Sessions, clock: Any) -> None:
    link, made = await tokens.make(Role.VIEWER, lifetime_ms=60_000, rooms=["a"], kind="link")
    assert await tokens.verify(link) is None
    got = await sessions.open(link, plain)
    assert got is not None
    text, session = got
    assert (session.kind, session.role, session.rooms, session.parent) == ("session", "viewer", ("a",), "")
    assert session.expires - clock.now_ms == SESSION_MS
    assert await tokens.verify(text) == session
    assert await sessions.open(link, plain) is None
    assert made.id not in {token.id for token in await tokens.list()}


async def test_an_expired_link_opens_nothing(tokens: Tokens, sessions: Sessions, clock: Any) -> None:
    link, _ = await tokens.make(Role.VIEWER, lifetime_ms=60_000, kind="link")
    clock.now_ms += 60_000
    assert await sessions.open(link, plain) is None


async def test_a_session_ends_with_the_token_that_opened_it(tokens: Tokens, sessions: Sessions) -> None:
    access, parent = await tokens.make(Role.ADMIN, lifetime_ms=60_000)
    first = await sessions.open(access, plain)
    assert first is not None
    second = await sessions.open(first[0], plain)
    assert second is not None
    assert first[1].owner == second[1].owner == parent.id
    assert first[1].expires <= parent.expires
    assert await tokens.revoke(parent.id[:12])
    assert await tokens.verify(first[0]) is None
    assert await tokens.verify(second[0]) is None


async def test_a_token_has_so_many_sessions_and_others_have_theirs(tokens: Tokens, sessions: Sessions, clock: Any) -> None:
    access, parent = await tokens.make(Role.VIEWER, lifetime_ms=600_000)
    other, _ = await tokens.make(Role.VIEWER, lifetime_ms=600_000)
    results = await asyncio.gather(*[sessions.open(access, plain) for _ in range(20)], return_exceptions=True)
    assert all(isinstance(result, tuple | TooManySessions) for result in results)
    assert len([token for token in await tokens.list() if token.kind == "session"]) <= 3
    while True:  # at once, each may have seen the others; one after the other, exactly three get in
        try:
            made = await sessions.open(access, plain)
        except TooManySessions:
            break
    assert len([token for token in await tokens.list() if token.kind == "session"]) == 3
    assert await sessions.open(other, plain) is not None
    held = next(token for token in await tokens.list() if token.parent == parent.id)
    await sessions.end(held)
    made = await sessions.open(access, plain)
    assert made is not None
    with pytest.raises(TooManySessions):
        await sessions.open(access, plain)
    clock.now_ms += 600_000
    assert await tokens.count_children(made[1].parent) == 0


async def test_a_session_may_do_no_more_than_its_token(tokens: Tokens, sessions: Sessions) -> None:
    access, token = await tokens.make(Role.SOURCE, lifetime_ms=60_000, rooms=["a"], topics=["live.orders"])
    made = await sessions.open(access, plain)
    assert made is not None
    assert (made[1].role, made[1].rooms, made[1].topics) == (token.role, ("a",), ("live.orders",))


async def test_everywhere_ends_all_sessions_of_the_token_and_of_no_other(tokens: Tokens, sessions: Sessions) -> None:
    access, _ = await tokens.make(Role.VIEWER, lifetime_ms=600_000)
    other, _ = await tokens.make(Role.VIEWER, lifetime_ms=600_000)
    mine = [await sessions.open(access, plain) for _ in range(3)]
    theirs = await sessions.open(other, plain)
    assert theirs
    assert mine[0]
    again = await sessions.open(access, plain, everywhere=True)
    assert again is not None
    assert [await tokens.verify(one[0]) for one in mine if one] == [None] * 3
    assert await tokens.verify(again[0]) == again[1]
    await sessions.end_all(again[1])
    assert await tokens.verify(again[0]) is None
    assert await tokens.verify(theirs[0]) == theirs[1]
    assert await tokens.verify(access) is not None


async def test_a_person_signs_with_the_tokens_name_behind_their_own(tokens: Tokens, sessions: Sessions) -> None:
    access, token = await tokens.make(Role.ASSISTANT, lifetime_ms=60_000, name="desk 2")
    made = await sessions.open(access, lambda held: signed(" \u5c0f\u6797 ", held))
    assert made is not None
    assert made[1].author == "\u5c0f\u6797 (desk 2)"
    assert signed("", token) == "desk 2"
    # Nobody signs as another token's people do, whatever they call themselves.
    assert signed("Li (desk 1)", token) == "Li desk 1 (desk 2)"
    assert signed("a\nb\u202e" + "x" * 500, token) == "a b " + "x" * 36 + " (desk 2)"
