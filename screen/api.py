"""The JSON calls (contract, section 4)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from screen import alerts, audit_calls, provinces, rules, shares, subscriptions, thresholds, wall
from screen.answers import json_answer, room_of
from screen.auth import allow
from screen.compressed import gzipped
from screen.parts import KafkaAway, Parts, parts_of
from screen.problems import Problem
from screen.review import calls
from screen.roles import Role
from screen.scenes import add_scene, read_note
from screen.source_minutes import MOST_SOURCES
from streams import money, workers
from streams.metrics import DICTIONARY
from streams.paging import SORTS
from streams.sources import table as source_names
from streams.store.port import StoreAway

#: The longest span that one call reads minutes of sources for, all of them together: a week.
MAX_SPAN_MS = 7 * 86_400_000
_MAX_MS = 1 << 53
#: The most open orders of one answer.
MOST_ORDERS = 100


async def rooms(request: Request) -> Response:
    """`GET /api/rooms`: the rooms that the token opens, and what those on air come to together."""
    token = await allow(request, Role.VIEWER)
    rows = [row for row in await parts_of(request).wall.read() if token.opens(row["room"])]
    return json_answer({"rooms": rows, "on_air": wall.sums(rows)})


async def board(request: Request) -> Response:
    """`GET /api/rooms/{room}?sort=&offset=`: the board, with 500 of its products: by a metric, from a place on."""
    room = await room_of(request)
    sort, offset, now_ms = request.query_params.get("sort", "gmv"), _number(request, "offset", 0), parts_of(request).clock()
    if sort not in SORTS:
        raise Problem(422, "wrong-sort", f"sort must be one of {', '.join(SORTS)}.")
    body = await (room.board(now_ms) if (sort, offset) == ("gmv", 0) else room.page(now_ms, sort, offset))
    return Response(body, media_type="application/json")


async def minutes(request: Request) -> Response:
    """`GET /api/rooms/{room}/minutes?from=&to=`: those that begin then; without limits, all.

    With `source=` (up to 16 times): those sources' minutes, of the last day unless it says otherwise.
    """
    room = await room_of(request)
    now_ms = parts_of(request).clock()
    sources = list(dict.fromkeys(request.query_params.getlist("source")))
    end_ms = _time(request, "to", now_ms + 60_000)
    start_ms = _time(request, "from", max(0, end_ms - 86_400_000) if sources else 0)
    if start_ms > end_ms:
        raise Problem(422, "wrong-span", "from must not be after to.")
    if not sources:
        return json_answer({"minutes": await room.minutes(start_ms, end_ms, now_ms)})
    if len(sources) > MOST_SOURCES or len(sources) * (end_ms - start_ms) > MAX_SPAN_MS:
        raise Problem(
            422, "too-many-sources", f"At most {MOST_SOURCES} sources in one call, and 7 days of minutes of all of them together."
        )
    return json_answer({"minutes": await room.source_minutes(sources, start_ms, end_ms, now_ms)})


async def product(request: Request) -> Response:
    """`GET /api/rooms/{room}/products/{product}`: one product's minutes, explanations and what they did, SKUs, newest orders."""
    room = await room_of(request)
    page = await room.product(request.path_params["product"], parts_of(request).clock())
    if page is None:
        raise Problem(404, "unknown-product", "The room has no such product.")
    return json_answer(page)


async def unpaid(request: Request) -> Response:
    """`GET /api/rooms/{room}/unpaid?product=&lapsed=1&offset=&limit=`: the ledger of open orders, and so many of them.

    Those that wait for payment, the oldest first; with `lapsed=1` those that lapsed, the newest first.
    """
    room = await room_of(request)
    query = request.query_params
    offset, limit = _number(request, "offset", 0), min(_number(request, "limit", MOST_ORDERS), MOST_ORDERS)
    return json_answer(await room.unpaid(parts_of(request).clock(), query.get("product"), query.get("lapsed") == "1", offset, limit))


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Problem(422, "wrong-number", f"{name} must be a whole number from 0.")
    return int(text) if text else default


def _time(request: Request, name: str, default_ms: int) -> int:
    text = request.query_params.get(name)
    if not text:
        return default_ms
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= _MAX_MS):
        raise Problem(422, "wrong-time", f"{name} must be a time in Unix milliseconds.")
    return int(text)


async def dictionary(request: Request) -> Response:
    """`GET /api/dictionary`: what each metric is called and means, in Chinese and English; what known sources are called.

    `currencies`: code → digits, where these are not 2.
    """
    await allow(request, Role.VIEWER)
    shown = ("name", "zh", "en", "unit", "group", "definition_zh", "definition_en")
    metrics_of = [{name: getattr(metric, name) for name in shown} for metric in DICTIONARY.values()]
    return json_answer({"metrics": metrics_of, "currencies": money.table(), "sources": source_names()})


async def me(request: Request) -> Response:
    """`GET /api/me`: what the token may do. No rooms named: all. `author`: as whom it writes."""
    token = await allow(request, Role.VIEWER)
    return json_answer({"role": token.role, "rooms": token.rooms, "name": token.name, "author": token.author, "expires": token.expires})


async def healthz(_: Request) -> Response:
    """`GET /healthz`: the process runs."""
    return json_answer({"status": "ok"})


async def readyz(request: Request) -> Response:
    """`GET /readyz`: 200 while Kafka and Redis answer and agents work, else 503, and why.

    With `?of=screen` without the agents: a screen whose figures stand still is better than none, and says so itself.
    """
    parts = parts_of(request)
    state = {"kafka": "ok", "redis": "ok"}
    try:
        await parts.producer.ping()
    except KafkaAway:
        state["kafka"] = "away"
    try:
        await parts.store.ping()
    except StoreAway:
        state["redis"] = "away"
    good = set(state.values()) == {"ok"}
    if request.query_params.get("of") != "screen" and state["redis"] == "ok":
        verdict = await _agents(parts)
        state["agents"], good = verdict.line, good and verdict.good
    return json_answer(state, 200 if good else 503)


async def _agents(parts: Parts) -> workers.Verdict:
    """Whether agents work, by what they say of themselves."""
    try:
        said = await parts.store.reports()
    except StoreAway:
        return workers.Verdict(False, "not known, the store is away")
    return workers.judge([(report, lives) for text, lives in said.values() if (report := workers.parse(text))], parts.clock())


async def metrics(request: Request) -> Response:
    """`GET /metrics`: Prometheus."""
    await allow(request, Role.VIEWER)
    return Response(parts_of(request).measures.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


ROUTES = [
    Route("/healthz", healthz),
    Route("/readyz", readyz),
    Route("/metrics", metrics),
    gzipped("/api/dictionary", dictionary),
    Route("/api/me", me),
    gzipped("/api/rooms", rooms),
    gzipped("/api/rooms/{room}", board),
    gzipped("/api/rooms/{room}/minutes", minutes),
    gzipped("/api/rooms/{room}/products/{product:path}", product),
    Route("/api/rooms/{room}/unpaid", unpaid),
    Route("/api/rooms/{room}/scenes", add_scene, methods=["POST"]),
    Route("/api/rooms/{room}/notes/{note:path}", read_note),
    *alerts.ROUTES,
    *audit_calls.ROUTES,
    *calls.ROUTES,
    *provinces.ROUTES,
    *rules.ROUTES,
    *shares.ROUTES,
    *thresholds.ROUTES,
    *subscriptions.ROUTES,
]
