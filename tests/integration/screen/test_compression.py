"""Files and large answers are packed for who accepts it; what has secrets in it, and streams, never are."""

import gzip
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from screen.app import create_app
from screen.parts import Parts
from screen.roles import Role
from streams.topics import SCENES, VIEWS

Call = Callable[..., Awaitable[httpx.Response]]
Make = Callable[..., Awaitable[str]]
CONTENT = "export const figures = 1;\n" * 100
GZIP, BROTLI, NONE = {"accept-encoding": "gzip"}, {"accept-encoding": "gzip, deflate, br"}, {"accept-encoding": "identity"}
FILE = "/assets/index-abc.js"
SOME = {"position": 1, "title": "风衣", "price": 19_900, "stock": 50}


@pytest.fixture
def packed(built: Path) -> Path:
    """The built screen with a script packed both ways, though not in truth by brotli: nothing here reads that."""
    file = built / "assets" / "index-abc.js"
    file.write_text(CONTENT)
    file.with_name(file.name + ".gz").write_bytes(gzip.compress(CONTENT.encode(), mtime=0))
    file.with_name(file.name + ".br").write_bytes(b"packed by brotli")
    return built


async def raw(http: httpx.AsyncClient, method: str, path: str, headers: dict[str, str]) -> tuple[httpx.Response, bytes]:
    """The answer, and its bytes as they came."""
    async with http.stream(method, path, headers=headers) as answer:
        return answer, b"".join([chunk async for chunk in answer.aiter_raw()])


@pytest.mark.parametrize(
    ("accepts", "encoding", "body"),
    [(NONE, None, CONTENT.encode()), (GZIP, "gzip", gzip.compress(CONTENT.encode(), mtime=0)), (BROTLI, "br", b"packed by brotli")],
    ids=["plain", "gzip", "brotli"],
)
async def test_a_file_comes_as_the_browser_accepts_it(
    http: httpx.AsyncClient, packed: Path, accepts: dict[str, str], encoding: str | None, body: bytes
) -> None:
    answer, got = await raw(http, "GET", FILE, accepts)
    assert (answer.status_code, answer.headers.get("content-encoding")) == (200, encoding)
    assert gzip.decompress(got) == CONTENT.encode() if encoding == "gzip" else got == body
    assert answer.headers["vary"].lower() == "accept-encoding"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    head, nothing = await raw(http, "HEAD", FILE, accepts)
    same = ("content-encoding", "content-length", "content-type", "etag", "vary", "cache-control")
    assert [head.headers.get(name) for name in same] == [answer.headers.get(name) for name in same]
    assert (nothing, int(head.headers["content-length"])) == (b"", len(got))


async def test_each_form_of_a_file_has_its_own_etag(http: httpx.AsyncClient, packed: Path) -> None:
    etags = [(await raw(http, "GET", FILE, accepts))[0].headers["etag"] for accepts in (NONE, GZIP, BROTLI)]
    assert len(set(etags)) == 3
    unchanged, body = await raw(http, "GET", FILE, {**GZIP, "if-none-match": etags[1]})
    assert (unchanged.status_code, body, unchanged.headers["vary"].lower()) == (304, b"", "accept-encoding")
    assert (await raw(http, "GET", FILE, {**BROTLI, "if-none-match": etags[1]}))[0].status_code == 200


async def test_a_packed_file_has_no_address_of_its_own(http: httpx.AsyncClient, packed: Path) -> None:
    for end in (".br", ".gz"):
        assert (await http.get(FILE + end)).status_code == 404


async def test_a_file_that_is_not_packed_comes_as_it_is(http: httpx.AsyncClient) -> None:
    answer, body = await raw(http, "GET", FILE, BROTLI)
    assert (body, "content-encoding" in answer.headers, "vary" in answer.headers) == (b"1", False, False)


PACKED = ["/api/dictionary", "/api/rooms", "/api/rooms/r1", "/api/rooms/r1/minutes", "/api/rooms/r1/products/p1", "/api/rooms/r1/report"]


@pytest.fixture
async def busy(log: Any, clock: Any) -> None:
    """Enough in the rooms for answers of more than 1 KB."""
    for minutes in range(-3, 1):
        clock.ahead_ms = minutes * 60_000
        await log.add(VIEWS, {"kind": "entered", "user": f"late{minutes}", "source": "search"})
    await log.add(SCENES, *({"kind": "listed", "product": f"p{number}", **SOME} for number in range(1, 9)))
    for number in range(2, 12):
        await log.add(SCENES, {"kind": "opened", "title": f"room {number}"}, room=f"r{number}")


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("path", PACKED)
async def test_large_answers_are_gzipped_for_who_accepts_it(http: httpx.AsyncClient, make: Make, path: str) -> None:
    bearer = {"authorization": f"Bearer {await make()}"}
    plain, body = await raw(http, "GET", path, bearer | NONE)
    assert (plain.status_code, "content-encoding" in plain.headers, plain.headers["vary"]) == (200, False, "Accept-Encoding")
    assert len(body) >= 1024
    answer, got = await raw(http, "GET", path, bearer | BROTLI)
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert orjson.loads(gzip.decompress(got)).keys() == orjson.loads(body).keys()
    assert len(got) == int(answer.headers["content-length"]) < len(body)
    assert answer.headers["cache-control"] == plain.headers["cache-control"] == "no-store"
    head, _ = await raw(http, "HEAD", path, bearer | GZIP)
    assert (head.status_code, head.headers["content-encoding"], head.headers["vary"]) == (200, "gzip", "Accept-Encoding")


async def test_an_operators_map_is_gzipped(parts: Parts, built: Path, make: Make) -> None:
    own = b'{"type":"FeatureCollection","features":[]}' + b" " * 2_000
    transport = httpx.ASGITransport(create_app(replace(parts, map=own), built))
    async with httpx.AsyncClient(transport=transport, base_url="http://screen.test") as client:
        answer, got = await raw(client, "GET", "/api/map", {"authorization": f"Bearer {await make()}", **GZIP})
    assert (answer.headers["content-encoding"], answer.headers["cache-control"]) == ("gzip", "private, max-age=300")
    assert gzip.decompress(got) == own


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    "path",
    ["/login", "/login.css", "/metrics", "/api/me", "/api/audit", "/api/rules", "/api/subscriptions", "/api/rooms/r1/notes", "/healthz"],
)
async def test_what_has_secrets_beside_foreign_text_is_never_packed(call: Call, path: str) -> None:
    answer = await call("GET", path, role=Role.ADMIN, headers=BROTLI)
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers


def test_no_other_route_packs_its_answers(app: Any) -> None:
    """Routes that are added later too: whoever packs one has to name it here."""
    packing = {route.path for route in app.routes if getattr(route, "path", None) and _packs(route)}
    rooms = "/api/rooms/{room}"
    known = {
        "/api/dictionary",
        "/api/map",
        "/api/rooms",
        rooms,
        f"{rooms}/minutes",
        f"{rooms}/products/{{product:path}}",
        f"{rooms}/report",
    }
    assert packing == known


def _packs(route: Any) -> bool:
    return type(route.app).__name__ == "GZipMiddleware"
