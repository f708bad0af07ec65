"""What a platform is to us: how its pushes are signed and packed, what it wants to hear, and where the detail of a push is looked up.

Pure: bytes in, values out. What sends, receives and waits is in `screen.ingest.pushes` and `agents.inbox`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any, Protocol

import msgspec

#: The fields of one secret: a JSON file with texts.
Secret = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Push:
    """A request as it came. Names of headers are in lower case."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a push. `id`: the platform's, the same whenever it is sent again; `payload`: JSON."""

    id: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform wants to hear."""

    body: bytes = b""
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Call:
    """A look-up: a request to the platform's API, below the address that the settings name."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class NotVerified(Exception):
    """The signature does not fit: whoever sent it does not have the secret."""


class Unreadable(Exception):
    """It is signed, and is no push of this platform all the same; the text says why, without a word of it."""


class NotFound(Exception):
    """The API has answered, and not with the detail; the text is its code."""


class Platform(Protocol):
    """One platform.

    deadline_seconds  how soon it wants its answer
    fields            what a secret must hold
    headers           those that mappings see
    address           of its API, "" where nothing is looked up
    """

    deadline_seconds: float
    fields: Sequence[str]
    headers: Sequence[str]
    address: str

    def verify(self, push: Push, secret: Secret) -> None:
        """Returns where the push is signed with the secret. Raises `NotVerified`."""

    def greeting(self, push: Push, secret: Secret) -> Answer | None:
        """The answer where the push only asks whether the address is right; asked before `verify`, which it then does itself."""

    def unwrap(self, push: Push, secret: Secret) -> list[Message]:
        """The messages of a verified push. Raises `Unreadable`."""

    def answer(self) -> Answer:
        """What it hears once its messages are in Kafka."""

    def lookup(self, payload: Any, secret: Secret, token: str, now_ms: int) -> Call | None:
        """The look-up that a message needs, if it needs one. Raises `Unreadable` where it lacks what is to be looked up."""

    def detail(self, body: bytes) -> Any:
        """The detail in the answer to a look-up. Raises `NotFound`."""


class Plain:
    """A platform whose messages need no look-up; the others override what they do otherwise."""

    deadline_seconds: float = 5.0
    fields: Sequence[str] = ()
    headers: Sequence[str] = ()
    address = ""

    def greeting(self, push: Push, secret: Secret) -> Answer | None:
        """No platform asks, unless it says so."""
        return None

    def answer(self) -> Answer:
        """An empty 200."""
        return Answer()

    def lookup(self, payload: Any, secret: Secret, token: str, now_ms: int) -> Call | None:
        """The push has everything."""
        return None

    def detail(self, body: bytes) -> Any:
        """Never asked for."""
        raise NotFound("this platform has no look-up")


def check(given: str, expected: str) -> None:
    """Compares signatures in a time that tells nothing. Raises `NotVerified`."""
    if not given or not compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        raise NotVerified


def parsed(raw: bytes) -> Any:
    """JSON. Raises `Unreadable`."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreadable("the body is not JSON") from None


def entries(raw: bytes) -> list[bytes]:
    """The entries of a JSON array, each as it came. Raises `Unreadable`."""
    try:
        return [bytes(each) for each in msgspec.json.decode(raw, type=list[msgspec.Raw])]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreadable("the body is not a JSON array") from None


def ident(value: Any) -> str:
    """A message's id. Raises `Unreadable`."""
    if type(value) is int or (isinstance(value, str) and value):
        return str(value)
    raise Unreadable("a message has no id")


def fields_of(value: Any) -> dict[str, Any]:
    """A JSON object. Raises `Unreadable`."""
    if isinstance(value, dict):
        return value
    raise Unreadable("a message is not a JSON object")


def detail_in(body: bytes, holds: Callable[[Any], Any], code: str, inside: str = "") -> Any:
    """The answer to a look-up, or what stands in its field `inside` where it has that. Raises `NotFound` where it does not hold an order.

    `code`: the field by which the platform says why not.
    """
    try:
        answer = fields_of(parsed(body))
    except Unreadable as error:
        raise NotFound(str(error)) from None
    found = answer.get(inside, answer)
    if not isinstance(found, dict) or not holds(found):
        raise NotFound(f"{code} {answer.get(code)}")
    return found
