"""Sessions: what a browser's cookie opens. Each access token has so many of them at once, so that none can fill the store."""

from collections.abc import Callable

from screen.tokens import SESSION_MS, Token, Tokens

MAX_SESSIONS = 100


class TooManySessions(Exception):
    """The access token has as many sessions as it may have."""


class Sessions:
    """Opens and ends sessions of `tokens`, at most `most` of one access token."""

    def __init__(self, tokens: Tokens, clock: Callable[[], int], most: int = MAX_SESSIONS) -> None:
        self._tokens, self._clock, self._most = tokens, clock, most

    async def open(self, text: str, name: Callable[[Token], str], everywhere: bool = False) -> tuple[str, Token] | None:
        """A new session, and its text, for an access token or for a link, which that uses up.

        None when the token is no good; `TooManySessions`. `everywhere`: the token's other sessions end first.
        """
        token = await self._tokens.verify(text)
        if token is None:
            link = await self._tokens.use_up(text)
            return None if link is None else await self._make(link, name(link), SESSION_MS, "")
        parent = token.parent or token.id
        if everywhere:
            await self.end_all(token)
        made = await self._make(token, name(token), min(SESSION_MS, token.expires - self._clock()), parent)
        if await self._tokens.count_children(parent) > self._most:  # counted afterwards, so that many at once cannot all be the last
            await self._tokens.drop([made[1]])
            raise TooManySessions(f"This token has {self._most} sessions already: log out where it is not needed, or everywhere.")
        return made

    async def _make(self, token: Token, name: str, lifetime_ms: int, parent: str) -> tuple[str, Token]:
        return await self._tokens.make(
            token.rank, lifetime_ms=lifetime_ms, rooms=token.rooms, topics=token.topics, name=name, kind="session", parent=parent
        )

    async def end(self, token: Token) -> None:
        """Ends one session."""
        await self._tokens.drop([token])

    async def end_all(self, token: Token) -> None:
        """Ends every session of the access token that this is, or comes of; a link's one session."""
        owner = token.owner
        await self._tokens.drop([held for held in await self._tokens.list() if held.kind == "session" and held.owner == owner])
