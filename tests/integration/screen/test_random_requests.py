"""Random requests to every HTTP route, by each role and by strangers: whatever is sent, no answer is a 500."""

import asyncio
import json
import threading
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from screen import api, login, site, stream
from screen.app import create_app, make_parts
from screen.ingest import calls as ingest
from screen.roles import Role
from screen.settings import ScreenSettings
from screen.tokens import Tokens
from streams.intake.repeats import Repeats
from streams.store.redis import RedisStore
from streams.store.redis.client import Client
from streams.topics import SCENES

from .conftest import HOUR_MS, Clock, FakeProducer, Log

#: A slow machine sends fewer.
SECONDS = 30.0
ANSWER_SECONDS = 120.0
ROUTES = [route for route in (*api.ROUTES, *ingest.ROUTES, *login.ROUTES, *stream.ROUTES, *site.routes(Path())) if isinstance(route, Route)]
PATHS = sorted({route.path_format for route in ROUTES})
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
WHO = (*(role.label for role in Role), "", "nobody")
FIELDS = ("id", "room", "at", "kind", "topic", "text", "note", "user", "product", "amount", "target", "name", "rules", "enabled", "numbers",
          "durations", "severity", "to", "comment", "token", "next", "languages", "quiet", "rooms")  # fmt: skip
KINDS = ("noted", "note_edited", "prompted", "opened", "listed", "spent", "entered", "paid", "acknowledge")

names = st.sampled_from(["r1", "p1", "n1", "a:b:1", "..", ".", "", "~", "*", "demo", "0", "-1", "%00"]) | st.text(max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["live.views", "live.scenes", *KINDS]) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), inner, max_size=6),
    max_leaves=12,
)
bodies = st.one_of(
    st.just(b""),
    st.binary(max_size=200),
    values.map(lambda value: json.dumps(value).encode()),
    st.lists(st.dictionaries(st.sampled_from(FIELDS), values, max_size=8), max_size=3).map(
        lambda rows: "\n".join(map(json.dumps, rows)).encode()
    ),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
)
headers = st.dictionaries(
    st.sampled_from(["content-type", "content-encoding", "origin", "if-match", "range", "accept", "accept-language", "accept-encoding",
                     "cookie", "x-forwarded-for", "forwarded", "host", "ce-specversion", "ce-type", "ce-time", "if-none-match"]),
    st.sampled_from(["application/json", "application/x-ndjson", "application/cloudevents+json", "application/cloudevents-batch+json",
                     "gzip", "http://[", "null", "https://screen.test", '"x"', "bytes=9-1", "text/html", "zh", "*", "livescreen=x", "::1",
                     "1.0", "live.views.entered", "2026-11-25T12:00:00Z", ""])
    | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
    max_size=4,
)  # fmt: skip
queries = st.dictionaries(
    st.sampled_from(
        ["from", "to", "source", "offset", "limit", "sort", "before", "format", "epoch", "rev", "since", "token", "next", "lapsed", "of"]
    ),
    st.integers().map(str) | names,
    max_size=3,
)


class Screen:
    """An application on a real store, in a loop of its own: hypothesis calls from outside of it."""

    def __init__(self, redis_url: str, built: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.tokens: dict[str, str] = {}
        self.app: Starlette = self.run(self._make(redis_url, built))
        self.sent = 0

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Waits for work in the loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(4 * ANSWER_SECONDS)

    async def _make(self, redis_url: str, built: Path) -> Starlette:
        clock, prefix = Clock(), uuid4().hex
        store, tokens = RedisStore.connect(redis_url, prefix=prefix), Tokens(Client(redis_url), clock, prefix=prefix)
        log = Log(store, clock)
        await log.add(SCENES, {"kind": "opened", "title": "t", "host": "Lin"})
        await log.enter(3)
        for role in Role:
            self.tokens[role.label], _ = await tokens.make(role, lifetime_ms=HOUR_MS, name=role.label)
        repeats = Repeats(Client(redis_url), clock, prefix=prefix)
        self.producer = FakeProducer(log)
        return create_app(make_parts(ScreenSettings(kafka="-", redis="-"), store, tokens, self.producer, repeats, clock), built)

    async def status(self, method: str, path: str, query: str, fields: dict[str, str], body: bytes) -> int:
        """What the application answers; what would go on (frames) is left once it has begun."""
        begun: asyncio.Future[int] = self.loop.create_future()
        parts = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if parts:
                return parts.pop()
            await asyncio.shield(begun)
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start" and not begun.done():
                begun.set_result(message["status"])

        raw = [(name.encode(), value.encode("latin-1")) for name, value in {"host": "screen.test", **fields}.items()]
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": path, "raw_path": quote(path).encode(),
            "query_string": query.encode(), "headers": raw, "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 8700), "root_path": "",
        }  # fmt: skip
        work = asyncio.ensure_future(self.app(scope, receive, send))
        try:
            await asyncio.wait({work, begun}, timeout=ANSWER_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if work.done() and not begun.done():
                work.result()  # raises what it raised
            assert begun.done(), "no answer"
            return begun.result()
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)


@pytest.fixture(scope="module")
def screen(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    built = tmp_path_factory.mktemp("built")
    (built / "index.html").write_text("<!doctype html><title>screen</title>")
    made = Screen(redis_url, built)
    yield made
    made.loop.call_soon_threadsafe(made.loop.stop)
    made.thread.join(10)


_end = [0.0]


@example(
    method="POST", path="/api/rooms/{room}/shares/{share}", inner=["r1", "/\0", "r1"], who="operator", query={}, fields={}, body=b""
)  # once a 500
@settings(max_examples=2_000, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    method=st.sampled_from(METHODS), path=st.sampled_from(PATHS), inner=st.lists(names, min_size=3, max_size=3), who=st.sampled_from(WHO),
    query=queries, fields=headers, body=bodies,
)  # fmt: skip
def test_no_random_request_is_answered_by_a_500(
    screen: Screen, method: str, path: str, inner: list[str], who: str, query: dict[str, str], fields: dict[str, str], body: bytes
) -> None:
    _end[0] = _end[0] or time.monotonic() + SECONDS
    if time.monotonic() > _end[0]:
        return
    for number, part in enumerate(segment for segment in path.split("/") if segment.startswith("{")):
        path = path.replace(part, inner[number], 1)
    bearer = {"authorization": f"Bearer {screen.tokens.get(who, who)}"} if who else {}
    asked = "&".join(f"{quote(name)}={quote(value)}" for name, value in query.items())
    screen.sent += 1
    assert screen.run(screen.status(method, path, asked, {**fields, **bearer}, body)) != 500


def test_so_many_were_sent_that_it_tells_something(screen: Screen) -> None:
    assert screen.sent > 20
