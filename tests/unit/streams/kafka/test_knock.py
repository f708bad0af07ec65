"""What a broker's door says, as far as it takes no Kafka: the rest is in tests/kafka/test_secured.py."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from deploy.ports import free_port
from streams.kafka.brokers import Brokers
from streams.kafka.knock import Away, Refused, knock
from tests.servers.authority import Authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@asynccontextmanager
async def tls_server(authority: Authority, host: str) -> AsyncIterator[str]:
    """Speaks TLS, and nothing else; its address. `host`: in its certificate."""
    certificate = authority.sign(host, host)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.file, certificate.key)

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_tls_where_we_speak_none(authority: Authority) -> None:
    async with tls_server(authority, "127.0.0.1") as address:
        with pytest.raises(Refused, match=f"^Kafka at {address} speaks TLS: set LIVESCREEN_KAFKA_TLS=1$"):
            await knock(Brokers(address))


async def test_an_authority_that_nobody_knows(authority: Authority) -> None:
    async with tls_server(authority, "127.0.0.1") as address:
        with pytest.raises(Refused, match=r"unknown authority \(.*\): set LIVESCREEN_KAFKA_CA"):
            await knock(Brokers(address, ssl.create_default_context()))


async def test_a_certificate_of_another_host(authority: Authority) -> None:
    trusting = ssl.create_default_context(cafile=str(authority.file))
    async with tls_server(authority, "kafka.example.org") as address:
        with pytest.raises(Refused, match=r"another host \(.*\): set LIVESCREEN_KAFKA to the names"):
            await knock(Brokers(address, trusting))


async def test_tls_and_then_nothing_like_kafka(authority: Authority) -> None:
    trusting = ssl.create_default_context(cafile=str(authority.file))
    async with tls_server(authority, "127.0.0.1") as address:
        with pytest.raises(Away, match="it does not answer as Kafka does, it hangs up"):
            await knock(Brokers(address, trusting))


async def test_nobody_there() -> None:
    nobody = f"127.0.0.1:{free_port()}"
    with pytest.raises(Away, match=r"^connection refused, unknown host$"):
        await knock(Brokers(f"{nobody},{nobody},no-such-host.invalid:1"))


async def test_one_that_refuses_counts_more_than_one_that_is_away(authority: Authority) -> None:
    async with tls_server(authority, "127.0.0.1") as address:
        with pytest.raises(Refused, match="speaks TLS"):
            await knock(Brokers(f"127.0.0.1:{free_port()},{address}"))
