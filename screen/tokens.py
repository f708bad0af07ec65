"""Access tokens. Redis keeps their SHA-256 alone: whoever reads the store cannot use what is in it.

There are three kinds:
    access   made by an administrator; a program sends it, or a person exchanges it for a session
    link     opens one session, once
    session  what the browser's cookie holds
"""

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol

import msgspec

from screen.roles import Role

Kind = Literal["access", "link", "session"]
TOKEN_BYTES = 32
MAX_TOKEN_CHARACTERS = 256
DAY_MS = 86_400_000
SESSION_MS = 7 * DAY_MS
#: With each new token so many others are looked after: of names that are gone there are never more than a part.
_LOOKED_AFTER = 5


class Redis(Protocol):
    """What tokens need of `streams.store.redis.client.Client`; raises `StoreAway`."""

    async def run(self, commands: Sequence[tuple[str | int | bytes, ...]]) -> list[Any]:
        """The answers to the commands, in order."""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a token. Times in Unix ms.

    id      the SHA-256 of its text, in hex; its first 12 letters are enough to name it
    rooms   the only rooms it opens; none named: all
    topics  the only topics it writes events to, with the role source; none named: all
    parent  the id of the access token that a session came from: revoking that one ends the session too
    by      who made it to share a room with others (`screen.shares`); "": it is none of those
    """

    id: str
    kind: Kind
    role: str
    name: str
    created: int
    expires: int
    rooms: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    parent: str = ""
    by: str = ""

    @property
    def rank(self) -> Role:
        """The role, to compare."""
        return Role.named(self.role)

    @property
    def owner(self) -> str:
        """The id that limits count by: the access token's, also of the sessions that come of it."""
        return self.parent or self.id

    @property
    def author(self) -> str:
        """Who they are that do something with it: its name, or what tells it from others without one; a session is its access token's."""
        return self.name or f"{self.role} {self.owner[:6]}"

    def opens(self, room: str) -> bool:
        """Whether the token is good for the room."""
        return not self.rooms or room in self.rooms

    def writes(self, topic: str) -> bool:
        """Whether the token is good for events of the topic; its role is another matter."""
        return not self.topics or topic in self.topics


_decode = msgspec.json.Decoder(Token).decode


def digest(text: str) -> str:
    """The id of a token's text. A plain hash is enough, for the text is 256 random bits, not a password."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Tokens:
    """The tokens in one Redis. They are looked up by their hash, so the time it takes says nothing about the text."""

    def __init__(self, redis: Redis, clock: Callable[[], int], prefix: str = "ls") -> None:
        self.redis, self.prefix = redis, prefix
        self._clock = clock
        self._index = f"{prefix}:tokens"
        self._stem = f"{prefix}:token:"
        self._children = f"{prefix}:sessions:"

    async def make(
        self,
        role: Role,
        *,
        lifetime_ms: int,
        rooms: Iterable[str] = (),
        topics: Iterable[str] = (),
        name: str = "",
        kind: Kind = "access",
        parent: str = "",
        by: str = "",
    ) -> tuple[str, Token]:
        """Makes a token; its text is known only now."""
        text = secrets.token_hex(TOKEN_BYTES)
        now = self._clock()
        token = Token(
            id=digest(text),
            kind=kind,
            role=role.label,
            name=name,
            created=now,
            expires=now + lifetime_ms,
            rooms=tuple(sorted(set(rooms))),
            topics=tuple(sorted(set(topics))),
            parent=parent,
            by=by,
        )
        if parent:
            await self.redis.run(
                [("ZADD", self._children + parent, token.expires, token.id), ("PEXPIREAT", self._children + parent, now + SESSION_MS)]
            )
        # In this order: whoever finds a name in the list, and no token, drops the name.
        await self.redis.run([("SET", self._stem + token.id, msgspec.json.encode(token), "PXAT", token.expires)])
        _, some = await self.redis.run([("SADD", self._index, token.id), ("SRANDMEMBER", self._index, _LOOKED_AFTER)])
        await self._drop_gone(await self._read(some))
        return text, token

    async def verify(self, text: str) -> Token | None:
        """The access token or session of that text, if it is good now."""
        if not 0 < len(text) <= MAX_TOKEN_CHARACTERS:
            return None
        name = digest(text)
        return (await self.check([name]))[name]

    async def check(self, ids: Collection[str]) -> dict[str, Token | None]:
        """Each token as it is now; None: unknown, revoked, expired, or of a kind that gives no access by itself."""
        held = await self._read(ids)
        parents = await self._read({token.parent for token in held.values() if token and token.parent})
        good = {}
        for name, token in held.items():
            fine = token is not None and token.kind != "link" and (not token.parent or parents[token.parent] is not None)
            good[name] = token if fine else None
        return good

    async def _read(self, ids: Collection[str]) -> dict[str, Token | None]:
        now = self._clock()
        found = await self.redis.run([("GET", self._stem + name) for name in ids])
        tokens = [_decode(text) if text else None for text in found]
        return {name: token if token and token.expires > now else None for name, token in zip(ids, tokens, strict=True)}

    async def use_up(self, text: str) -> Token | None:
        """The link of that text, which is good no more: of many who come with it at once, one gets it. None: there is none."""
        if not 0 < len(text) <= MAX_TOKEN_CHARACTERS:
            return None
        name = digest(text)
        held = (await self._read([name]))[name]
        if held is None or held.kind != "link":
            return None
        taken, _ = await self.redis.run([("GETDEL", self._stem + name), ("SREM", self._index, name)])
        return held if taken else None

    async def list(self) -> list[Token]:
        """All tokens that are still good, oldest first; the names of others are dropped on the way."""
        (ids,) = await self.redis.run([("SMEMBERS", self._index)])
        held = await self._read(sorted(ids))
        await self._drop_gone(held)
        return sorted((token for token in held.values() if token), key=lambda token: (token.created, token.id))

    async def _drop_gone(self, held: Mapping[str, Token | None]) -> None:
        """Tokens expire by themselves, but not their names in the list of all."""
        if gone := [name for name, token in held.items() if token is None]:
            await self.redis.run([("SREM", self._index, *gone)])

    async def count_children(self, parent: str) -> int:
        """How many sessions of that access token are good now."""
        key = self._children + parent
        _, count = await self.redis.run([("ZREMRANGEBYSCORE", key, "-inf", self._clock()), ("ZCARD", key)])
        return int(count)

    async def drop(self, tokens: Collection[Token]) -> None:
        """Ends the tokens."""
        commands: list[tuple[str | int | bytes, ...]] = []
        for token in tokens:
            commands += [("DEL", self._stem + token.id), ("SREM", self._index, token.id)]
            commands += [("ZREM", self._children + token.parent, token.id)] if token.parent else []
        if commands:
            await self.redis.run(commands)

    async def revoke(self, name: str) -> Token | None:
        """Ends the one token whose id starts with `name` (at least 8 letters), and the sessions it opened; None: none or several."""
        found = [token for token in await self.list() if len(name) >= 8 and token.id.startswith(name)]
        if len(found) != 1:
            return None
        await self.drop(found)
        return found[0]
