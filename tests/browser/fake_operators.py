"""The real calls for rules and subscriptions on a store in memory; who asks is what the session cookie says: a role."""

import time
from types import SimpleNamespace
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from screen import provinces, rulebook, rules, subscriptions, thresholds
from screen.tokens import Token
from streams.alerts.written import version
from streams.store.memory import MemoryStore

NOW_MS = int(time.time() * 1000)
_DELIVERIES = (("failed", "certificate", "X.509 verification 20", 1, 1204), ("delivered", "taken", "status 204", 2, 87))


class Roles:
    """Tokens that are what they are called."""

    async def verify(self, text: str) -> Token | None:
        """A session with that role; `operator-r1` is limited to a room."""
        role, _, room = text.partition("-")
        if role not in {"viewer", "assistant", "operator", "admin"}:
            return None
        return Token(id="0" * 64, kind="session", role=role, name="", created=0, expires=NOW_MS * 2, rooms=(room,) if room else ())


class Store(MemoryStore):
    """Delivers nothing; every subscription has the same log."""

    def __init__(self) -> None:
        super().__init__(lambda: NOW_MS)
        self.notices.log = self.log  # type: ignore[method-assign]
        self.alerts.held = self.held  # type: ignore[method-assign]
        self.watchers: list[dict[str, Any]] | None = None

    async def held(self) -> list[str]:
        """What watchers hold to: one, to what the page shows, unless a test says otherwise."""
        book = await rulebook.find(self, PARTS.rules)
        shown = rulebook.shown(book)
        well = {"path": book.path, "version": book.version, "rules": [], "problems": shown["problems"], "unread": ""}
        return [msgspec.json.encode(watcher).decode() for watcher in (self.watchers if self.watchers is not None else [well])]

    async def log(self, subscription: str, most: int) -> list[str]:
        """The log of one called `quiet` is empty."""
        rows = [
            {
                "at": NOW_MS,
                "id": "m1",
                "outcome": outcome,
                "detail": detail,
                "attempt": n,
                "took_ms": ms,
                "reason": reason,
                "transitions": ["a"],
                "alerts": [{"room": "r1", "rule": "viewers_drop", "title_zh": "在线骤降", "title_en": "Viewers fell"}],
                "reminder": False,
            }
            for outcome, reason, detail, n, ms in _DELIVERIES
        ]
        return [msgspec.json.encode(row).decode() for row in reversed(rows)][: 0 if subscription == "quiet" else most]


PARTS: Any = SimpleNamespace(store=Store(), tokens=Roles(), clock=lambda: int(time.time() * 1000), rules=None, map=None)


async def me(request: Request) -> Response:
    """Who watches: an operator, unless the cookie says something else."""
    token = await PARTS.tokens.verify(request.cookies.get("livescreen", "operator"))
    return JSONResponse({"role": token.role, "rooms": token.rooms, "author": "Ops", "expires": 0} if token else {}, 200 if token else 401)


SHARES: dict[str, list[dict[str, Any]]] = {}


async def shares(request: Request) -> Response:
    """The room's links; POST makes one, DELETE revokes it."""
    held, share = SHARES.setdefault(request.path_params["room"], []), request.path_params.get("share")
    if request.method == "DELETE":
        held[:] = [each for each in held if each["id"] != share]
        return Response(status_code=204)
    if request.method == "GET":
        return JSONResponse({"shares": held})
    wish, now_ms = msgspec.json.decode(await request.body()), PARTS.clock()
    made = {"id": f"share{len(held)}", "name": wish["name"], "by": "Ops", "created": now_ms, "expires": now_ms + wish["hours"] * 3_600_000}
    held.append(made)
    return JSONResponse({**made, "token": "t" * 64}, 201)


async def start(request: Request) -> Response:
    """`PUT /control/operators`: begins anew, with the rules, the file of rules and the map that the body names."""
    given = msgspec.json.decode(await request.body(), type=dict[str, str | None])
    PARTS.store, PARTS.rules = Store(), given.get("file")
    await PARTS.store.alerts.put_rules(given.get("rules"))
    if (text := given.get("held")) is not None:
        problem = {"line": 4, "rule": "old", "reason": "cannot be"}
        other = {"path": "", "version": version(text), "rules": ["a"], "problems": [problem], "unread": ""}
        PARTS.store.watchers = [other] if text else []
    PARTS.map = provinces.read(own) if (own := given.get("map")) else None
    return Response("ok")


ROUTES = [
    Route("/api/me", me),
    Route("/api/rooms/{room}/shares", shares, methods=["GET", "POST"]),
    Route("/api/rooms/{room}/shares/{share}", shares, methods=["DELETE"]),
    Route("/control/operators", start, methods=["PUT"]),
    *provinces.ROUTES,
    *rules.ROUTES,
    *thresholds.ROUTES[:1],
    *subscriptions.ROUTES,
]
