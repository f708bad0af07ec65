"""Leases in Redis, by the server's clock."""

from collections.abc import Sequence

from streams.store import checks
from streams.store.keys import Keys
from streams.store.redis import scripts
from streams.store.redis.client import Client

TAKE = scripts.Script("take_lease.lua")
RELEASE = scripts.Script("release_lease.lua")
ATTEND = scripts.Script("attend.lua")


class RedisLeases:
    """See `streams.store.desk.Leases`."""

    def __init__(self, client: Client, names: Keys) -> None:
        self._client = client
        self._names = names

    async def take(self, scopes: Sequence[str], owner: str, ttl_ms: int) -> dict[str, int]:
        """Scope → token, for those the owner has now; one round trip."""
        checks.check_scopes(scopes)
        calls = [TAKE.call([self._names.lease(scope)], owner, ttl_ms) for scope in scopes]
        tokens = await scripts.run(self._client, TAKE, calls)
        return {scope: token for scope, token in zip(scopes, tokens, strict=True) if token}

    async def release(self, scopes: Sequence[str], owner: str) -> None:
        """Gives back those that this owner has."""
        checks.check_scopes(scopes)
        await scripts.run(self._client, RELEASE, [RELEASE.call([self._names.lease(scope)], owner) for scope in scopes])

    async def attend(self, owner: str, ttl_ms: int) -> list[str]:
        """Everybody who is there, by name."""
        (found,) = await scripts.run(self._client, ATTEND, [ATTEND.call([self._names.watchers], owner, ttl_ms)])
        return sorted(found)
