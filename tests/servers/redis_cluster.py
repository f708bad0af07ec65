"""A Redis Cluster of three nodes on 127.0.0.1."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.ports import LOOPBACK, lasting_ports
from tests.servers.redis import Server

NODES = 3
SLOTS = 16_384


class Cluster:
    """Three masters that share the slots. `url` is the store's address, as in `LIVESCREEN_REDIS`."""

    def __init__(self, binary: str, directory: Path) -> None:
        password = secrets.token_urlsafe(12)
        self._buses = lasting_ports(NODES)
        self.nodes = [
            Server(
                binary,
                directory / f"node-{number}",
                password,
                {"cluster-enabled": "yes", "cluster-port": str(bus), "cluster-node-timeout": "2000"},
            )
            for number, bus in enumerate(self._buses)
        ]
        self.url = self.nodes[0].url.replace("redis://", "redis+cluster://", 1)

    def start(self) -> None:
        """Starts all nodes that do not run, and returns when they answer."""
        for node in self.nodes:
            if not node.process.running:
                node.process.start()
        for node in self.nodes:
            node.wait()

    def form(self) -> None:
        """Gives each node its slots, and makes them known to each other."""
        bounds = [SLOTS * number // NODES for number in range(NODES + 1)]
        for number, node in enumerate(self.nodes):
            node.client.execute_command("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
            node.client.execute_command("CLUSTER", "ADDSLOTSRANGE", bounds[number], bounds[number + 1] - 1)
        for node, bus in zip(self.nodes, self._buses, strict=True):
            self.nodes[0].client.execute_command("CLUSTER", "MEET", LOOPBACK, node.port, bus)

    def wait(self) -> None:
        """Returns when every node sees the whole cluster."""
        for node in self.nodes:
            node.wait(lambda node=node: _is_whole(node))

    def stop(self) -> None:
        """Ends all nodes."""
        for node in self.nodes:
            node.client.close()
            node.process.stop()


@contextmanager
def running(binary: str, directory: Path) -> Iterator[Cluster]:
    """A ready cluster, gone when the block ends."""
    cluster = Cluster(binary, directory)
    try:
        cluster.start()
        cluster.form()
        cluster.wait()
        yield cluster
    finally:
        cluster.stop()


def _is_whole(node: Server) -> bool:
    info = node.client.execute_command("CLUSTER INFO")
    facts = info if isinstance(info, dict) else dict(line.split(":", 1) for line in info.splitlines() if ":" in line)
    return facts["cluster_state"] == "ok" and facts["cluster_known_nodes"] == str(NODES) and facts["cluster_slots_ok"] == str(SLOTS)
