import asyncio
import logging
import socket

import pytest

from agents import waiting
from agents.waiting import GaveUp, NotThere
from streams.kafka.brokers import Brokers


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def test_kafka_that_is_not_there_is_named_with_the_reason_and_the_remedy(caplog: pytest.LogCaptureFixture) -> None:
    kafka = f"127.0.0.1:{closed_port()}"
    with caplog.at_level(logging.WARNING), pytest.raises(GaveUp) as gave_up:
        await waiting.wait_for_kafka(Brokers(kafka), 0.6)
    line = f"waiting for Kafka at {kafka}: connection refused; set LIVESCREEN_KAFKA or start it"
    assert caplog.messages == [line]
    assert str(gave_up.value) == f"gave up {line}"


async def test_something_else_on_the_port_is_not_taken_for_kafka() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(NotThere, match="it does not answer as Kafka does"):
            await waiting.probe_kafka(Brokers(f"127.0.0.1:{port}"))


async def test_goes_on_as_soon_as_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_PAUSE_SECONDS", 0.0)
    tries = iter([NotThere("no"), NotThere("no"), None])

    async def probe() -> None:
        if error := next(tries):
            raise error

    await waiting.wait_for("it", "start it", probe, 5)
    assert next(tries, "used up") == "used up"
