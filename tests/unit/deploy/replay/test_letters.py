import base64
import json

from deploy.replay.letters import letter
from deploy.replay.lines import parse
from streams.events import Rejected
from streams.topics import MAX_RECORD_BYTES


def test_a_dead_letter_names_file_line_and_reason_and_holds_the_bytes():
    raw = b"\x00\xff not JSON"
    line = parse(raw, None, "events.ndjson", 7, len(raw))
    assert isinstance(line.topic, Rejected)
    assert json.loads(letter(line, line.topic, 1_700_000_000_000)) == {
        "reason": "not-json",
        "detail": "a line must be a JSON object",
        "topic": None,
        "partition": None,
        "offset": 7,
        "file": "events.ndjson",
        "bytes": len(raw),
        "raw": base64.b64encode(raw).decode(),
        "at": 1_700_000_000_000,
    }


def test_of_a_large_line_the_beginning_is_kept_and_its_length():
    raw = b"x" * (MAX_RECORD_BYTES + 1)
    line = parse(raw, None, "f", 1, len(raw))
    sent = json.loads(letter(line, Rejected("not-json", ""), 0))
    assert base64.b64decode(sent["raw"]) == raw[:-1] and sent["bytes"] == len(raw)
