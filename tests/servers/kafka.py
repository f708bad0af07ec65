"""A real Apache Kafka (KRaft): one node or several on 127.0.0.1, each a broker and a controller, with little memory and quick settings."""

import asyncio
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.embedded import broker
from deploy.ports import LOOPBACK, lasting_ports
from deploy.settings import load
from streams.kafka.brokers import Brokers
from tests.servers.process import Process

READY_SECONDS = 180.0


class Node:
    """One broker and controller. It keeps its address and its data through `kill` and `start`."""

    def __init__(self, number: int, ports: tuple[int, int], directory: Path, doors: Mapping[str, str]) -> None:
        self.number = number
        self.address = f"{LOOPBACK}:{ports[0]}"
        self.controller = f"{LOOPBACK}:{ports[1]}"
        self.directory = directory
        self.doors = {"PLAINTEXT": self.address, **doors}
        self.config = directory / "server.properties"
        self.process = Process(_java("kafka.Kafka", str(self.config)), directory / "log")

    def write_config(self, settings: dict[str, str]) -> None:
        """Writes the node's configuration."""
        doors = ",".join(f"{name}://{address}" for name, address in self.doors.items())
        own = {
            "process.roles": "broker,controller",
            "node.id": str(self.number),
            "listeners": f"{doors},CONTROLLER://{self.controller}",
            "advertised.listeners": doors,
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": ",".join(f"{name}:{name}" for name in self.doors) + ",CONTROLLER:PLAINTEXT",
            "log.dirs": str(self.directory / "data"),
        }
        self.directory.mkdir(parents=True)
        self.config.write_text("".join(f"{name}={value}\n" for name, value in (own | settings).items()))


class Kafka:
    """A cluster of one node or three. `id` is the cluster's id, `bootstrap` the addresses of all its brokers.

    doors   further listeners, a protocol's name → address; of a cluster of one node
    users   name → password, for SCRAM-SHA-512
    """

    def __init__(
        self,
        directory: Path,
        nodes: int = 1,
        settings: dict[str, str] | None = None,
        doors: Mapping[str, str] | None = None,
        users: Mapping[str, str] | None = None,
    ) -> None:
        self.id = broker.new_cluster_id()
        self.directory = directory
        ports = lasting_ports(2 * nodes)
        self.nodes = [Node(n + 1, (ports[2 * n], ports[2 * n + 1]), directory / f"node-{n + 1}", doors or {}) for n in range(nodes)]
        self._users = users or {}
        self.bootstrap = ",".join(node.address for node in self.nodes)
        self.brokers = Brokers(self.bootstrap)
        voters = ",".join(f"{node.number}@{node.controller}" for node in self.nodes)
        for node in self.nodes:
            node.write_config({"controller.quorum.voters": voters} | _settings(nodes) | (settings or {}))

    def format(self) -> None:
        """Makes the nodes' empty logs."""
        users = [part for name, word in self._users.items() for part in ("--add-scram", f"SCRAM-SHA-512=[name={name},password={word}]")]
        tools = [
            subprocess.Popen(
                _java("kafka.tools.StorageTool", "format", "-t", self.id, "-c", str(node.config), *users),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for node in self.nodes
        ]
        for tool in tools:
            said, _ = tool.communicate(timeout=READY_SECONDS)
            assert tool.returncode == 0, f"Kafka's log could not be formatted: {said}"

    def start(self) -> None:
        """Starts all nodes that do not run."""
        for node in self.nodes:
            if not node.process.running:
                node.process.start()

    async def ready(self, seconds: float = READY_SECONDS) -> None:
        """Returns when exactly the running nodes serve: each of them answers, and knows of just them."""
        end = time.monotonic() + seconds
        running = [node for node in self.nodes if node.process.running]
        numbers = {node.number for node in running}
        for node in running:
            while await _brokers(node.address) != numbers:
                assert node.process.running, f"Kafka's node {node.number} has ended:\n{node.process.tail()}"
                assert time.monotonic() < end, f"Kafka's node {node.number} is not ready:\n{node.process.tail()}"
                await asyncio.sleep(0.1)

    def fresh(self) -> None:
        """Brings it up, whatever was done to it, with no topics. Not inside an event loop."""
        self.start()
        for node in self.nodes:
            node.process.signal(signal.SIGCONT)
        asyncio.run(self._wipe())

    async def _wipe(self) -> None:
        await self.ready()
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            while names := [name for name in await admin.list_topics() if not name.startswith("__")]:
                await admin.delete_topics(names)
        finally:
            await admin.close()

    def reformat(self) -> None:
        """Makes it another cluster at the same address, with an empty log. It is not started."""
        self.stop()
        self.id = broker.new_cluster_id()
        for node in self.nodes:
            shutil.rmtree(node.directory / "data", ignore_errors=True)
        self.format()

    def stop(self) -> None:
        """Ends all nodes, at once: nobody needs their data any more, and a controlled stop waits for the others."""
        for node in self.nodes:
            node.process.kill()


@contextmanager
def running(directory: Path, nodes: int = 1, settings: dict[str, str] | None = None, **further: Mapping[str, str]) -> Iterator[Kafka]:
    """A ready cluster with an empty log; gone, data and all, when the block ends. Not inside an event loop."""
    kafka = Kafka(directory, nodes, settings, **further)
    try:
        kafka.format()
        kafka.start()
        asyncio.run(kafka.ready())
        yield kafka
    finally:
        kafka.stop()
        for node in kafka.nodes:  # the nodes' output stays
            shutil.rmtree(node.directory / "data", ignore_errors=True)


@cache
def _runtime() -> broker.Runtime:
    """The product's own, and where its settings say."""
    settings = load()
    return broker.runtime(settings.jars, settings.java, print)


def _java(*arguments: str) -> list[str]:
    return list(_runtime().command(*arguments))


def _settings(nodes: int) -> dict[str, str]:
    copies, needed = (3, 2) if nodes >= 3 else (1, 1)
    return {
        "default.replication.factor": str(copies),
        "min.insync.replicas": str(needed),
        "offsets.topic.replication.factor": str(copies),
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.replication.factor": str(copies),
        "transaction.state.log.min.isr": str(needed),
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",  # tests of deaths have little patience
        "broker.session.timeout.ms": "6000",  # a killed node's partitions have new leaders after that
        "broker.heartbeat.interval.ms": "1000",
        "log.cleaner.dedupe.buffer.size": "4194304",  # 128 MiB of the heap else
        "log.index.size.max.bytes": "1048576",
    }


async def _brokers(address: str) -> set[int]:
    """The brokers that the one at `address` knows of; none when it does not answer."""
    client = AIOKafkaAdminClient(bootstrap_servers=address, request_timeout_ms=2_000)
    try:
        await client.start()
        return {broker["node_id"] for broker in (await client.describe_cluster())["brokers"]}
    except (KafkaError, OSError, TimeoutError):
        return set()
    finally:
        await client.close()
