"""Kafka's brokers: where they are, and what a client shows them. Made once from the settings; all clients are made from it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from streams.topics import PREFIX

if TYPE_CHECKING:
    from ssl import SSLContext


#: How the log is read: what a transaction took back was never said, and what it has not ended with is not there yet.
READ = "read_committed"


@dataclass(frozen=True, slots=True)
class Login:
    """A user of Kafka. `mechanism` is SASL's: "PLAIN", "SCRAM-SHA-256" or "SCRAM-SHA-512"."""

    user: str
    password: str = field(repr=False)
    mechanism: str = "SCRAM-SHA-512"


@dataclass(frozen=True, slots=True)
class Brokers:
    """As text it is the addresses, and nothing secret.

    addresses   "host:port", several with commas between them
    tls         with the certificates to trust and to show; None: plain
    login       None: nobody in particular
    prefix      what the topics' names begin with in Kafka, instead of "live."
    """

    addresses: str
    tls: "SSLContext | None" = field(default=None, repr=False)
    login: Login | None = None
    prefix: str = PREFIX

    def __str__(self) -> str:
        return self.addresses

    @property
    def open(self) -> bool:
        """Whether the address is all that a client needs."""
        return self.tls is None and self.login is None

    def name(self, topic: str) -> str:
        """What Kafka calls one of our topics."""
        return self.prefix + topic.removeprefix(PREFIX)

    def topic(self, name: str) -> str:
        """What we call the topic that Kafka knows by this name; the reverse of `name`."""
        return PREFIX + name.removeprefix(self.prefix)

    def access(self) -> dict[str, Any]:
        """How a connection is made, as keyword arguments for aiokafka."""
        sort = "PLAINTEXT" if self.tls is None else "SSL"
        if self.login is None:
            return {"security_protocol": sort, "ssl_context": self.tls}
        return {
            "security_protocol": f"SASL_{sort}",
            "ssl_context": self.tls,
            "sasl_mechanism": self.login.mechanism,
            "sasl_plain_username": self.login.user,
            "sasl_plain_password": self.login.password,
        }

    def client(self) -> dict[str, Any]:
        """The same and where to connect: what each of aiokafka's clients takes."""
        return {"bootstrap_servers": self.addresses} | self.access()

    def reader(self) -> dict[str, Any]:
        """The same for a consumer."""
        return self.client() | {"isolation_level": READ}
