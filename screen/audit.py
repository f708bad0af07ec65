"""The audit log: who changed what, and when. Bounded for each part of the system, so that no busy one pushes the others' entries out."""

import logging
import re
from collections.abc import Callable

import msgspec
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from screen.address import base_of
from screen.tokens import Redis, Token
from streams.store.port import StoreAway

log = logging.getLogger(__name__)

#: The parts, each of which keeps its newest entries.
PARTS = ("tokens", "sessions", "rules", "subscriptions", "alerts", "scenes", "shares", "other")
KEPT = 2_000
TOKEN, DETAILS = "livescreen.token", "livescreen.audit"
_SAFE = {"GET", "HEAD", "OPTIONS"}
#: Calls that change nothing though they are sent by POST.
_CHANGES_NOTHING = re.compile(r"/api/rules/check|/api/rooms/[^/]+/rules/[^/]+/preview")


class Entry(msgspec.Struct, frozen=True):
    """One change. No secret is in it, and nothing that was written: ids and kinds alone.

    at      Unix ms
    by      the name that signs
    token   the first letters of the access token's id; "" for the command line
    part    one of `PARTS`
    """

    at: int
    by: str
    role: str
    token: str
    part: str
    action: str
    what: dict[str, str]


class Audit:
    """The entries in one Redis, one stream for each part. Raises `StoreAway`."""

    def __init__(self, redis: Redis, clock: Callable[[], int], prefix: str = "ls") -> None:
        self._redis, self._clock = redis, clock
        self._stem = f"{prefix}:audit:"

    async def add(self, part: str, action: str, what: dict[str, str], *, by: str, role: str = "", token: str = "") -> None:
        """Adds an entry, and drops the oldest of its part beyond `KEPT`."""
        entry = Entry(self._clock(), by, role, token, part, action, what)
        await self._redis.run([("XADD", self._stem + part, "MAXLEN", KEPT, "*", "entry", msgspec.json.encode(entry))])

    async def read(self, before_ms: int | None, limit: int) -> list[Entry]:
        """The newest entries of all parts, newest first; `before_ms`: older ones only."""
        lists = await self._redis.run([("XREVRANGE", self._stem + part, "+", "-", "COUNT", KEPT) for part in PARTS])
        entries = [msgspec.json.decode(fields["entry"], type=Entry) for rows in lists for _, fields in rows or ()]
        entries = [entry for entry in entries if before_ms is None or entry.at < before_ms]
        return sorted(entries, key=lambda entry: entry.at, reverse=True)[:limit]


def detail(connection: HTTPConnection, **what: str) -> None:
    """Says more of what this request changes, beside what its path says."""
    connection.scope.setdefault(DETAILS, {}).update(what)


class Audited:
    """ASGI middleware: each call that changed something is in the log by the time it is answered, whichever call it is.

    The change stands, whether or not it can be written down: then it is a warning in the server's own log.
    """

    def __init__(self, app: ASGIApp, audit: Audit) -> None:
        self._app, self._audit = app, audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""
        if scope["type"] != "http" or scope["method"] in _SAFE:
            await self._app(scope, receive, send)
            return

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400 and TOKEN in scope:
                await self._note(HTTPConnection(scope), scope[TOKEN])
            await send(message)

        await self._app(scope, receive, send_noted)

    async def _note(self, connection: HTTPConnection, token: Token) -> None:
        path = connection.url.path.removeprefix(base_of(connection))
        if _CHANGES_NOTHING.fullmatch(path) or not path.startswith(("/api/", "/logout")):
            return
        what = {name: str(value)[:200] for name, value in connection.path_params.items()}
        what |= {name: value[:200] for name, value in connection.scope.get(DETAILS, {}).items()}
        part, action = _named(connection.scope["method"], path, what)
        try:
            await self._audit.add(part, action, what, by=token.author, role=token.role, token=token.owner[:6])
        except StoreAway as error:
            log.warning("not in the audit log (%s): %s by token %s", error, action, token.owner[:6])


def _named(method: str, path: str, what: dict[str, str]) -> tuple[str, str]:
    """Which part it is of, and what it is called: "PUT rules", "noted"."""
    words = [word for word in path.split("/") if word and word not in ("api", *what.values())]
    if path.startswith("/logout"):
        return "sessions", "logout_everywhere" if path.endswith("everywhere") else "logout"
    part = next((word for word in reversed(words) if word in PARTS), "other")
    return part, what.pop("kind", "") or f"{method} {'/'.join(words)}"
