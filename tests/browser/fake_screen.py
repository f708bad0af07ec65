"""A screen server without anything behind it, to develop and test the web screen: believable frames, and every odd state by room name.

Run: python tests/browser/fake_screen.py [port]. Rooms: busy, long (12 hours), hostile, empty, unopened, ended, silent (a topic stopped),
away (the store is), frozen (no more frames), forbidden, expired, full; anything else is unknown. `/control/drop` closes all websockets.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import fake_operators
import uvicorn
from made_up import Broadcast
from made_up_events import open_orders, product_page, source_minutes
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from screen.headers import CONTENT_SECURITY_POLICY
from screen.problems import HANDLERS
from screen.wall import sums
from streams import money, sources
from streams.metrics import DICTIONARY

STATIC = Path(__file__).resolve().parents[2] / "screen" / "static"


def difference(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The delta between two states: changed fields of changed rows, null for rows that are gone."""
    delta: dict[str, Any] = {}
    for table, rows in new.items():
        before = old.get(table, {})
        changed = {k: {f: v for f, v in row.items() if f not in before.get(k, {}) or before[k][f] != v} for k, row in rows.items()}
        part: dict[str, Any] = {k: v for k, v in changed.items() if v} | {k: None for k in before if k not in rows}
        if part:
            delta[table] = part
    return delta


ROOMS = {name: Broadcast(name) for name in ("busy", "long", "hostile", "empty", "unopened", "ended", "silent", "frozen", "away")}
SOCKETS: set[WebSocket] = set()
REFUSED = {"forbidden": 403, "expired": 401, "full": 503}


def problem(status: int) -> Response:
    """An error as the real server words it."""
    kind = "urn:livescreen:full" if status == 503 else "about:blank"
    return JSONResponse({"type": kind, "title": "refused", "status": status}, status, media_type="application/problem+json")


async def page(_: Request) -> Response:
    """The web screen, whatever the route."""
    return FileResponse(STATIC / "index.html", headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})


async def dictionary(_: Request) -> Response:
    """Labels and definitions."""
    return JSONResponse(
        {
            "metrics": [{k: v for k, v in asdict(m).items() if k != "formula"} for m in DICTIONARY.values()],
            "currencies": money.table(),
            "sources": sources.table(),
        }
    )


def _alerts(table: dict[str, Any]) -> dict[str, Any]:
    going = [row for row in table.values() if row["status"] != "resolved"]
    return {"alerts": len(going), "worst_alert": next(iter(going), None)}


async def rooms(_: Request) -> Response:
    """The wall."""
    out = []
    for name, broadcast in ROOMS.items():
        if name == "long":
            continue
        _, tables = broadcast.tables()
        total = tables["figures"]["total"]
        out.append(
            {
                "room": name,
                **tables["room"]["facts"],
                "as_of": tables["room"]["as_of"],
                "at": int(time.time() * 1000),
                "total": total,
                "last_5m": tables["figures"]["last_5m"],
                **_alerts(tables["alerts"]),
            }
        )
    return JSONResponse({"rooms": out, "on_air": sums(out)})


async def minutes(request: Request) -> Response:
    """The minutes; also what a browser asks when its websocket was refused."""
    room = request.path_params["room"]
    if room in REFUSED:
        return problem(REFUSED[room])
    if room not in ROOMS:
        return problem(404)
    _, tables = ROOMS[room].tables()
    rows = [{"at": int(at), **row} for at, row in tables["minutes"].items()]
    if sources := request.query_params.getlist("source"):
        start, end = (int(request.query_params[name]) for name in ("from", "to"))
        rows = [row for row in rows if start <= row["at"] < end]
        rows = [{"source": source, **row} for source in sources for row in source_minutes(tables["sources"][source], rows)]
    return JSONResponse({"minutes": rows})


async def alerts(request: Request) -> Response:
    """All alerts that fired: beside those of the frames one of three hours ago."""
    room = request.path_params["room"]
    if room not in ROOMS:
        return problem(404)
    now_ms, tables = ROOMS[room].tables()
    rows = [{"id": name, **row} for name, row in tables["alerts"].items()]
    past = {"fired_at": now_ms - 3 * 3_600_000, "title_zh": "早先的警告", "title_en": "An early warning"}
    return JSONResponse({"alerts": [*rows, *({**row, "id": "past:p:1", "severity": "warning", **past} for row in rows[:1])]})


async def product(request: Request) -> Response:
    """One product's page."""
    room = request.path_params["room"]
    if room not in ROOMS:
        return problem(404)
    now_ms, tables = ROOMS[room].tables()
    page = product_page(request.path_params["product"], tables, now_ms)
    return JSONResponse(page) if page else problem(404)


async def unpaid(request: Request) -> Response:
    """Open orders, so many from an offset on."""
    now_ms, tables = ROOMS[request.path_params["room"]].tables()
    query = request.query_params
    rows, offset = open_orders(now_ms, query.get("lapsed") == "1"), int(query["offset"])
    return JSONResponse({**tables["room"]["ledger"], "offset": offset, "rows": rows[offset : offset + int(query["limit"])]})


async def stream(request: Request) -> Response:
    """The frames as events; also what a browser asks when its websocket was refused."""
    room = request.path_params["room"]
    if room in REFUSED or room not in ROOMS:
        return problem(REFUSED.get(room, 404))
    return StreamingResponse(events(room), headers={"content-type": "text/event-stream"})


async def events(room: str) -> AsyncIterator[str]:
    """Everything, again and again."""
    while True:
        at, tables = await asyncio.to_thread(ROOMS[room].tables)
        frame = {"epoch": ROOMS[room].epoch, "rev": 1, "full": True, "at": at, "d": tables}
        yield f"data: {json.dumps(frame, ensure_ascii=False)}\n\n"
        await asyncio.sleep(0.25)


async def feed(socket: WebSocket) -> None:
    """Frames four times a second."""
    room = socket.path_params["room"]
    if room not in ROOMS:
        await socket.close(4404)
        return
    await socket.accept()
    SOCKETS.add(socket)
    broadcast, held, rev = ROOMS[room], {}, 1
    try:
        while True:
            at, tables = await asyncio.to_thread(broadcast.tables)
            delta = difference(held, tables)
            rev += bool(delta)
            await socket.send_text(
                json.dumps({"epoch": broadcast.epoch, "rev": rev, "full": not held, "at": at, "d": delta}, ensure_ascii=False)
            )
            held = tables
            if room == "frozen" and rev > 8:
                await asyncio.sleep(3600)
            await asyncio.sleep(0.25)
    except (WebSocketDisconnect, RuntimeError):
        SOCKETS.discard(socket)


async def drop(_: Request) -> Response:
    """Close every websocket."""
    for socket in list(SOCKETS):
        await socket.close(1012)
    return Response("ok")


app = Starlette(
    routes=[
        Route("/", page),
        Route("/rules", page),
        Route("/subscriptions", page),
        Route("/tv", page),
        Route("/rooms/{room}", page),
        Route("/rooms/{room}/host", page),
        Route("/rooms/{room}/assistant", page),
        Route("/rooms/{room}/overlay", page),
        Route("/rooms/{room}/products/{product:path}", page),
        Route("/control/drop", drop),
        Route("/api/dictionary", dictionary),
        *fake_operators.ROUTES,
        Route("/api/rooms", rooms),
        Route("/api/rooms/{room}/minutes", minutes),
        Route("/api/rooms/{room}/alerts", alerts),
        Route("/api/rooms/{room}/unpaid", unpaid),
        Route("/api/rooms/{room}/frames", stream),
        Route("/api/rooms/{room}/products/{product:path}", product),
        WebSocketRoute("/ws/rooms/{room}", feed),
        Mount("/", StaticFiles(directory=STATIC)),
    ],
    exception_handlers=HANDLERS,
)
app.state.parts = fake_operators.PARTS

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]) if len(sys.argv) > 1 else 8799, log_level="warning")
