"""Dead letters as they stand in `live.dead-letters`, and as lines that a person can read and mend."""

import base64
import binascii
import re
from dataclasses import dataclass

import msgspec
import orjson

from streams.events import FUTURE_MS, Event, Rejected, decode
from streams.topics import INPUTS

#: The reason of the record that says that a letter was mended: it has the letter's name as its key, and nothing in it.
MENDED = "mended"

#: The reason of a letter that stands for many records.
SUMMARY = "summary"

#: JSON leaves these as they are, but a terminal may obey them.
_CONTROLS = re.compile(r"[\x7f-\x9f]")


class Letter(msgspec.Struct):
    """A dead letter; see `agents.rejects.letters` and `deploy.replay.letters`, which write them. `at`: Unix ms; `raw`: base64.

    What stands for many records (a summary, a batch that can't be read) says how far in `last_offset`.
    """

    reason: str
    at: int
    detail: str = ""
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None
    file: str | None = None
    bytes: int = 0
    raw: str = ""
    last_offset: int | msgspec.UnsetType = msgspec.UNSET
    count: int | msgspec.UnsetType = msgspec.UNSET
    reasons: dict[str, int] | msgspec.UnsetType = msgspec.UNSET
    rooms: dict[str, int] | msgspec.UnsetType = msgspec.UNSET
    other_rooms: int | msgspec.UnsetType = msgspec.UNSET
    offsets: list[tuple[int, int]] | msgspec.UnsetType = msgspec.UNSET
    widened: bool | msgspec.UnsetType = msgspec.UNSET

    @property
    def is_one(self) -> bool:
        """Whether it is of one record, which can be mended."""
        return self.last_offset is msgspec.UNSET


class Mended(msgspec.Struct):
    """What a mended line must have: the name of its letter, a topic, and the event as it should have been."""

    letter: str
    topic: str
    mended: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Ready:
    """A mended event that passes all checks: what goes into Kafka."""

    letter: str
    topic: str
    room: str
    value: bytes


_decode_letter = msgspec.json.Decoder(Letter).decode
_decode_mended = msgspec.json.Decoder(Mended).decode


def parse(value: bytes) -> Letter | None:
    """The letter; None where the record is none."""
    try:
        return _decode_letter(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def name_of(key: bytes, letter: Letter) -> str:
    """What the letter is called: where its record stood. A file may be sent again, mended itself: so its lines are told by time too."""
    place = key.decode("utf-8", "replace")
    return place if letter.file is None else f"{place}@{letter.at}"


def line(name: str, letter: Letter) -> str:
    """The letter as one line of JSON. `text` is the record, or null where it is not UTF-8 and `raw` has it; `mended` is to be filled."""
    told = {field: value for field, value in msgspec.structs.asdict(letter).items() if value is not msgspec.UNSET}
    fields = {"letter": name, **told}
    fields["text"] = text = _text(letter.raw)
    if text is not None:
        del fields["raw"]
    if letter.is_one:
        fields["mended"] = None
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", orjson.dumps(fields).decode())


def check(raw: bytes, waiting: set[str], now_ms: int) -> Ready | str:
    """What a mended line says, or why it cannot be sent. `waiting`: the letters that nobody has mended yet."""
    try:
        row = _decode_mended(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return str(error)
    if row.topic not in INPUTS:
        return f"`topic` must be one of {', '.join(INPUTS)}"
    if row.letter not in waiting:
        return "no such letter waits: it was mended before, its name was changed, or it stands for many records"
    value = bytes(row.mended)
    event = decode(row.topic, value, now_ms + FUTURE_MS)
    if isinstance(event, Rejected):
        return f"`mended` would be rejected again: {event.reason} ({event.detail})"
    return _ready(row, event, value)


def mark(now_ms: int) -> bytes:
    """The record that says that the letter of its key is mended."""
    return orjson.dumps({"reason": MENDED, "at": now_ms})


def _ready(row: Mended, event: Event, value: bytes) -> Ready:
    return Ready(row.letter, row.topic, event.room, value)


def _text(raw: str) -> str | None:
    try:
        return base64.b64decode(raw, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
