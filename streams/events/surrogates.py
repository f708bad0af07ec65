r"""Half an emoji: `"\ud83d"` without the half that belongs to it, from programs that cut texts by UTF-16 units.

JSON allows it and no Unicode text can hold it, so the record would be refused whole. It is read as U+FFFD, the replacement character.
"""

import re
from collections.abc import Callable
from typing import TypeVar

import msgspec

T = TypeVar("T")

#: Every escape of a JSON text, one by one, so that the second of two backslashes begins none. A whole pair is one match.
_ESCAPES = re.compile(rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|u[dD][c-fC-F][0-9a-fA-F]{2}|.)", re.DOTALL)
_HALF_BYTES = len(rb"\ud83d")


def parse(parser: Callable[[bytes], T], raw: bytes) -> T:
    """What `parser` (of msgspec) makes of the JSON; where it cannot read it, of the same with `replace`. Raises what it does."""
    try:
        return parser(raw)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        whole = replace(raw)
        if whole == raw:
            raise
        return parser(whole)


def replace(raw: bytes) -> bytes:
    r"""The record with `\ufffd` for each half; the same object where there is none."""
    if b"\\ud" not in raw and b"\\uD" not in raw:
        return raw
    return _ESCAPES.sub(_replace, raw)


def _replace(found: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if len(found[0]) == _HALF_BYTES else found[0]
