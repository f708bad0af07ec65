"""The application: everything it needs is handed in."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from screen import api, login, provinces, site, stream, watch
from screen.address import BasePath
from screen.attempts import Attempts
from screen.audit import Audit, Audited
from screen.headers import Headers
from screen.hub import Hub
from screen.ingest import calls as ingest
from screen.ingest import pushes
from screen.ingest.seats import PUSHES, PUSHES_OF_AN_ADDRESS, Seats
from screen.measures import Measures
from screen.parts import Parts, Producer
from screen.problems import HANDLERS
from screen.rooms import Rooms
from screen.sessions import Sessions
from screen.settings import ScreenSettings
from screen.tokens import Tokens
from screen.wall import Wall
from streams.board_rules import BoardRules
from streams.intake.repeats import Repeats
from streams.platforms import files
from streams.store.port import Store


def make_parts(
    settings: ScreenSettings, store: Store, tokens: Tokens, producer: Producer, repeats: Repeats, clock: Callable[[], int]
) -> Parts:
    """Puts the parts together; `BadMap` where an operator's own map is none. `clock` gives Unix ms."""
    measures = Measures()
    own_map = None if settings.map is None else provinces.read(settings.map)
    rules = BoardRules(settings.stock_urgent_below, settings.unpaid_minutes, settings.silent_hours, settings.late_seconds)
    rooms = Rooms(store, rules, clock, fresh_ms=settings.tick_ms)
    hub = Hub(tokens, clock, measures, tick_ms=settings.tick_ms, max_watchers=settings.max_watchers, token_watchers=settings.token_watchers)
    return Parts(
        store,
        tokens,
        Sessions(tokens, clock, settings.token_sessions),
        Audit(tokens.redis, clock, tokens.prefix),
        producer,
        clock,
        rooms,
        Wall(store, rooms, clock),
        hub,
        Attempts(clock),
        measures,
        repeats,
        Seats(),
        Seats(PUSHES, PUSHES_OF_AN_ADDRESS),
        settings.rules,
        own_map,
        settings.base_path,
        tuple(filter(None, settings.embed_origins.lower().split(","))),
        files.read(settings.platforms),
    )


class _App(Starlette):
    """With the headers around what Starlette puts around all middleware: its answer to an exception that nobody expected."""

    def build_middleware_stack(self) -> ASGIApp:
        return Headers(super().build_middleware_stack(), self.state.parts.measures, self.state.parts.embed_origins)


def create_app(parts: Parts, built: Path = site.BUILT) -> Starlette:
    """The ASGI application. `built`: the web screen's files. Whoever serves it calls `parts.hub.stop()` before it goes."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        checking = asyncio.create_task(parts.hub.check_tokens(), name="token check")
        try:
            yield
        finally:
            checking.cancel()
            await parts.hub.stop()

    app = _App(
        routes=[*api.ROUTES, *ingest.ROUTES, *pushes.ROUTES, *login.ROUTES, *watch.ROUTES, *stream.ROUTES, *site.routes(built)],
        middleware=[Middleware(BasePath, base=parts.base_path), Middleware(Audited, audit=parts.audit)],
        exception_handlers=HANDLERS,
        lifespan=lifespan,
    )
    app.state.parts = parts
    app.router.default, app.router.redirect_slashes = site.rest(built), False
    return app
