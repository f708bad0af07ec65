"""Commands sent in one go over a connection of ours to a real server."""

import asyncio
from urllib.parse import quote

import pytest
from redis import exceptions

from deploy.ports import LOOPBACK
from streams.store.redis.client import Client
from tests.servers import tls_door
from tests.servers.authority import Authority
from tests.servers.redis import Server, embedded_binary


@pytest.fixture(scope="module")
def doors(tmp_path_factory):
    """The addresses of one server: plain, in TLS, and a file. The embedded server speaks no TLS itself: its door does."""
    directory = tmp_path_factory.mktemp("doors")
    authority = Authority(directory / "authority")
    file = directory / "socket"
    server = Server(embedded_binary(), directory / "node", settings={"unixsocket": str(file)})
    server.process.start()
    try:
        server.wait()
        with tls_door.opened(server.port, authority.sign("redis", LOOPBACK)) as port:
            password = f":{server.password}@"
            yield {
                "plain": server.url,
                "tls": f"rediss://{password}{LOOPBACK}:{port}?ssl_ca_certs={quote(str(authority.file))}",
                "file": f"unix://{password}{file}",
            }
    finally:
        server.client.close()
        server.process.stop()


@pytest.fixture(params=["plain", "tls", "file"])
async def client(doors, request):
    client = Client(doors[request.param])
    yield client
    await client.close()


async def test_an_error_stays_in_its_place(client):
    await client.run([("SET", "conn:text", "some")])
    answers = await client.try_run([("GET", "conn:text"), ("INCR", "conn:text"), ("GET", "conn:text")])
    assert answers[::2] == ["some", "some"]
    assert isinstance(answers[1], exceptions.ResponseError)
    assert await client.run([("GET", "conn:text")]) == ["some"]


async def test_what_is_larger_than_any_buffer_arrives_whole(client):
    texts = [character * 3_000_000 for character in "abc"]
    await client.run([("SET", f"conn:{text[0]}", text) for text in texts])
    assert await client.run([("GET", f"conn:{text[0]}") for text in texts]) == texts


async def test_whoever_comes_after_a_call_that_was_given_up_gets_answers_of_its_own(client):
    await client.run([("SET", "conn:mine", "mine"), ("SET", "conn:other", "x" * 5_000_000)])
    for turns in range(12):
        call = asyncio.create_task(client.run([("GET", "conn:other")] * 3))
        for _ in range(turns):
            await asyncio.sleep(0)
        call.cancel()
        assert await client.run([("GET", "conn:mine")]) == ["mine"]
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_many_calls_at_once_do_not_meet(client):
    await client.run([("SET", f"conn:{number}", number) for number in range(50)])
    calls = [client.run([("GET", f"conn:{number}")] * 20) for number in range(50)]
    assert await asyncio.gather(*calls) == [[str(number)] * 20 for number in range(50)]


async def test_connections_that_were_closed_while_nobody_used_them_are_made_anew(client):
    await asyncio.gather(*(client.run([("GET", "conn:any")] * 3) for _ in range(5)))
    await client.run([("CLIENT", "KILL", "TYPE", "normal")])  # all but the one that says so
    *closed, _ = client._redis.connection_pool._available_connections
    assert closed
    for connection in closed:
        while not await connection.can_read():  # noqa: ASYNC110 - the server closes it
            await asyncio.sleep(0.01)
    assert await asyncio.gather(*(client.run([("ECHO", "here")]) for _ in range(5))) == [["here"]] * 5
