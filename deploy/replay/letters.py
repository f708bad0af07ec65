"""Dead letters for lines that no topic takes: of the agents' form, with the file in the place of the partition."""

import base64

import orjson

from deploy.replay.lines import Line
from streams.events import Rejected
from streams.topics import MAX_RECORD_BYTES


def letter(line: Line, why: Rejected, now_ms: int) -> bytes:
    """One dead letter. `offset` is the line's number; `raw` is cut to the largest record, `bytes` is the line's length."""
    return orjson.dumps(
        {
            "reason": why.reason,
            "detail": why.detail,
            "topic": line.topic if isinstance(line.topic, str) else None,
            "partition": None,
            "offset": line.number,
            "file": line.file,
            "bytes": line.length_bytes,
            "raw": base64.b64encode(line.raw[:MAX_RECORD_BYTES]).decode(),
            "at": now_ms,
        }
    )
