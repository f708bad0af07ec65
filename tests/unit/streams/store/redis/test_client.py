import asyncio
import contextlib
import socket

import pytest
from redis import exceptions

from streams.store.port import StoreAway
from streams.store.redis import RedisStore, client


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("scheme", ["redis", "redis+cluster"])
async def test_nobody_there_is_away_at_once_and_the_message_keeps_the_password(scheme):
    port = free_port()
    store = RedisStore.connect(f"{scheme}://user:s3cret@127.0.0.1:{port}?password=s3cret")
    for call in (store.ping(), store.rooms(), store.read({"room": {"total": None}}, ["shelf"])):
        with pytest.raises(StoreAway, match=f"127.0.0.1:{port}") as caught:
            await asyncio.wait_for(call, 20)
        assert "s3cret" not in str(caught.value)
    await store.close()


async def answering(text: bytes, *, greet: bool = True) -> tuple[asyncio.Server, str]:
    """A server that greets as Redis does (where it is meant to), and says `text` to every command after."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                for _ in range(data.count(b"\r\n*") + 1 if greet else 1):
                    writer.write(b"%1\r\n+proto\r\n:3\r\n" if b"HELLO" in data else text)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    return server, f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    "answer",
    [
        "LOADING server is loading the dataset in memory",
        "READONLY You can't write against a read only replica.",
        "OOM command not allowed when used memory > 'maxmemory'.",
        "MISCONF errors writing to the AOF file",
        "BUSY Redis is busy running a script",
        "NOREPLICAS Not enough good replicas to write.",
        "MASTERDOWN Link with MASTER is down",
        "CLUSTERDOWN Hash slot not served",
        "TRYAGAIN Multiple keys request during rehashing of slot",
        "NOAUTH Authentication required.",
        "NOPERM this user has no permissions to run the 'hget' command",
    ],
)
async def test_a_server_that_is_not_ready_is_away(answer):
    server, url = await answering(f"-{answer}\r\n".encode())
    store = RedisStore.connect(url)
    with pytest.raises(StoreAway) as caught:
        await store.hashes("room", ["total"])
    assert answer.split(" ", 1)[1][:20] in str(caught.value)
    await store.close()
    server.close()


async def test_a_wrong_command_is_a_bug_and_not_away():
    server, url = await answering(b"-WRONGTYPE Operation against a key holding the wrong kind of value\r\n")
    store = RedisStore.connect(url)
    with pytest.raises(exceptions.ResponseError, match="WRONGTYPE"):
        await store.hashes("room", ["total"])
    await store.close()
    server.close()


async def test_a_silent_server_is_away_after_a_bounded_time(monkeypatch):
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.2)
    server, url = await answering(b"", greet=False)
    store = RedisStore.connect(url)
    with pytest.raises(StoreAway):
        await asyncio.wait_for(store.hashes("room", ["total"]), 20)
    await store.close()
    server.close()


@pytest.mark.parametrize(
    "url",
    ["", "localhost:6379", "http://u:s3cret@h:1", "redis://u:s3cret@h:port", "redis://u:s3/cret@h:1", "redis+cluster://u:s3cret@h:1/7"],
)
def test_an_address_that_is_none_is_refused_without_its_password(url):
    with pytest.raises(ValueError, match="not an address of Redis") as caught:
        RedisStore.connect(url)
    assert "s3" not in str(caught.value)
    assert caught.value.__suppress_context__


GIVEN_UP = [
    AttributeError("'NoneType' object has no attribute 'writelines'"),
    RuntimeError("unable to perform operation on <TCPTransport closed=True reading=False 0x1>; the handler is closed"),
]
BUGS = [AttributeError("'NoneType' object has no attribute 'items'"), RuntimeError("dictionary changed size during iteration")]


async def fail(error: Exception) -> None:
    raise error


@pytest.mark.parametrize("error", GIVEN_UP)
async def test_a_connection_that_a_clusters_client_gave_up_is_away(error):
    cluster = client.Client(f"redis+cluster://127.0.0.1:{free_port()}")
    with pytest.raises(StoreAway):
        await cluster._guarded(fail(error))
    await cluster.close()


@pytest.mark.parametrize(
    ("scheme", "error"), [*(("redis", error) for error in GIVEN_UP + BUGS), *(("redis+cluster", error) for error in BUGS)]
)
async def test_other_such_errors_are_bugs(scheme, error):
    other = client.Client(f"{scheme}://127.0.0.1:{free_port()}")
    with pytest.raises(type(error)) as caught:
        await other._guarded(fail(error))
    assert caught.value is error
    await other.close()
