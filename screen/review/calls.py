"""`GET /api/rooms/{room}/report` and `/notes`: the review, and its notes and products for spreadsheets."""

from typing import Any
from zoneinfo import ZoneInfo

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from screen import alerts
from screen.answers import json_answer, room_of
from screen.compressed import gzipped
from screen.parts import parts_of
from screen.problems import Problem
from screen.review import contents, page, sheets
from screen.review.tables import Writing
from screen.review.words import Language
from screen.rooms import Room

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def report(request: Request) -> Response:
    """`?format=html|json|csv` `&lang=zh|en` `&tz=Asia/Shanghai`; without a format a browser gets the page, a program JSON."""
    room = await room_of(request)
    by_itself = "html" if "text/html" in request.headers.get("accept", "") else "json"
    wanted = _choice(request, "format", ("html", "json", "csv"), by_itself)
    review, writing = await _read(request, room)
    found = await alerts.read(parts_of(request).store, room.name)
    if wanted == "json":
        return json_answer({**review, "alerts": found["alerts"], "alert_log": found["log"]})
    tables = await anyio.to_thread.run_sync(contents.tables, review, found["alerts"], writing)
    if wanted == "csv":
        return _file(sheets.csv_bytes(tables), _CSV, f"{review['room']}.csv")
    body = await anyio.to_thread.run_sync(page.render, review, tables, writing)
    return Response(body, 200, {"content-security-policy": page.CONTENT_SECURITY_POLICY}, "text/html; charset=utf-8")


async def notes(request: Request) -> Response:
    """`?format=json|csv|xlsx` with the same `lang` and `tz`: the notes with their effect; the workbook also has the products."""
    room = await room_of(request)
    wanted = _choice(request, "format", ("json", "csv", "xlsx"), "json")
    review, writing = await _read(request, room)
    if wanted == "json":
        return json_answer({"notes": review["notes"]})
    table = contents.notes(review["notes"], writing)
    if wanted == "csv":
        return _file(sheets.csv_bytes([table]), _CSV, f"{review['room']}-notes.csv")
    book = [table, contents.products(review, writing), contents.explanations(review, writing)]
    body = await anyio.to_thread.run_sync(sheets.workbook_bytes, book)
    return _file(body, _XLSX, f"{review['room']}-notes.xlsx")


async def _read(request: Request, room: Room) -> tuple[dict[str, Any], Writing]:
    """The review, and how it is to be written."""
    language: Language = "en" if _choice(request, "lang", ("zh", "en"), "zh") == "en" else "zh"
    zone = _zone(request.query_params.get("tz", "Asia/Shanghai"))
    review = await room.review(parts_of(request).clock())
    return review, Writing(language, zone, review["currency"])


def _choice(request: Request, name: str, known: tuple[str, ...], by_itself: str) -> str:
    given = request.query_params.get(name, by_itself)
    if given not in known:
        raise Problem(422, f"wrong-{name}", f"{name} must be one of {', '.join(known)}.")
    return given


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise Problem(422, "wrong-tz", "tz must be the name of a time zone, such as Asia/Shanghai.") from None


def _file(body: bytes, kind: str, name: str) -> Response:
    """A room's name is safe in a header: it has letters, digits, and _ . - only."""
    return Response(body, 200, {"content-disposition": f'attachment; filename="{name}"'}, kind)


ROUTES = [
    gzipped("/api/rooms/{room}/report", report),
    Route("/api/rooms/{room}/notes", notes),
]
