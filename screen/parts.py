"""What the server is made of; the application carries it, the calls find it there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

from starlette.requests import HTTPConnection

from screen.attempts import Attempts
from screen.audit import Audit
from screen.hub import Hub
from screen.ingest.seats import Seats
from screen.measures import Measures
from screen.rooms import Rooms
from screen.sessions import Sessions
from screen.tokens import Tokens
from screen.wall import Wall
from streams.intake.repeats import Repeats
from streams.platforms.files import Sources
from streams.store.port import Store


class KafkaAway(Exception):
    """Kafka did not acknowledge in time; it is unknown whether the record is in the log."""


class Producer(Protocol):
    """Writes to Kafka."""

    async def send(self, topic: str, key: str, value: bytes) -> None:
        """Returns when all in-sync replicas have the record; raises `KafkaAway`."""

    async def send_many(self, records: Sequence[tuple[str, str, bytes]]) -> list[bool]:
        """Which of the records (topic, key, value) all in-sync replicas have; raises `KafkaAway` before anything is sent."""

    async def ping(self) -> None:
        """Returns when Kafka answers; raises `KafkaAway`."""


@dataclass(frozen=True, slots=True)
class Parts:
    """One of each. `clock` gives Unix ms.

    sources who pushes to us
    rules   the file of rules that the watchers were given, if any      map   an operator's own map, if any
    embed_origins   pages of these may show a room in a frame
    """

    store: Store
    tokens: Tokens
    sessions: Sessions
    audit: Audit
    producer: Producer
    clock: Callable[[], int]
    rooms: Rooms
    wall: Wall
    hub: Hub
    attempts: Attempts
    measures: Measures
    repeats: Repeats
    seats: Seats
    push_seats: Seats
    rules: str | None = None
    map: bytes | None = None
    base_path: str = ""
    embed_origins: tuple[str, ...] = ()
    sources: Sources = field(default_factory=Sources)


def parts_of(connection: HTTPConnection) -> Parts:
    """The parts of the application that serves this connection."""
    return cast(Parts, connection.app.state.parts)
