"""A real Apache Kafka with every sort of door: plain, TLS that wants a client certificate, users over TLS, and users in the clear."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.ports import LOOPBACK, lasting_ports
from tests.servers import kafka
from tests.servers.authority import Authority
from tests.servers.kafka import Kafka

USER, PASSWORD = "ann", "correct-horse-battery"
#: Has the same password, and is allowed nothing.
STRANGER = "bob"
_SECURITY = "org.apache.kafka.common.security"


@dataclass(frozen=True, slots=True)
class Secured:
    """`doors`: a protocol's name as Kafka calls it → address. `authority` signs its certificates and knows clients by theirs."""

    kafka: Kafka
    doors: dict[str, str]
    authority: Authority


@contextmanager
def running(directory: Path) -> Iterator[Secured]:
    """As `kafka.running`. It takes SCRAM-SHA-512 and PLAIN."""
    authority = Authority(directory / "certificates")
    keystore = directory / "certificates" / "keystore.pem"
    keystore.write_text(authority.sign("kafka", LOOPBACK).together)
    names = ("SASL_SSL", "SSL", "SASL_PLAINTEXT")
    doors = {name: f"{LOOPBACK}:{port}" for name, port in zip(names, lasting_ports(len(names)), strict=True)}
    settings = {
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(keystore),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(authority.file),
        "listener.name.ssl.ssl.client.auth": "required",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512,PLAIN",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:ANONYMOUS;User:{USER}",
        "ssl.principal.mapping.rules": f"RULE:^.*$/{USER}/",
    }
    for name in ("sasl_ssl", "sasl_plaintext"):
        plain = f'{_SECURITY}.plain.PlainLoginModule required user_{USER}="{PASSWORD}";'
        settings[f"listener.name.{name}.plain.sasl.jaas.config"] = plain
        settings[f"listener.name.{name}.scram-sha-512.sasl.jaas.config"] = f"{_SECURITY}.scram.ScramLoginModule required;"
    with kafka.running(directory / "kafka", settings=settings, doors=doors, users={USER: PASSWORD, STRANGER: PASSWORD}) as started:
        yield Secured(started, {**doors, "PLAINTEXT": started.bootstrap}, authority)
