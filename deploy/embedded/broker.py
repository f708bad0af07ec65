"""The embedded broker: one Apache Kafka (KRaft, broker and controller in one), its log in the data directory.

The log is formatted once; its cluster id, by which the agents know it again, is kept with it.
"""

import base64
import secrets
import shutil
import subprocess
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded import jars, java
from deploy.embedded.server import Server
from deploy.ports import LOOPBACK, lasting_ports
from deploy.private import write_private
from deploy.problem import Problem
from streams.topics import ALL

_FORMAT_SECONDS = 120.0
_SELF = "broker"
_LEAST_SEGMENT_BYTES = 1024 * 1024  # Kafka's own limit
_MOST_SEGMENT_BYTES = 16 * 1024 * 1024
_HEAP = ("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError")
#: How log lines look, as those of our other parts do; and no more of them than somebody should read.
_LOG = {
    "defaultLogLevel": "warn",
    "log.kafka.server.KafkaRaftServer": "info",
    "showDateTime": "true",
    "dateTimeFormat": "yyyy-MM-dd HH:mm:ss,SSS",
    "showThreadName": "false",
}


@dataclass(frozen=True, slots=True)
class Runtime:
    """What Kafka runs on."""

    java: java.Java
    classpath: tuple[Path, ...]

    @property
    def archive(self) -> Path:
        """Where the archive of its classes is, if there is one (see `deploy.embedded.archive`)."""
        return self.classpath[0].parent / f"java-{self.java.version}.aot"

    def command(self, main: str, *arguments: str) -> tuple[str, ...]:
        """The command line of one of Kafka's programs."""
        log = (f"-Dorg.slf4j.simpleLogger.{name}={value}" for name, value in _LOG.items())
        fast = (f"-XX:AOTCache={self.archive}", "-Xlog:aot=off", "-Xlog:cds=off") if self.archive.is_file() else ()
        return (self.java.program, *_HEAP, *fast, *log, "-cp", ":".join(map(str, self.classpath)), main, *arguments)


def runtime(own_jars: Path | None, own_java: str | None, say: Callable[[str], None]) -> Runtime:
    """Java and Kafka's jars, fetched if need be, which `say` hears of; a `Problem` where they cannot be had.

    own_jars    as LIVESCREEN_JARS: the directory they are in
    own_java    as LIVESCREEN_JAVA: the program
    """
    return Runtime(java.find(own_java), jars.classpath(own_jars, say))


def broker(directory: Path, runs_on: Runtime, segment_bytes: int = _MOST_SEGMENT_BYTES) -> Server:
    """A broker whose log is in `directory`, where it is made if there is none yet. Takes seconds then.

    `segment_bytes`: of a file of the log, the least that can be deleted.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    port, controller = lasting_ports(2)
    log = (directory / "log").resolve()
    if not (log / "meta.properties").exists():
        _format(directory, log, runs_on)
    config = _write(directory / "server.properties", _settings(port, controller, log) | {"log.segment.bytes": segment_bytes})
    return Server(runs_on.command("kafka.Kafka", str(config)), f"{LOOPBACK}:{port}")


def segment_bytes(log_mb: int, partitions: int) -> int:
    """What fits a log of so many millions of bytes and topics of so many partitions: files that are written to stay, and are a third."""
    return max(_LEAST_SEGMENT_BYTES, min(_MOST_SEGMENT_BYTES, log_mb * 1_000_000 // (3 * partitions * len(ALL))))


def _format(directory: Path, log: Path, runs_on: Runtime) -> None:
    """Makes an empty log, in one step: what a death in the midst leaves is made anew."""
    made = (directory / "log.new").resolve()
    shutil.rmtree(made, ignore_errors=True)
    config = _write(directory / "format.properties", _settings(1, 2, made))
    command = runs_on.command("kafka.tools.StorageTool", "format", "--cluster-id", new_cluster_id(), "--config", str(config))
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_FORMAT_SECONDS)  # noqa: S603 (our own)
    except subprocess.TimeoutExpired:
        raise Problem(f"Kafka's log in {log} was not made within {_FORMAT_SECONDS:.0f} s: see what keeps this machine busy") from None
    except OSError as error:
        raise Problem(f"{runs_on.java.program} cannot be started: {error.strerror or error}") from None
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise Problem(f"Kafka's log cannot be made in {log}: {lines[-1] if lines else 'Java gave no reason'}")
    config.unlink()
    made.replace(log)


def new_cluster_id() -> str:
    """An id as Kafka takes it, but never with "-" at its beginning, which Kafka's tool would take for an option."""
    return "k" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")[1:]


def _write(path: Path, settings: dict[str, object]) -> Path:
    write_private(path, "".join(f"{name}={value}\n" for name, value in settings.items()))
    return path.resolve()


def _settings(port: int, controller: int, log: Path) -> dict[str, object]:
    password = secrets.token_urlsafe(24)
    own, other = f"PLAINTEXT://{LOOPBACK}:{port}", f"{LOOPBACK}:{controller}"
    return {
        "process.roles": "broker,controller",
        "node.id": 1,
        "listeners": f"{own},CONTROLLER://{other}",
        "advertised.listeners": own,
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
        "controller.quorum.voters": f"1@{other}",
        "log.dirs": str(log).replace("\\", "\\\\"),
        # One machine: one copy of everything, and few threads.
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 4,
        "num.network.threads": 2,
        "num.io.threads": 4,
        # Topics are made by ours, with their settings, and by nobody's slip of the pen.
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": 0,
        # Fetches that are over stay in memory until there are so many (a thousand, unless told otherwise): so long that they look lasting.
        "fetch.purgatory.purge.interval.requests": 20,
        "producer.purgatory.purge.interval.requests": 20,
        # After a kill the next one waits until the dead one's session is over (nine seconds, unless told otherwise).
        "broker.session.timeout.ms": 3_000,
        "broker.heartbeat.interval.ms": 500,
        # As the store: the machine's death (not the process's) costs a second at most.
        "log.flush.interval.ms": 1_000,
        "log.flush.scheduler.interval.ms": 1_000,
        # Room is made segment by segment, by `deploy.embedded.janitor`, and at once.
        "log.retention.check.interval.ms": 10_000,
        "log.segment.delete.delay.ms": 1_000,
        # Anybody may do anything, until there is a rule: see `deploy.embedded.gate`.
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "true",
        # … but while it starts there are no rules yet, and only a super user may do anything: so that it knows itself by name.
        "super.users": f"User:{_SELF}",
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": (
            "org.apache.kafka.common.security.plain.PlainLoginModule required "
            f'username="{_SELF}" password="{password}" user_{_SELF}="{password}";'
        ),
        # Of a heap for thousands of partitions.
        "log.cleaner.dedupe.buffer.size": 4 * 1024 * 1024,
        "log.index.size.max.bytes": 1024 * 1024,
    }
