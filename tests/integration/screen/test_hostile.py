"""What strangers and viewers can do to a server by connections alone: it stays there for all others."""

import asyncio
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from websockets.asyncio.client import connect

from screen.close import TOO_MUCH
from screen.connections.limits import Limits
from screen.parts import Parts
from screen.roles import Role

from .browser import name, viewers
from .conftest import ENOUGH_SECONDS, serving

Make = Callable[..., Awaitable[str]]


async def dial(address: str, sent: bytes, origin: str = "127.0.0.1") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port), local_addr=(origin, 0))
    writer.write(sent)
    await writer.drain()
    return reader, writer


async def rest(reader: asyncio.StreamReader) -> bytes:
    """All that is answered until the server closes."""
    async with asyncio.timeout(ENOUGH_SECONDS):
        return await reader.read()


@asynccontextmanager
async def bounded(app: Starlette, parts: Parts, **limits: Any) -> AsyncIterator[str]:
    async with serving(app, parts, Limits(**limits)) as (address, _):
        yield address


async def test_half_a_head_is_answered_and_closed_at_its_deadline(app: Starlette, parts: Parts) -> None:
    async with bounded(app, parts, header_seconds=0.3) as address:
        for sent in (b"", b"\r\n", b"GET /healthz HTTP/1.1\r\nHost: x\r\n"):
            reader, writer = await dial(address, sent)
            answer = await rest(reader)
            assert answer.startswith(b"HTTP/1.1 408 ") and b"application/problem+json" in answer and b"content-security-policy" in answer
            writer.close()


async def test_half_a_head_behind_an_answered_request_ends_too(app: Starlette, parts: Parts) -> None:
    async with bounded(app, parts, header_seconds=0.3) as address:
        reader, writer = await dial(address, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b'"ok"}')
        writer.write(b"\r\n")
        assert b" 408 " in await rest(reader)
        writer.close()


async def test_half_a_body_is_answered_and_closed_at_its_deadline(app: Starlette, parts: Parts, caplog: pytest.LogCaptureFixture) -> None:
    async with bounded(app, parts, body_seconds=0.3) as address:
        reader, writer = await dial(address, b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\na")
        assert (await rest(reader)).startswith(b"HTTP/1.1 408 ")
        writer.close()
    assert not [record for record in caplog.records if record.levelname == "ERROR"], "a browser that leaves is no bug"


async def test_an_address_has_so_many_connections_and_others_have_theirs(
    app: Starlette, parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    async with bounded(app, parts, of_address=20) as address:
        held = [await dial(address, b"GET /healthz HTTP/1.1\r\n") for _ in range(60)]
        answers = [await rest(reader) for reader, _ in held[20:]]
        assert all(answer.startswith(b"HTTP/1.1 503 ") for answer in answers)
        reader, other = await dial(address, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", origin="127.0.0.2")
        assert (await rest(reader)).startswith(b"HTTP/1.1 200 ")
        told = [record.getMessage() for record in caplog.records if "connections are refused" in record.getMessage()]
        assert len(told) == 1 and "127.0.0.1 has 20 already (LIVESCREEN_ADDRESS_CONNECTIONS)" in told[0]
        assert b"livescreen_refused_connections_total 40.0" in parts.measures.text()
        for _, writer in [*held, (reader, other)]:
            writer.close()
        await asyncio.sleep(0.2)
        reader, writer = await dial(address, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert (await rest(reader)).startswith(b"HTTP/1.1 200 "), "places are given back"
        writer.close()


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_trusted_proxys_connections_are_those_of_whom_it_forwards_for(app: Starlette, parts: Parts, trusted: bool) -> None:
    def request(client: str) -> bytes:
        return f"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6, {client}\r\n\r\n".encode()

    async with bounded(app, parts, of_address=5, trusted="127.0.0.1" if trusted else "10.0.0.1") as address:
        statuses, writers = [], []
        for client in [*["192.0.2.1"] * 7, *["192.0.2.2"] * 3]:
            reader, writer = await dial(address, request(client))
            statuses.append(int((await reader.readline()).split()[1]))
            writers.append(writer)
        assert statuses == ([200] * 5 + [503] * 2 + [200] * 3 if trusted else [200] * 5 + [503] * 5)
        for writer in writers:
            writer.close()


async def test_a_websocket_keeps_its_connections_place(app: Starlette, parts: Parts, make: Make) -> None:
    bearer = {"authorization": f"Bearer {await make()}"}
    async with bounded(app, parts, of_address=2) as address:
        for _ in range(3):  # each of them gives its place back
            async with connect(f"ws://{address}/ws/rooms/r1", additional_headers=bearer, proxy=None) as one:
                await one.recv()
                _, writer = await dial(address, b"")
                third, last = await dial(address, b"")
                assert (await rest(third)).startswith(b"HTTP/1.1 503 ")
                writer.close()
                last.close()
            await asyncio.sleep(0.2)


async def test_after_a_413_the_answer_arrives_and_the_connection_closes(server: str) -> None:
    reader, writer = await dial(server, b"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"1\r\na\r\n" * 10_000
    with suppress(ConnectionError):
        for _ in range(50):
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0)
    answer = await rest(reader)
    assert answer.startswith(b"HTTP/1.1 413 ") and b"\r\nconnection: close\r\n" in answer
    writer.close()


async def test_an_answer_that_did_not_wait_for_the_body_is_the_last(server: str) -> None:
    reader, writer = await dial(server, b"POST /api/rooms/r1/scenes HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\na")
    assert (await rest(reader)).startswith(b"HTTP/1.1 401 ")
    writer.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"a" * 200_000, b" 431 "),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 200_000, b" 431 "),
        (b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(20_000)), b" 431 "),
        (b"nonsense\r\n\r\n", b" 400 "),
        (b"GET http://[ HTTP/1.1\r\n\r\n", b" 400 "),
        (b"GET /\xff HTTP/1.1\r\n\r\n", b" 400 "),
    ],
)
async def test_what_is_no_request_is_a_problem(server: str, sent: bytes, status: bytes) -> None:
    reader, writer = await dial(server, sent)
    answer = await rest(reader)
    assert answer.startswith(b"HTTP/1.1" + status) and b"application/problem+json" in answer
    writer.close()


def pings(number: int, opcode: int = 0x89, size: int = 125) -> bytes:
    return (struct.pack("!BB", opcode, 0x80 | size) + bytes(4) + b"p" * size) * number


@pytest.mark.parametrize(("opcode", "size"), [(0x89, 125), (0x89, 0), (0x8A, 125)])
async def test_who_floods_with_pings_is_closed_by_name_and_others_see_the_newest(
    watching: Any, log: Any, parts: Parts, opcode: int, size: int
) -> None:
    async with watching() as flooder, watching() as other:
        raw = flooder.socket.transport
        for _ in range(20):
            raw.write(pings(2_000, opcode, size))
        assert await flooder.closed() == name(TOO_MUCH)
        begun = time.monotonic()
        await log.enter(1)
        await other.until(lambda tables: viewers(tables) == 4)
        frame = await other.frame()
        assert log.clock() - frame["at"] < ENOUGH_SECONDS * 1_000 and time.monotonic() - begun < ENOUGH_SECONDS
    assert f'livescreen_websocket_closes_total{{name="{TOO_MUCH.name}"}} 1.0'.encode() in parts.measures.text()


async def test_who_pings_now_and_then_stays(watching: Any) -> None:
    async with watching() as browser:
        for _ in range(30):
            await (await browser.socket.ping())
        assert await browser.frame()


async def test_chunks_of_one_byte_keep_nobody_else_waiting(server: str) -> None:
    """One sender of one-byte chunks held the loop for tens of seconds with h11; the call beside it was away as long."""
    reader, writer = await dial(server, b"POST /in/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    async with httpx.AsyncClient(base_url=f"http://{server}") as client:
        with suppress(ConnectionError):
            for _ in range(20):
                writer.write(b"1\r\na\r\n" * 20_000)
                await writer.drain()
        answer = await client.get("/healthz", timeout=ENOUGH_SECONDS)
    assert answer.status_code == 200
    with suppress(ConnectionError):
        await rest(reader)
    writer.close()


async def test_roles_are_judged_before_bodies(server: str, make: Make) -> None:
    bearer = f"Authorization: Bearer {await make(Role.VIEWER)}\r\n".encode()
    head = b"POST /in/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    reader, writer = await dial(server, head + bearer + b"\r\n1\r\na\r\n")
    assert (await rest(reader)).startswith(b"HTTP/1.1 403 ")
    writer.close()
